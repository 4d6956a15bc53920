import assert from 'node:assert/strict';
import { before, describe, it } from 'mocha';
import { Client } from 'pg';
import { StartError } from '../../server/config.ts';
import { prepareDatabase } from '../../server/prepare-database.ts';
import { copyDatabase, type TestDatabase } from '../support/database.ts';

describe('looking at the database before listening', () => {
  let database: TestDatabase;

  before(async () => {
    database = await copyDatabase(`portico_start_${process.pid}`);
    // A copy has no rights of its own.
    await ask(database.adminUrl, `grant create on database ${database.name} to portico_worker`);
  });

  const refuses = (changed: Partial<TestDatabase>, sentence: RegExp) => assert.rejects(
    prepareDatabase({ ...database, stop: () => Promise.resolve(), ...changed }),
    (error: unknown) => error instanceof StartError && sentence.test(error.message),
  );
  const locked = (url: string) => url.replace(/:[^:@/]+@/, ':wrong@');

  it('names the address that cannot be used, and of several the first', async () => {
    const { webUrl, ownerUrl, workerUrl } = database;
    await refuses({ webUrl: locked(webUrl), workerUrl: locked(workerUrl) }, /^DATABASE_URL cannot be used \(password authentication failed .*\): start that PostgreSQL or correct the address\.$/);
    await refuses({ ownerUrl: locked(ownerUrl), workerUrl: locked(workerUrl) }, /^DATABASE_OWNER_URL cannot be used/);
    await refuses({ workerUrl: locked(workerUrl) }, /^DATABASE_WORKER_URL cannot be used/);
  });

  it('has nothing to do on a database of this version, however many start at once', async () => {
    const started = Array.from({ length: 6 }, () => prepareDatabase({ ...database, stop: () => Promise.resolve() }));
    assert.deepEqual(await Promise.all(started), started.map(() => []));
  });

  it('refuses a wall with a hole', async () => {
    await ask(database.ownerUrl, 'alter table app.invoices no force row level security');
    await refuses({}, /^The wall between organizations has a hole \(invoices: row level security is not forced on the owner\): mend the database before you start\.$/);
  });
});

async function ask(connectionString: string, sql: string): Promise<void> {
  const client = new Client({ connectionString });
  await client.connect();
  await client.query(sql);
  await client.end();
}
