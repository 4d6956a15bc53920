import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createClient } from 'redis';

export interface OwnRedis {
  readonly url: string;
  readonly child: ChildProcess;
  readonly stop: () => Promise<void>;
}

/** Why Redis tests cannot run here; undefined when they can. */
export const noRedis = spawnSync('redis-server', ['--version']).status === 0
  ? undefined
  : 'no redis-server on PATH: the store is proved on PostgreSQL alone';

/** A Redis of the test's own, so that it may be frozen and killed. */
export async function startRedis(port?: number): Promise<OwnRedis> {
  const folder = mkdtempSync(path.join(tmpdir(), 'redis-'));
  const at = port ?? await freePort();
  const child = spawn('redis-server', ['--port', String(at), '--bind', '127.0.0.1', '--save', '', '--dir', folder], { stdio: 'ignore' });
  const url = `redis://127.0.0.1:${at}`;
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    rmSync(folder, { recursive: true });
  };
  await untilItAnswers(url);
  return { url, child, stop };
}

/** Whether the process is stopped by SIGSTOP right now. */
export function isFrozen({ child }: OwnRedis): boolean {
  return readFileSync(`/proc/${child.pid}/stat`, 'utf8').replace(/^.*\) /s, '').startsWith('T');
}

/**
 * Starts the work again and again, as a crowd does, until the first `first` are done: traffic must not have to end for
 * anybody to be answered. Comes back when all are done; throws when 100 more have not been enough.
 */
export async function steadily<T>(first: number, work: () => Promise<T>): Promise<T[]> {
  const started: Promise<T>[] = [];
  const waiting = new Set(Array.from({ length: first }, (_, order) => order));
  while (waiting.size > 0) {
    const order = started.length;
    if (order === first + 100) throw new Error(`${waiting.size} of the first ${first} got no answer under steady traffic`);
    started.push(work().finally(() => waiting.delete(order)));
    await delay(50);
  }
  return Promise.all(started);
}

export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}

async function untilItAnswers(url: string): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    const client = createClient({ url, socket: { reconnectStrategy: false } });
    client.on('error', () => undefined);
    const answered = await client.connect().then(() => client.ping(), () => undefined);
    if (client.isOpen) client.destroy();
    if (answered) return;
    await delay(25);
  }
  throw new Error(`${url} does not answer`);
}
