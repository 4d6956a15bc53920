import { once } from 'node:events';
import { mkdirSync, readFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import path from 'node:path';
import { Client } from 'pg';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../../server/platform/postgres/embedded-postgres.ts';
import { database } from '../../server/platform/postgres/roles.ts';
import { prepareDatabase } from '../../server/prepare-database.ts';
import { noteStarted } from './leftovers.ts';
import { startRedis, type RunningRedis } from './redis.ts';

/** The services of one run: its own PostgreSQL under var/bench (kept, so that it is filled once), and a Redis where one is installed. */
export interface Places {
  readonly folder: string;
  readonly adminUrl: string;
  readonly ownerUrl: string;
  readonly webUrl: string;
  readonly workerUrl: string;
  /** As webUrl, but row level security does not hold its role: to show what the wall costs. */
  readonly unwalledUrl: string;
  readonly redisUrl: string | undefined;
  readonly postmaster: number;
  readonly redis: RunningRedis | undefined;
  stop(): Promise<void>;
}

/** `shape`: what the database holds when it is filled; one of another shape is thrown away. */
export async function openPlaces(name: string, say: (line: string) => void, shape?: string): Promise<Places> {
  const folder = path.resolve('var/bench', name);
  mkdirSync(folder, { recursive: true });
  const server = await startDatabase(folder, say, shape);
  await prepareDatabase(server);
  const admin = new URL(server.adminUrl);
  admin.pathname = `/${database}`;
  const unwalledUrl = await makeUnwalledRole(admin.href, server.webUrl);
  const redis = await startRedis();
  const stop = async () => {
    running.delete(stop);
    await redis?.stop();
    await server.stop();
  };
  running.add(stop);
  return { ...server, folder, adminUrl: admin.href, unwalledUrl, redisUrl: redis?.url, postmaster: await postmasterOf(admin.href), redis, stop };
}

async function startDatabase(folder: string, say: (line: string) => void, shape: string | undefined): Promise<EmbeddedPostgres> {
  const start = async () => {
    const server = await startEmbeddedPostgres({ dataDir: folder, say, fast: true });
    noteStarted(await postmasterOf(server.adminUrl));
    return server;
  };
  const server = await start();
  if (shape === undefined || (await shapeOf(server.adminUrl)) === shape) return server;
  await asAdmin(server.adminUrl, (client) => client.query(`drop database ${database} with (force)`));
  await server.stop();
  return start();
}

/** Written on the database once it is filled; null before. */
export async function shapeOf(adminUrl: string): Promise<string | null> {
  const text = `select shobj_description(oid, 'pg_database') as shape from pg_database where datname = $1`;
  return asAdmin(adminUrl, async (client) => (await client.query<{ shape: string | null }>(text, [database])).rows[0]?.shape ?? null);
}

/** The same places on a copy of the database, which the work may use up. Nobody else may be connected to it. */
export async function inCopy(places: Places): Promise<Places> {
  const copy = `${database}_copy`;
  const at = (url: string) => Object.assign(new URL(url), { pathname: `/${copy}` }).href;
  const server = Object.assign(new URL(places.adminUrl), { pathname: '/postgres' }).href;
  await asAdmin(server, async (client) => {
    await client.query(`drop database if exists ${copy} with (force)`);
    await client.query(`create database ${copy} template ${database} strategy file_copy`);
  });
  const stop = () => asAdmin(server, async (client) => void (await client.query(`drop database if exists ${copy} with (force)`)));
  return { ...places, adminUrl: at(places.adminUrl), ownerUrl: at(places.ownerUrl), webUrl: at(places.webUrl), workerUrl: at(places.workerUrl), unwalledUrl: at(places.unwalledUrl), stop };
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
