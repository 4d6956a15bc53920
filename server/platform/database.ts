import { AsyncLocalStorage } from 'node:async_hooks';
import pg, { types, type Client, type QueryResult, type QueryResultRow } from 'pg';
import { Sequelize, type Transaction, type TransactionOptions } from 'sequelize';
import { Turnstile } from './turnstile.ts';
import { isServersWord, type Lend, type Reading } from './reading.ts';

interface Scope {
  /** null: only the few global tables may be touched (row level security hides the rest). */
  readonly tenantId: string | null;
}

const scopes = new AsyncLocalStorage<Scope>();
const readers = new AsyncLocalStorage<true>();
const cls = new AsyncLocalStorage<Map<string, unknown>>();
Sequelize.useCLS({
  bind: (work: () => void) => AsyncLocalStorage.bind(work),
  run: (work: (store: unknown) => void) => cls.run(new Map(cls.getStore()), () => work(cls.getStore())),
  get: (key: string) => cls.getStore()?.get(key),
  set: (key: string, value: unknown) => cls.getStore()?.set(key, value),
});

const target: Record<string, unknown> = {};

/** The one Sequelize of this process. It knows its server only after connectTo, so that models can be declared on import. */
export const database = new Sequelize({
  dialect: 'postgres',
  dialectModule: pg,
  schema: 'app',
  logging: false,
  define: { underscored: true, timestamps: false },
  pool: { max: 10, min: 0, acquire: 3000, idle: 2_000_000_000, evict: 60_000 },
  dialectOptions: {
    keepAlive: true,
    connectionTimeoutMillis: 2000,
    statement_timeout: 5000,
    query_timeout: 6000,
    lock_timeout: 3000,
    idle_in_transaction_session_timeout: 10_000,
  },
  hooks: { beforeConnect: (config) => void Object.assign(config, target) },
});

// Not in the published types: without it every first connection asks the server for its version outside any scope.
Object.assign((database as unknown as { options: object }).options, { databaseVersion: '18.0.0' });

// Sequelize would send these through its query builder and its hooks, which costs a page more than the statements themselves.
Object.assign(database.getQueryInterface(), {
  startTransaction: async (transaction: Opened, { opening }: { opening?: string }) => {
    const answers = await transaction.connection.query(`begin; ${opening ?? ''}`);
    if (opening) transaction.opening = (answers as unknown as QueryResult[])[1]?.rows;
  },
  commitTransaction: (transaction: Opened) => transaction.connection.query('commit'),
  rollbackTransaction: (transaction: Opened) => {
    transaction.finished = 'rollback';
    return transaction.connection.query('rollback');
  },
});

interface Opened {
  readonly connection: Client;
  /** What its first statement has answered. */
  opening?: readonly QueryResultRow[] | undefined;
  finished?: 'commit' | 'rollback';
}

export function connectTo(url: string): void {
  const at = new URL(url);
  Object.assign(target, {
    host: at.hostname,
    port: Number(at.port || 5432),
    username: decodeURIComponent(at.username),
    password: decodeURIComponent(at.password),
    database: at.pathname.slice(1),
  });
}

types.setTypeParser(20, wholeNumber);
types.setTypeParser(1082, (day: string) => day);
types.setTypeParser(114, exactJson);
types.setTypeParser(3802, exactJson);

/** BIGINT as a JavaScript integer: money beyond 2^53 is refused, never rounded. */
function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`${text} is beyond what can be counted exactly`);
  return value;
}

function exactJson(text: string): unknown {
  if (/\d{16}/.test(text)) JSON.parse(text, refuseInexact);
  return JSON.parse(text);
}

function refuseInexact(_key: string, value: unknown): unknown {
  return typeof value === 'number' && Number.isInteger(value) ? wholeNumber(String(value)) : value;
}

/** A query outside any transaction of ours: the tenant would be unknown, so it never reaches the server. */
export class OutsideTenant extends Error {
  constructor(sql: string) {
    super(`a query outside a tenant transaction: ${sql.slice(0, 80)}`);
  }
}

