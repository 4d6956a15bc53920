import { Client } from 'pg';
import type { Roles } from '../platform/migrations.ts';

export interface WallFault {
  readonly rule: string;
  readonly object: string;
}

/** Every way in which the schema could let one organization see another's rows; none is allowed. Looked at in CI and at every start. */
export async function findWallFaults(databaseUrl: string, roles: Roles): Promise<WallFault[]> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    return await wallFaultsSeenBy(client, roles);
  } finally {
    await client.end();
  }
}

export async function wallFaultsSeenBy(client: Client, { web, worker }: Roles): Promise<WallFault[]> {
  const { rows } = await client.query<WallFault>(text, [web, worker, globalTables, reviewedDefiners]);
  return rows;
}

const globalTables = ['tenants', 'sessions', 'limits', 'payment_moves', 'gateway_accounts', 'gateway_events'];
const reviewedDefiners = ['tell_tenant_changed'];

const text = `
  with t as (
    select c.oid, c.relname, c.relrowsecurity as on_, c.relforcerowsecurity as forced, pg_get_userbyid(c.relowner) as owner,
           exists (select 1 from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id' and a.attnotnull and not a.attisdropped) as walled,
           (select a.attnum from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id') as tenant_column
      from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = 'app' and c.relkind in ('r', 'p')),
  roles as (select oid, rolname, rolsuper or rolbypassrls or rolcreaterole or rolcreatedb as strong from pg_roles where rolname = any(array[$1, $2]::name[]))
  select 'neither walled nor listed as global' as rule, relname::text as object from t where not walled and relname <> all($3::text[])
  union all select 'row level security is off', relname from t where walled and not on_
  union all select 'row level security is not forced on the owner', relname from t where walled and not forced
  union all select 'owned by a role of the application', relname from t where owner in (select rolname from roles)
  union all select 'not exactly one tenant_wall policy with both checks', relname from t where walled and 1 <> (
    select count(*) from pg_policy p where p.polrelid = t.oid and p.polpermissive and p.polname = 'tenant_wall' and p.polqual is not null and p.polwithcheck is not null)
  union all select 'a second permissive policy opens the first', relname || '.' || p.polname from t join pg_policy p on p.polrelid = t.oid where p.polpermissive and p.polname <> 'tenant_wall'
  union all select 'the primary key does not lead with tenant_id', relname from t where walled and not exists (
    select 1 from pg_index i where i.indrelid = t.oid and i.indisprimary and i.indkey[0] = t.tenant_column)
  union all select 'a unique index without tenant_id tells what others have', i.indexrelid::regclass::text from t join pg_index i on i.indrelid = t.oid
    where walled and i.indisunique and not t.tenant_column = any(i.indkey)
  union all select 'a foreign key without tenant_id', k.conname from pg_constraint k join t on t.oid = k.conrelid join t r on r.oid = k.confrelid
    where k.contype = 'f' and t.walled and r.walled and not t.tenant_column = any(k.conkey)
  union all select 'an account_id without the account wall', relname from t where walled and relname not in ('portal_log', 'messages', 'files')
    and exists (select 1 from pg_attribute a where a.attrelid = t.oid and a.attname = 'account_id' and not a.attisdropped)
    and not exists (select 1 from pg_policy p where p.polrelid = t.oid and not p.polpermissive and p.polname = 'account_wall')
  union all select 'a role of the application is too strong', rolname from roles where strong
  union all select 'a role of the application is a member of another', m.member::regrole::text from pg_auth_members m where m.member in (select oid from roles)
  union all select 'a view without security_invoker', c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = 'app' and c.relkind = 'v' and not coalesce(c.reloptions::text ~ 'security_invoker=(true|on)', false)
  union all select 'a materialized view is not behind the wall', c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = 'app' and c.relkind = 'm'
  union all select 'a SECURITY DEFINER function that nobody has reviewed', p.proname from pg_proc p join pg_namespace n on n.oid = p.pronamespace
    where n.nspname = 'app' and p.prosecdef and p.proname <> all($4::text[])
  union all select 'the web role may truncate or make triggers', relname from t where has_table_privilege($1::name, t.oid, 'truncate') or has_table_privilege($1::name, t.oid, 'trigger')
  order by 1, 2`;
