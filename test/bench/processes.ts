import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { openSync, readdirSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { noteStarted } from './leftovers.ts';
import { freePort, stopAtEnd, type Places } from './places.ts';
import { domain, secret } from './sessions.ts';
import type { Told } from './told.ts';

export interface Served {
  readonly pid: number;
  readonly url: string;
  /** From spawn to listening. */
  readonly startMs: number;
  stop(): Promise<void>;
}

let building: Promise<string> | undefined;

/** The product is built, as `npm start` builds it; all others run as they are. */
function programOf(file: string): Promise<string> | string {
  if (file !== 'product') return path.join(import.meta.dirname, 'variants', `${file}.ts`);
  return (building ??= build(path.resolve('var/bench/built')));
}

async function build(folder: string): Promise<string> {
  const { buildPortal } = await import('../../server/tasks/build-portal.ts');
  await buildPortal(folder, 'test/bench/variants/product.ts');
  return path.join(folder, 'product.js');
}

/** Starts test/bench/variants/<file>.ts in a process of its own, in production mode; resolves when it listens. */
export async function serveVariant(file: string, places: Pick<Places, 'folder' | 'redisUrl' | 'ownerUrl' | 'workerUrl'>, databaseUrl: string): Promise<Served> {
  const told: Told = { port: await freePort(), databaseUrl, ownerUrl: places.ownerUrl, workerUrl: places.workerUrl, redisUrl: places.redisUrl, secret, domain, folder: places.folder };
  const program = await programOf(file);
  const began = performance.now();
  const child = spawn(process.execPath, [...asStarted, program], {
    env: { ...process.env, NODE_ENV: 'production', NODE_COMPILE_CACHE: 'node_modules/.cache/compiled', BENCH: JSON.stringify(told) },
    // Into a file: a pipe would have to be read by the process that makes the load.
    // The channel: a variant ends with the process that has started it, however that ends.
    stdio: ['ignore', openSync(path.join(places.folder, `${file}.log`), 'w'), 'inherit', 'ipc'],
  });
  noteStarted(child.pid ?? 0);
  const stop = () => end(child);
  stopAtEnd(stop);
  const startMs = (await listening(child, file, told.port)) - began;
  return { pid: child.pid ?? 0, url: `http://127.0.0.1:${told.port}`, startMs, stop };
}

/** The flags that `npm start` gives; the others get them, too. */
const asStarted = ['--max-semi-space-size=8', '--heap-growing-percent=100', '--initial-old-space-size=64'];

/** Resolves with the moment from which on it listens. Asked twice: the product holds its port for a moment before it looks at the database, to see that it can have it. */
async function listening(child: ChildProcess, file: string, port: number): Promise<number> {
  const until = Date.now() + 120_000;
  for (;;) {
    const moment = performance.now();
    if ((await isOpen(port)) && (await delay(3).then(() => isOpen(port)))) return moment;
    if (child.exitCode !== null || child.signalCode !== null) throw new Error(`variants/${file}.ts ended before it listened: see its words above`);
    if (Date.now() > until) throw new Error(`variants/${file}.ts does not listen after two minutes`);
    await delay(5);
  }
}

function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.disconnect();
  const force = setTimeout(() => child.kill('SIGKILL'), 10_000);
  await ended;
  clearTimeout(force);
}

/** Microseconds of processor time that a process, or PostgreSQL with all of its children, living or reaped, has used so far. */
export function cpuOf(pid: number, withChildren = false): number {
  const own = statOf(pid);
  if (!own) return 0;
  if (!withChildren) return own.used * tick;
  const children = readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map((name) => statOf(Number(name))).filter((stat) => stat?.parent === pid);
  return (own.used + own.reaped + children.reduce((sum, stat) => sum + (stat?.used ?? 0), 0)) * tick;
}

export function memoryOf(pid: number): number {
  const [, kilobytes] = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kilobytes) / 1024;
}

/** Of all processors together, since the machine started. */
export function machineTime(): { idle: number; all: number } {
  const numbers = (readFileSync('/proc/stat', 'utf8').split('\n')[0] ?? '').split(/\s+/).slice(1, 9).map(Number);
  return { idle: (numbers[3] ?? 0) + (numbers[4] ?? 0), all: numbers.reduce((sum, one) => sum + one, 0) };
}

const tick = 10_000;

function statOf(pid: number): { parent: number; used: number; reaped: number } | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ').map(Number);
    return { parent: fields[1] ?? 0, used: (fields[11] ?? 0) + (fields[12] ?? 0), reaped: (fields[13] ?? 0) + (fields[14] ?? 0) };
  } catch {
    return undefined;
  }
}
