import type { Migration } from '../server/platform/migrations.ts';

const kinds = ['details', 'fields', 'email', 'username', 'password', 'method_added', 'method_removed', 'method_default', 'autopay'];

/** What people have changed of themselves, with what stood there before: so that it can be undone, by them or by whoever says "this was not me". */
export const up: Migration = async (run, { web }) => {
  await run(`
    create table app.own_changes (
      tenant_id uuid not null default app.tenant() references app.tenants,
      id uuid not null default uuidv7(), account_id uuid not null, contact_id uuid not null, login_ref uuid, log_id uuid not null,
      kind text not null check (kind in (${kinds.map((kind) => `'${kind}'`).join(', ')})),
      sealed text not null, token_hash text not null, expires_at timestamptz not null default now() + interval '72 hours',
      disputed_at timestamptz, taken_back_at timestamptz, created_at timestamptz not null default now(),
      primary key (tenant_id, id), unique (tenant_id, token_hash), unique (tenant_id, log_id),
      foreign key (tenant_id, account_id) references app.accounts (tenant_id, id),
      foreign key (tenant_id, contact_id) references app.contacts (tenant_id, id) on delete cascade,
      foreign key (tenant_id, login_ref) references app.logins (tenant_id, id) on delete cascade);
    select app.wall('app.own_changes', 'account_id');
    create index own_changes_contact on app.own_changes (tenant_id, contact_id, id);
    create index own_changes_account on app.own_changes (tenant_id, account_id, id);
    create index own_changes_login on app.own_changes (tenant_id, login_ref, id) where login_ref is not null;
    revoke delete on app.own_changes from ${web};
  `);
  await run(swap(`'card_payment'::text`, `'card_payment'::text, 'not_me'::text`));
};

export const down: Migration = async (run) => {
  await run(`
    alter table app.staff_tasks no force row level security;
    delete from app.staff_tasks where kind = 'not_me';
    alter table app.staff_tasks force row level security;
    drop table app.own_changes;
  `);
  await run(swap(`'card_payment'::text, 'not_me'::text`, `'card_payment'::text`));
};

/** In the list as it stands, so that no other kind is undone; where it is no list, any kind will do already. */
const swap = (from: string, to: string) => `
    do $$ declare said text := (select pg_get_constraintdef(oid) from pg_constraint where conrelid = 'app.staff_tasks'::regclass and conname = 'staff_tasks_kind_check');
    begin
      if strpos(said, $q$${from}$q$) = 0 then return; end if;
      alter table app.staff_tasks drop constraint staff_tasks_kind_check;
      execute 'alter table app.staff_tasks add constraint staff_tasks_kind_check ' || replace(said, $q$${from}$q$, $q$${to}$q$);
    end $$`;
