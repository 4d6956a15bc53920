import { Client } from 'pg';

export interface TestDatabase {
  readonly name: string;
  readonly adminUrl: string;
  readonly ownerUrl: string;
  readonly webUrl: string;
  readonly workerUrl: string;
}

/** A fresh copy of the migrated database, for this process alone. */
export async function copyDatabase(name = `portico_${process.pid}`): Promise<TestDatabase> {
  const urls = { adminUrl: 'TEST_PG_ADMIN', ownerUrl: 'TEST_PG_OWNER', webUrl: 'TEST_PG_WEB', workerUrl: 'TEST_PG_WORKER' };
  const [adminUrl, ownerUrl, webUrl, workerUrl] = Object.values(urls).map((variable) => at(process.env[variable] ?? '', name)) as [string, string, string, string];
  const client = new Client({ connectionString: at(adminUrl, 'postgres') });
  await client.connect();
  try {
    // Two workers that copy at once would each see the other's connection to the template.
    await client.query(`select pg_advisory_lock(hashtext('copy the template'))`);
    await client.query(`drop database if exists ${name} with (force)`);
    await client.query(`create database ${name} template portico owner portico_owner`);
  } finally {
    await client.end();
  }
  return { name, adminUrl, ownerUrl, webUrl, workerUrl };
}

function at(url: string, database: string): string {
  const changed = new URL(url);
  changed.pathname = `/${database}`;
  return changed.toString();
}
