import { Client } from 'pg';
import type { Config } from '../../config.ts';
import { demandPostgres } from './demand-postgres.ts';

export type OpenDatabase = {
  readonly ownerUrl: string;
  readonly webUrl: string;
  readonly workerUrl: string;
  /** Stops an embedded server that we have started; leaves every other one alone. */
  readonly stop: () => Promise<void>;
};

type Options = {
  readonly say: (line: string) => void;
  /** Commands beside a running portal set this: they use its embedded server. */
  readonly join?: boolean;
  readonly onDeath?: () => void;
};

/** The PostgreSQL that is given by its addresses, or else the embedded one; throws StartError when it cannot be used. */
export async function openDatabase(config: Config, options: Options): Promise<OpenDatabase> {
  const database = await findDatabase(config, options);
  const { webUrl, ownerUrl, workerUrl } = database;
  if (config.databaseUrl) await firstFault([demandAddress('DATABASE_URL', webUrl), demandAddress('DATABASE_OWNER_URL', ownerUrl), demandAddress('DATABASE_WORKER_URL', workerUrl)]);
  return database;
}

/** The same, not looked at yet: for whoever goes on with prepareDatabase, which does. */
export async function findDatabase(config: Config, options: Options): Promise<OpenDatabase> {
  const { databaseUrl: webUrl, ownerUrl, workerUrl, dataDir } = config;
  if (webUrl && ownerUrl && workerUrl) return { webUrl, ownerUrl, workerUrl, stop: () => Promise.resolve() };
  const { startEmbeddedPostgres } = await import('./embedded-postgres.ts');
  return startEmbeddedPostgres({ dataDir, ...options });
}

export async function demandAddress(setting: string, url: string): Promise<void> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  client.on('error', () => undefined);
  try {
    await demandPostgres(setting, (sql) => client.connect().then(() => client.query(sql)));
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Lets all of them end; of what they throw, the first in this order is told of. */
export async function firstFault<Work extends readonly Promise<unknown>[]>(work: readonly [...Work]): Promise<{ [At in keyof Work]: Awaited<Work[At]> }> {
  await Promise.allSettled(work);
  return Promise.all(work);
}
