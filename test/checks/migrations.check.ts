import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { Client } from 'pg';
import { migrateDown, migrateUp, pendingMigrations } from '../../server/platform/migrations.ts';
import { roles } from '../../server/platform/postgres/roles.ts';
import { copyDatabase } from '../support/database.ts';

describe('migrations', () => {
  it('go up, down to nothing and up again to the same schema', async () => {
    const { ownerUrl } = await copyDatabase('portico_migrations');
    const before = await describeSchema(ownerUrl);
    const gone = await migrateDown(ownerUrl, roles);
    assert.ok(gone.length > 3);
    assert.deepEqual(await describeSchema(ownerUrl), []);
    assert.deepEqual(await migrateUp(ownerUrl, roles), gone.toReversed());
    assert.deepEqual(await describeSchema(ownerUrl), before);
  });

  it('run once when two processes start at once', async () => {
    const { ownerUrl } = await copyDatabase('portico_migrations');
    await migrateDown(ownerUrl, roles);
    const runs = await Promise.all([migrateUp(ownerUrl, roles), migrateUp(ownerUrl, roles)]);
    assert.equal(runs.filter((names) => names.length > 0).length, 1);
    assert.deepEqual(await pendingMigrations(ownerUrl), []);
  });
});

async function describeSchema(ownerUrl: string): Promise<unknown[]> {
  const client = new Client({ connectionString: ownerUrl });
  await client.connect();
  const { rows } = await client.query(`
    select 'column' as kind, table_name || '.' || column_name as name, data_type || ' ' || is_nullable || ' ' || coalesce(column_default, '') as detail
      from information_schema.columns where table_schema = 'app'
    union all select 'constraint', conrelid::regclass || '.' || conname, pg_get_constraintdef(oid) from pg_constraint where connamespace = to_regnamespace('app') and contype <> 'n'
    union all select 'index', indexname, indexdef from pg_indexes where schemaname = 'app'
    union all select 'policy', tablename || '.' || policyname, coalesce(qual, '') || coalesce(with_check, '') from pg_policies where schemaname = 'app'
    union all select 'function', proname, pg_get_functiondef(oid) from pg_proc where pronamespace = to_regnamespace('app')
    union all select 'grant', table_name || ' ' || grantee, string_agg(privilege_type, ',' order by privilege_type)
      from information_schema.role_table_grants where table_schema = 'app' group by table_name, grantee
    order by 1, 2, 3`);
  await client.end();
  return rows;
}
