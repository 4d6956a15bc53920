import type { Migration } from '../server/platform/migrations.ts';

const contactColumns = ['account_id', 'first_name', 'last_name', 'type', 'member_id', 'email', 'home_phone', 'work_phone', 'cell_phone', 'fax', 'other_phone', 'address1', 'address2', 'city', 'region',
  'postal_code', 'is_primary', 'is_billing', 'may_pick_up', 'mass_email_opt_out', 'may_sign_in', 'may_manage_absences'];
const accountColumns = ['name', 'stage', 'pays_by', 'related_group', 'opened_on', 'address1', 'address2', 'city', 'region', 'postal_code', 'country', 'merged_into'];
const quoted = (columns: readonly string[]) => columns.map((column) => `'${column}'`).join(', ');

/** Two people may have one record open: whoever changes it, by whatever way, makes a new revision and leaves a line of what was and what is. */
export const up: Migration = async (run, { web }) => {
  await run(`
    alter table app.contacts add column revision integer not null default 1;
    alter table app.accounts add column revision integer not null default 1, add column merged_into uuid,
      add foreign key (tenant_id, merged_into) references app.accounts (tenant_id, id);
    create index accounts_merged on app.accounts (tenant_id, merged_into) where merged_into is not null;
    create index accounts_stage on app.accounts (tenant_id, stage, lower(name), id);

    create table app.record_events (
      tenant_id uuid not null default app.tenant() references app.tenants,
      id uuid not null default uuidv7(), account_id uuid not null, contact_id uuid, name text not null default '',
      kind text not null check (kind in ('added', 'changed', 'removed', 'linked', 'unlinked', 'merged')),
      revision integer, changes jsonb not null default '{}', note text not null default '',
      mode text not null default app.mode(), staff_name text, at timestamptz not null default now(),
      primary key (tenant_id, id),
      foreign key (tenant_id, account_id) references app.accounts (tenant_id, id));
    select app.wall('app.record_events', 'account_id');
    create index record_events_account on app.record_events (tenant_id, account_id, id desc);
    create index record_events_contact on app.record_events (tenant_id, contact_id, revision) where contact_id is not null;
    revoke update, delete on app.record_events from ${web};

    create table app.account_notes (
      tenant_id uuid not null default app.tenant() references app.tenants,
      id uuid not null default uuidv7(), account_id uuid not null, body text not null check (body <> ''),
      is_pinned boolean not null default false, staff_name text not null, created_at timestamptz not null default now(),
      primary key (tenant_id, id),
      foreign key (tenant_id, account_id) references app.accounts (tenant_id, id));
    select app.wall('app.account_notes', 'account_id');
    create index account_notes_account on app.account_notes (tenant_id, account_id, is_pinned desc, id desc);

    -- The arguments are the columns that count. Who it was is what the transaction says of itself (app.editor).
    create function app.count_change() returns trigger language plpgsql as $$
    declare was jsonb := to_jsonb(old); now_is jsonb := to_jsonb(new); changed jsonb;
    begin
      select jsonb_object_agg(c, jsonb_build_array(was -> c, now_is -> c)) into changed from unnest(tg_argv) c where was -> c is distinct from now_is -> c;
      if changed is null then return new; end if;
      new.revision := old.revision + 1;
      insert into app.record_events (tenant_id, account_id, contact_id, name, kind, revision, changes, staff_name)
        values (new.tenant_id, coalesce(now_is ->> 'account_id', now_is ->> 'id')::uuid, case when tg_table_name = 'contacts' then new.id end,
                coalesce(now_is ->> 'name', concat_ws(' ', now_is ->> 'first_name', now_is ->> 'last_name')), 'changed', new.revision, changed,
                nullif(current_setting('app.editor', true), ''));
      return new;
    end $$;
    create trigger count_change before update on app.contacts for each row when (old.* is distinct from new.*) execute function app.count_change(${quoted(contactColumns)});
    create trigger count_change before update on app.accounts for each row when (old.* is distinct from new.*) execute function app.count_change(${quoted(accountColumns)});
  `);
};

export const down: Migration = async (run) => {
  await run(`
    drop trigger count_change on app.accounts;
    drop trigger count_change on app.contacts;
    drop function app.count_change;
    drop table app.account_notes, app.record_events;
    drop index app.accounts_stage;
    alter table app.accounts drop column merged_into, drop column revision;
    alter table app.contacts drop column revision;
  `);
};
