import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Config } from '../../config.ts';
import { DataLock } from '../../platform/postgres/data-lock.ts';

export interface OpenSandbox {
  readonly url: string;
  readonly stop: () => Promise<void>;
}

type Settings = Pick<Config, 'production' | 'sandboxInProduction' | 'sandboxUrl' | 'dataDir' | 'baseDomain'>;

/** The sandbox gateway that runs elsewhere, or else one beside the portal; in production none, unless it is asked for. */
export async function openSandbox(config: Settings, log: Pick<Logger, 'error'>): Promise<OpenSandbox> {
  const stop = () => Promise.resolve();
  // A name that never resolves: whoever charges there learns that the gateway cannot be reached.
  if (config.production && !config.sandboxInProduction) return { url: 'http://sandbox.invalid', stop };
  if (config.sandboxUrl) return { url: config.sandboxUrl, stop };
  return startChild(config, log);
}

/** In a process of its own, so that a kill of the portal cannot make it forget a charge; a second program on the same data uses the first one's. */
async function startChild(config: Settings, log: Pick<Logger, 'error'>): Promise<OpenSandbox> {
  const folder = path.join(config.dataDir, 'sandbox');
  const note = path.join(folder, 'address');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  // The same address from start to start: somebody may be on its page while the portal starts again.
  const before = existsSync(note) ? readFileSync(note, 'utf8') : 'http://127.0.0.1:0';
  const lock = new DataLock(folder);
  if (lock.take()) return { url: before, stop: () => Promise.resolve() };
  const first = await launch(config, new URL(before).port).catch(() => launch(config, '0'));
  writeFileSync(note, first.url);
  const end = keepAlive(first, () => launch(config, new URL(first.url).port), log);
  return { url: first.url, stop: () => end().then(() => lock.release()) };
}

/** Starts it again whenever it dies; returns what ends it for good. */
function keepAlive(first: Launched, again: () => Promise<Launched>, log: Pick<Logger, 'error'>): () => Promise<void> {
  let { child } = first;
  const ending = new AbortController();
  const watch = () => child.once('exit', () => void comeBack());
  const comeBack = async () => {
    while (!ending.signal.aborted && hasEnded(child)) {
      log.error('the sandbox gateway ended and is started again');
      await delay(500, undefined, { ref: false });
      child = await again().then((launched) => launched.child, () => child);
    }
    watch();
  };
  watch();
  return () => {
    ending.abort();
    return endChild(child);
  };
}

interface Launched {
  readonly child: ChildProcess;
  readonly url: string;
}

/** In a session of its own: Ctrl-C must not stop it while the portal still has charges in hand. Without the portal it ends by itself. */
async function launch({ dataDir, baseDomain }: Settings, port: string): Promise<Launched> {
  const program = path.join(import.meta.dirname, 'server.ts');
  const child = fork(program, ['--port', port, '--data', path.join(dataDir, 'sandbox'), '--allow-return', baseDomain],
    { detached: true, stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
  const ended = once(child, 'exit').then(() => { throw new Error('the sandbox gateway did not start'); });
  const [line] = await Promise.race([once(child.stdout!, 'data'), ended]) as [Buffer];
  ended.catch(() => undefined);
  return { child, url: line.toString().trim().replace('sandbox gateway ', '') };
}

async function endChild(child: ChildProcess): Promise<void> {
  if (hasEnded(child)) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const force = setTimeout(() => child.kill('SIGKILL'), 5_000);
  await ended;
  clearTimeout(force);
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}
