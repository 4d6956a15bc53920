import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import { startEmbeddedPostgres } from '../../server/platform/embedded-postgres.ts';
import { prepareDatabase } from '../../server/prepare-database.ts';

/** The services of one run: its own PostgreSQL under var/bench (kept, so that it is filled once), and a Redis where one is installed. */
export interface Places {
  readonly folder: string;
  readonly adminUrl: string;
  readonly webUrl: string;
  /** As webUrl, but row level security does not hold its role: to show what the wall costs. */
  readonly unwalledUrl: string;
  readonly redisUrl: string | undefined;
  readonly postmaster: number;
  readonly redis: number | undefined;
  stop(): Promise<void>;
}

export async function openPlaces(name: string, say: (line: string) => void): Promise<Places> {
  const folder = path.resolve('var/bench', name);
  mkdirSync(folder, { recursive: true });
  const server = await startEmbeddedPostgres({ dataDir: folder, say, fast: true });
  await prepareDatabase(server);
  const admin = new URL(server.adminUrl);
  admin.pathname = new URL(server.webUrl).pathname;
  const unwalledUrl = await makeUnwalledRole(admin.href, server.webUrl);
  const redis = await startRedis();
  const stop = async () => {
    running.delete(stop);
    await redis?.stop();
    await server.stop();
  };
  running.add(stop);
  return {
    folder, adminUrl: admin.href, webUrl: server.webUrl, unwalledUrl,
    redisUrl: redis?.url, postmaster: await postmasterOf(admin.href), redis: redis?.pid,
    stop,
  };
}

const running = new Set<() => Promise<void>>();

/** Whatever this process has started and not yet stopped, also after a failure or a signal. */
export async function stopEverything(): Promise<void> {
  for (const stop of [...running].toReversed()) await stop();
}

export function stopAtEnd(stop: () => Promise<void>): void {
  running.add(stop);
}

export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}

export async function asAdmin<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** Made by the superuser of this private server; nothing in the product can. */
async function makeUnwalledRole(adminUrl: string, webUrl: string): Promise<string> {
  const url = new URL(webUrl);
  const web = url.username;
  url.username = 'bench_unwalled';
  await asAdmin(adminUrl, async (client) => {
    const { rowCount } = await client.query(`select from pg_roles where rolname = 'bench_unwalled'`);
    if (!rowCount) await client.query(`create role bench_unwalled login bypassrls in role ${web}`);
    await client.query(`alter role bench_unwalled password ${client.escapeLiteral(url.password)}`);
    await client.query(`grant connect on database ${url.pathname.slice(1)} to bench_unwalled`);
  });
  return url.href;
}

async function postmasterOf(adminUrl: string): Promise<number> {
  const file = await asAdmin(adminUrl, async (client) => (await client.query<{ data_directory: string }>('show data_directory')).rows[0]?.data_directory ?? '');
  return Number(readFileSync(path.join(file, 'postmaster.pid'), 'utf8').split('\n')[0]);
}

async function startRedis(): Promise<{ url: string; pid: number; stop: () => Promise<void> } | undefined> {
  const port = await freePort();
  const child = spawn('redis-server', ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'], { stdio: 'ignore' });
  const failed = once(child, 'error').then(() => true);
  if (await Promise.race([failed, delay(500, false)]) || child.pid === undefined) return undefined;
  return {
    url: `redis://127.0.0.1:${port}`,
    pid: child.pid,
    stop: async () => {
      child.kill();
      await once(child, 'exit');
    },
  };
}
