import { randomBytes } from 'node:crypto';
import { chownSync, existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import path from 'node:path';
import type { ChildProcess } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { StartError } from '../../config.ts';
import { prepareCluster } from './cluster.ts';
import { DataLock } from './data-lock.ts';
import { findPlace, type Place } from './place.ts';
import { createRoles, database, roles } from './roles.ts';
import { answers, startServer, stopOrphan, stopServer } from './server.ts';

export type EmbeddedPostgres = {
  readonly adminUrl: string;
  readonly ownerUrl: string;
  readonly webUrl: string;
  readonly workerUrl: string;
  /** Twice is once. */
  readonly stop: () => Promise<void>;
};

export type EmbeddedOptions = {
  readonly dataDir: string;
  readonly say: (line: string) => void;
  /** For tests: nothing is flushed to the disk. */
  readonly fast?: boolean;
  /** For commands: work on the server of the portal that runs, instead of refusing. Then stop() leaves it alone. */
  readonly join?: boolean;
  /** Called when the server ends without our asking. */
  readonly onDeath?: () => void;
};

/** Starts PostgreSQL under dataDir, with its roles and database; throws StartError when another portal holds dataDir. */
export async function startEmbeddedPostgres(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  mkdirSync(options.dataDir, { recursive: true });
  const place = await findPlace(options.dataDir, options.say);
  const lock = new DataLock(place.home);
  const holder = lock.take();
  if (holder) return joinServer(options, holder);
  try {
    const child = await startOwn(options, place);
    return { ...urls(readState(options.dataDir)), stop: stopOnce(child, lock, options) };
  } catch (error) {
    lock.release();
    throw error;
  }
}

type State = { port: number; readonly passwords: Readonly<Record<'admin' | keyof typeof roles, string>> };

async function joinServer(options: EmbeddedOptions, holder: number): Promise<EmbeddedPostgres> {
  if (!options.join) throw new StartError(`Another Portico (process ${holder}) runs on ${options.dataDir}: stop it first, or set DATA_DIR to another folder.`);
  for (const end = Date.now() + 60_000; Date.now() < end; await delay(200)) {
    const found = existsSync(stateFile(options.dataDir)) && urls(readState(options.dataDir));
    if (found && await answers(found.adminUrl)) return { ...found, stop: () => Promise.resolve() };
  }
  throw new StartError(`Another Portico (process ${holder}) holds ${options.dataDir}, but its database does not answer: stop that process and try again.`);
}

async function startOwn(options: EmbeddedOptions, place: Place): Promise<ChildProcess> {
  const state = prepareState(options.dataDir, place);
  const data = await prepareCluster(place, state.passwords.admin, options.fast ?? false);
  if (await stopOrphan(data)) options.say('A PostgreSQL left over from a start that was killed has been stopped.');
  const child = await startAtFreePort(options, place, data, state);
  try {
    await createRoles(urls(state).adminUrl, state.passwords);
    return child;
  } catch (error) {
    await stopServer(child.pid);
    throw error;
  }
}

/** Again when it fails: the port may be taken between look and bind, and a killed server's children live a moment longer. */
async function startAtFreePort(options: EmbeddedOptions, place: Place, data: string, state: State): Promise<ChildProcess> {
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort(state.port) ?? await freePort(0) ?? 0;
    if (port !== state.port) writeState(options.dataDir, Object.assign(state, { port }));
    try {
      return await startServer({ place, data, port: state.port, adminUrl: urls(state).adminUrl, fast: options.fast ?? false });
    } catch (error) {
      if (attempt === 3) throw error;
      await delay(500);
    }
  }
}

function stopOnce(child: ChildProcess, lock: DataLock, options: EmbeddedOptions): () => Promise<void> {
  const died = () => options.onDeath?.();
  child.once('exit', died);
  const stop = async () => {
    child.off('exit', died);
    await stopServer(child.pid);
    lock.release();
  };
  let stopped: Promise<void> | undefined;
  return () => stopped ??= stop();
}

async function freePort(wanted: number): Promise<number | undefined> {
  const probe = createServer().listen(wanted, '127.0.0.1');
  try {
    await once(probe, 'listening');
  } catch {
    return undefined;
  }
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

function urls({ port, passwords }: State): Omit<EmbeddedPostgres, 'stop'> {
  const at = (user: string, password: string, name: string) => `postgres://${user}:${password}@127.0.0.1:${port}/${name}`;
  return {
    adminUrl: at('postgres', passwords.admin, 'postgres'),
    ownerUrl: at(roles.owner, passwords.owner, database),
    webUrl: at(roles.web, passwords.web, database),
    workerUrl: at(roles.worker, passwords.worker, database),
  };
}

function prepareState(dataDir: string, place: Place): State {
  if (existsSync(stateFile(dataDir))) return readState(dataDir);
  if (existsSync(path.join(place.home, 'postgres'))) throw new StartError(`${stateFile(dataDir)} with the database's passwords is gone: bring it back from a backup, or delete ${path.join(place.home, 'postgres')} to begin with an empty database.`);
  const password = () => randomBytes(24).toString('base64url');
  const state = { port: 0, passwords: { admin: password(), owner: password(), web: password(), worker: password() } };
  writeState(dataDir, state);
  return state;
}

function stateFile(dataDir: string): string {
  return path.join(dataDir, 'postgres.json');
}

function readState(dataDir: string): State {
  return JSON.parse(readFileSync(stateFile(dataDir), 'utf8')) as State;
}

function writeState(dataDir: string, state: State): void {
  const draft = `${stateFile(dataDir)}.new`;
  writeFileSync(draft, JSON.stringify(state), { mode: 0o600 });
  // Started by root once, the folder stays usable for its own user.
  const { uid, gid } = statSync(dataDir);
  chownSync(draft, uid, gid);
  renameSync(draft, stateFile(dataDir));
}
