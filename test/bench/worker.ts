import { fork, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { openSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { noteStarted } from './leftovers.ts';
import { stopAtEnd, type Places } from './places.ts';
import { cpuOf } from './processes.ts';
import { domain, secret } from './sessions.ts';
import type { Told } from './told.ts';

export type Order = { readonly slug: string } & ({ readonly work: 'autopay' | 'send mail' } | { readonly work: 'import'; readonly file: string } | { readonly work: 'queue mail'; readonly many: number });

/** What one piece of work took: of the worker's process, and of PostgreSQL meanwhile. */
export interface Work {
  readonly done: number;
  readonly seconds: number;
  readonly appSeconds: number;
  readonly databaseSeconds: number;
  /** The most that the process has ever held, in MiB. */
  readonly peakMb: number;
}

export interface Worker {
  readonly pid: number;
  carryOut(order: Order): Promise<Work>;
  stop(): void;
}

interface Peers {
  readonly sandboxUrl?: string;
  readonly smtpUrl?: string;
}

/** A worker in a process of its own; with a heap as a container of 512 MiB would give it. */
export async function startWorker(places: Places, peers: Peers): Promise<Worker> {
  const told: Told = { port: 0, databaseUrl: places.webUrl, ownerUrl: places.ownerUrl, workerUrl: places.workerUrl, redisUrl: places.redisUrl, secret, domain, folder: places.folder, ...peers };
  const child = spawn(process.execPath, [path.join(import.meta.dirname, 'variants/worker.ts')], {
    env: { ...process.env, NODE_ENV: 'production', NODE_COMPILE_CACHE: 'node_modules/.cache/compiled', BENCH: JSON.stringify(told) },
    stdio: ['ignore', openSync(path.join(places.folder, 'worker.log'), 'w'), 'inherit', 'ipc'],
  });
  noteStarted(child.pid ?? 0);
  const stop = () => void child.kill('SIGKILL');
  stopAtEnd(() => Promise.resolve(stop()));
  await answerOf(child);
  return { pid: child.pid ?? 0, stop, carryOut: (order) => measured(child, places, order) };
}

async function measured(child: ChildProcess, places: Places, order: Order): Promise<Work> {
  const pid = child.pid ?? 0;
  const before = { app: cpuOf(pid), database: cpuOf(places.postmaster, true), at: performance.now() };
  child.send(order);
  const { done = 0, failed } = await answerOf(child);
  if (failed) throw new Error(`${order.work}: ${failed}`);
  const [, kilobytes] = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return {
    done, seconds: (performance.now() - before.at) / 1000, appSeconds: (cpuOf(pid) - before.app) / 1e6,
    databaseSeconds: (cpuOf(places.postmaster, true) - before.database) / 1e6, peakMb: Math.round(Number(kilobytes) / 1024),
  };
}

async function answerOf(child: ChildProcess): Promise<{ done?: number; failed?: string }> {
  const [answer] = (await Promise.race([once(child, 'message'), once(child, 'exit')])) as [unknown];
  if (typeof answer === 'number' || answer === null) throw new Error('the worker ended: see its words above');
  return answer as { done?: number; failed?: string };
}

/** The sandbox gateway as the product runs it: a process of its own, with a record on the disk. It has forgotten what an earlier run charged. */
export async function startSandbox(places: Places): Promise<string> {
  const data = path.join(places.folder, 'sandbox');
  rmSync(data, { recursive: true, force: true });
  const child = fork(path.resolve(import.meta.dirname, '../../server/gateways/sandbox/server.ts'), ['--data', data], { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
  stopAtEnd(async () => void child.kill());
  const [line] = (await once(child.stdout!, 'data')) as [Buffer];
  return line.toString().trim().replace('sandbox gateway ', '');
}
