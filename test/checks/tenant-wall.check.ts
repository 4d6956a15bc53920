import assert from 'node:assert/strict';
import { after, before, describe, it } from 'mocha';
import { Client } from 'pg';
import { roles } from '../../server/platform/postgres/roles.ts';
import { findWallFaults } from '../../server/tenancy/wall-check.ts';
import { copyDatabase, type TestDatabase } from '../support/database.ts';

describe('the tenant wall', () => {
  let database: TestDatabase;
  let owner: Client;
  before(async () => {
    database = await copyDatabase('portico_wall');
    owner = new Client({ connectionString: database.ownerUrl });
    await owner.connect();
  });
  after(() => owner.end());

  it('has no fault', async () => {
    assert.deepEqual(await findWallFaults(database.webUrl, roles), []);
  });

  const faults: Readonly<Record<string, string>> = {
    'neither walled nor listed as global': 'create table app.loose (id int)',
    'row level security is off': 'alter table app.invoices disable row level security',
    'row level security is not forced on the owner': 'alter table app.invoices no force row level security',
    'not exactly one tenant_wall policy with both checks': 'drop policy tenant_wall on app.invoices',
    'a second permissive policy opens the first': 'create policy all_of_it on app.invoices using (true)',
    'the primary key does not lead with tenant_id': 'alter table app.usages drop constraint usages_pkey, add primary key (id, tenant_id)',
    'a unique index without tenant_id tells what others have': 'create unique index one_email on app.contacts (email)',
    'a foreign key without tenant_id': 'alter table app.usages add unique (id), add foreign key (id) references app.usages (id)',
    'an account_id without the account wall': 'drop policy account_wall on app.invoices',
    'a view without security_invoker': 'create view app.all_invoices as select * from app.invoices',
    'a materialized view is not behind the wall': 'create materialized view app.kept as select 1',
    'a SECURITY DEFINER function that nobody has reviewed': 'create function app.strong() returns int language sql security definer as $$ select 1 $$',
    'the web role may truncate or make triggers': `grant truncate on app.invoices to ${roles.web}`,
  };
  for (const [rule, sql] of Object.entries(faults)) {
    it(`sees a planted fault: ${rule}`, async () => {
      await owner.query('begin');
      await owner.query(sql);
      await owner.query('commit');
      const found = await findWallFaults(database.webUrl, roles);
      assert.ok(found.some((fault) => fault.rule === rule), JSON.stringify(found));
    });
  }
});
