import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import { StartError } from '../../config.ts';
import { commandOf, hasEnded, isAlive, tieToUs } from '../processes.ts';
import { bareEnvironment } from './cluster.ts';
import type { Place } from './place.ts';

export type ServerOptions = { readonly place: Place; readonly data: string; readonly port: number; readonly adminUrl: string; readonly fast: boolean };

/** Resolves when the server answers with our password. */
export async function startServer(options: ServerOptions): Promise<ChildProcess> {
  const log = path.join(options.place.home, 'postgres.log');
  const child = spawnServer(options, log);
  const failures: (() => string)[] = [];
  child.once('error', ({ message }) => failures.push(() => message)).once('exit', () => failures.push(() => lastWords(log)));
  for (const end = Date.now() + 120_000; Date.now() < end; await delay(25)) {
    if (await answers(options.adminUrl)) return child;
    if (failures[0]) throw new StartError(`PostgreSQL did not start: ${failures[0]()} Its messages are in ${log}.`);
  }
  await stopServer(child.pid);
  throw new StartError(`PostgreSQL was not ready after two minutes: its messages are in ${log}.`);
}

/** Fast shutdown (open transactions end, everything is written); when that takes too long, at once. */
export async function stopServer(pid: number | undefined): Promise<void> {
  if (pid === undefined) return;
  for (const [signal, patienceMs] of [['SIGINT', 10_000], ['SIGQUIT', 5_000], ['SIGKILL', 5_000]] as const) {
    if (!isAlive(pid)) return;
    process.kill(pid, signal);
    // A stopped process takes no signal before it goes on.
    process.kill(pid, 'SIGCONT');
    if (await hasEnded(pid, patienceMs)) return;
  }
}

/** A kill -9 of the portal leaves its server running: it is stopped, never shared. Returns whether there was one. */
export async function stopOrphan(data: string): Promise<boolean> {
  const pid = pidIn(path.join(data, 'postmaster.pid'));
  if (pid === undefined) return false;
  const isOurs = commandOf(pid)?.includes(data) ?? false;
  if (isOurs) await stopServer(pid);
  // After a crash of the machine the pid may belong to anybody, and PostgreSQL would refuse to start. A dead one it clears itself.
  else if (isAlive(pid)) rmSync(path.join(data, 'postmaster.pid'));
  return isOurs;
}

/** Throws StartError when somebody answers who does not know our password. */
export async function answers(adminUrl: string): Promise<boolean> {
  const client = new Client({ connectionString: adminUrl, connectionTimeoutMillis: 2_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return true;
  } catch (error) {
    if ((error as { code?: string }).code === '28P01') throw new StartError('The embedded PostgreSQL refuses the password in DATA_DIR/postgres.json: bring that file back from a backup, or delete DATA_DIR to begin with an empty database.');
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** In a session of its own: Ctrl-C at the terminal must reach the portal alone, which stops the server last. */
function spawnServer({ place, data, port, fast }: ServerOptions, log: string): ChildProcess {
  const output = openSync(log, (statSync(log, { throwIfNoEntry: false })?.size ?? 0) > 1_000_000 ? 'w' : 'a', 0o600);
  const settings = { ...always, port: String(port), ...fast ? untilThePlugIsPulled : {} };
  const child = spawn(place.programs.postgres, ['-D', data, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    { ...place.user, cwd: '/', env: bareEnvironment, stdio: ['ignore', output, output], detached: true });
  closeSync(output);
  child.unref();
  tieToUs(child);
  return child;
}

/** Statements stay out of the log: they hold people's data. */
const always = {
  listen_addresses: '127.0.0.1', unix_socket_directories: '', timezone: 'UTC', log_timezone: 'UTC',
  log_min_messages: 'log', log_min_error_statement: 'panic', log_checkpoints: 'off',
};

/** For tests: nothing is safe from a power cut, and nothing waits for the disk. */
const untilThePlugIsPulled = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', wal_level: 'minimal', max_wal_senders: '0' };

function pidIn(file: string): number | undefined {
  try {
    return Number.parseInt(readFileSync(file, 'utf8'), 10) || undefined;
  } catch {
    return undefined;
  }
}

function lastWords(log: string): string {
  const lines = readFileSync(log, 'utf8').trim().split('\n').slice(-20);
  const words = lines.findLast((line) => /FATAL|PANIC/.test(line)) ?? lines.at(-1) ?? '';
  return words.replace(/^.*?(FATAL|PANIC): +/, '').replace(/[^.]$/, '$&.');
}