const unguarded = database.query.bind(database);
database.query = function guarded(this: Sequelize, ...args: Parameters<typeof unguarded>) {
  const sql = typeof args[0] === 'string' ? args[0] : args[0].query;
  if (!scopes.getStore()) return Promise.reject(new OutsideTenant(sql));
  return unguarded(...args);
} as typeof database.query;

/**
 * Opens one transaction in a scope; everything awaited inside joins it. A second one inside a first would starve
 * the pool and split what must stand or fall together, so it throws.
 */
export function inScope<T>(scope: Scope, work: () => Promise<T>): Promise<T> {
  return inScopeAfter(scope, '', work);
}

/** As inScope; the transaction's first statement goes to the server together with its BEGIN. Any value in it has been quoted. */
export function inScopeAfter<T, Row extends QueryResultRow>(scope: Scope, opening: string, work: (rows: readonly Row[]) => Promise<T>): Promise<T> {
  const options = { opening } as TransactionOptions;
  return within(scope, () => database.transaction(options, (transaction) => work(((transaction as unknown as Opened).opening ?? []) as readonly Row[])));
}

/** Work that only reads, without a transaction over all of it: everything in it asks the reading. */
export function inReading<T>(scope: Scope, reading: Reading, work: () => Promise<T>): Promise<T> {
  return within(scope, () => cls.run(new Map([['transaction', { connection: reading }]]), work));
}

function within<T>(scope: Scope, work: () => Promise<T>): Promise<T> {
  if (scopes.getStore()) throw new Error('a second transaction inside a first');
  return scopes.run(scope, work);
}

/** Three messages at a time: ten of PostgreSQL's processes in turn on a few processors find nothing of their own in the caches any more. Behind a slow one nobody waits for long. */
const lanes = new Turnstile(3, 20);

/** A connection of the pool. */
export const lend: Lend = (work) => lanes.pass(() => withClient(work));

/** One that is in an unknown state goes no further. */
const withClient: Lend = async (work) => {
  const { connectionManager: pool } = database;
  const client = (await pool.getConnection({ type: 'read' })) as Client;
  try {
    const done = await work(client);
    pool.releaseConnection(client);
    return done;
  } catch (error) {
    if (isServersWord(error)) pool.releaseConnection(client);
    else await (pool as unknown as { destroyConnection(one: Client): Promise<void> }).destroyConnection(client);
    throw error;
  }
};

export function currentTenantId(): string | null | undefined {
  return scopes.getStore()?.tenantId;
}

/** Only for the global tables: tenants, sessions, limits. */
export function globally<T>(work: () => Promise<T>): Promise<T> {
  return inScope({ tenantId: null }, async () => {
    if (isReadingOnly()) await run('set transaction read only');
    return work();
  });
}

/** Whatever is started from here on can open no transaction that writes: PostgreSQL refuses it (25006). */
export function readingOnly<T>(work: () => T): T {
  return readers.run(true, work);
}

export function isReadingOnly(): boolean {
  return readers.getStore() ?? false;
}

/** Runs a named, prepared statement on the connection of the current transaction. The name stands for exactly one text. */
export async function read<Row extends QueryResultRow>(name: string, text: string, values: readonly unknown[] = []): Promise<Row[]> {
  const { rows } = await connection().query<Row>({ name, text, values: [...values] });
  return rows;
}

/** Runs a statement that is written once in a while; not prepared. Returns the rows. */
export async function run<Row extends QueryResultRow>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
  const { rows } = await connection().query<Row>(text, [...values]);
  return rows;
}

/** The pg client under the current transaction, for COPY and cursors. */
export function connection(): Client {
  const transaction = cls.getStore()?.get('transaction') as (Transaction & { connection?: Client }) | undefined;
  if (!transaction?.connection) throw new OutsideTenant('read');
  return transaction.connection;
}

export function closeDatabase(): Promise<void> {
  return database.close();
}
