import { Client } from 'pg';
import { StartError, type Config } from '../config.ts';

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
  const { databaseUrl: webUrl, ownerUrl, workerUrl, dataDir } = config;
  if (!webUrl || !ownerUrl || !workerUrl) {
    const { startEmbeddedPostgres } = await import('./embedded-postgres.ts');
    return startEmbeddedPostgres({ dataDir, ...options });
  }
  const checks = Object.entries({ DATABASE_URL: webUrl, DATABASE_OWNER_URL: ownerUrl, DATABASE_WORKER_URL: workerUrl }).map(([name, url]) => check(name, url));
  // All at once, but the first one in this order is told of.
  await Promise.allSettled(checks);
  await Promise.all(checks);
  return { webUrl, ownerUrl, workerUrl, stop: () => Promise.resolve() };
}

async function check(name: string, url: string): Promise<void> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  client.on('error', () => undefined);
  const version = await versionOf(client).catch((error: unknown) => {
    throw new StartError(`${name} cannot be used (${reason(error)}): start that PostgreSQL or correct the address.`);
  });
  if (version < 180_000) throw new StartError(`${name} is a PostgreSQL ${Math.floor(version / 10_000)}: Portico needs version 18 or newer.`);
}

async function versionOf(client: Client): Promise<number> {
  try {
    await client.connect();
    const { rows } = await client.query<{ version: string }>('select current_setting(\'server_version_num\') as version');
    return Number(rows[0]?.version);
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** A host with several addresses fails with an AggregateError, whose own message is empty. */
function reason(error: unknown): string {
  const { message, errors } = error as AggregateError;
  return message || (errors[0] as Error).message;
}
