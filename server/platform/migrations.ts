import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { Client } from 'pg';
import type { Umzug, UmzugStorage } from 'umzug';
import { demandPostgres } from './postgres/demand-postgres.ts';

export interface Roles {
  readonly web: string;
  readonly worker: string;
}
export type Migration = (run: (sql: string) => Promise<void>, roles: Roles) => Promise<void>;

const folder = path.join(import.meta.dirname, '../../migrations');

/** Runs what is still missing, looks at what has come of it, and returns the names. Two processes may start at once: the second waits for the first. */
export function migrateUp(ownerUrl: string, roles: Roles, look: (owner: Client) => Promise<void> = () => Promise.resolve()): Promise<string[]> {
  return migrating(ownerUrl, async (client) => {
    const done = (await missing(client)).length > 0 ? await (await migrator(client, roles)).up() : [];
    await look(client);
    return done.map((m) => m.name);
  });
}

/** Takes back everything, newest first. For tests and empty databases only. */
export function migrateDown(ownerUrl: string, roles: Roles): Promise<string[]> {
  return migrating(ownerUrl, async (client) => (await (await migrator(client, roles)).down({ to: 0 })).map((m) => m.name));
}

export function pendingMigrations(ownerUrl: string): Promise<string[]> {
  return migrating(ownerUrl, missing);
}

/** By name alone: what runs them is loaded only when there is something to run. */
async function missing(client: Client): Promise<string[]> {
  const has = new Set(await executed(client));
  return (await readdir(folder)).filter((file) => file.endsWith('.ts')).map((file) => path.parse(file).name).filter((name) => !has.has(name)).toSorted();
}

async function executed(client: Client): Promise<string[]> {
  await client.query('create table if not exists migrations (name text primary key, run_at timestamptz not null default now())');
  const { rows } = await client.query<{ name: string }>('select name from migrations order by name');
  return rows.map((row) => row.name);
}

async function migrating<T>(ownerUrl: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: ownerUrl, connectionTimeoutMillis: 5000 });
  try {
    await demandPostgres('DATABASE_OWNER_URL', (sql) => client.connect().then(() => client.query(sql)));
    await client.query(`select pg_advisory_lock(hashtext('portico migrations'))`);
    await client.query('set lock_timeout = 3000');
    return await work(client);
  } finally {
    await client.end();
  }
}

async function migrator(client: Client, roles: Roles): Promise<Umzug<Client>> {
  const { Umzug } = await import('umzug');
  return new Umzug<Client>({
    migrations: {
      glob: ['*.ts', { cwd: folder }],
      resolve: ({ name, path: file, context }) => {
        const step = async (direction: 'up' | 'down') => {
          const loaded = (await import(file ?? name)) as Record<'up' | 'down', Migration>;
          await inTransaction(context, () => loaded[direction]((sql) => context.query(sql).then(() => undefined), roles));
        };
        return { name: path.parse(name).name, up: () => step('up'), down: () => step('down') };
      },
    },
    context: client,
    storage: tableStorage(client),
    logger: undefined,
  });
}

async function inTransaction(client: Client, work: () => Promise<void>): Promise<void> {
  await client.query('begin');
  try {
    await work();
    await client.query('commit');
  } catch (error) {
    await client.query('rollback');
    throw error;
  }
}

function tableStorage(client: Client): UmzugStorage<Client> {
  return {
    logMigration: async ({ name }) => void (await client.query('insert into migrations (name) values ($1)', [name])),
    unlogMigration: async ({ name }) => void (await client.query('delete from migrations where name = $1', [name])),
    executed: () => executed(client),
  };
}
