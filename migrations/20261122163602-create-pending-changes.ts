import type { Migration } from '../server/platform/migrations.ts';

/** Changes of the own details that wait until staff have agreed. */
export const up: Migration = async (run, { web }) => {
  await run(`
    create table app.pending_changes (
      tenant_id uuid not null default app.tenant() references app.tenants,
      id uuid not null default uuidv7(), account_id uuid not null, contact_id uuid not null,
      what text not null check (what in ('name', 'phones', 'address')), wanted jsonb not null,
      created_at timestamptz not null default now(), decided_at timestamptz, decided_by uuid,
      decision text check (decision in ('approved', 'refused', 'replaced')),
      primary key (tenant_id, id), check ((decided_at is null) = (decision is null)),
      foreign key (tenant_id, account_id) references app.accounts (tenant_id, id),
      foreign key (tenant_id, contact_id) references app.contacts (tenant_id, id) on delete cascade,
      foreign key (tenant_id, decided_by) references app.staff_users (tenant_id, id));
    select app.wall('app.pending_changes', 'account_id');
    create unique index pending_changes_one on app.pending_changes (tenant_id, contact_id, what) where decided_at is null;
    create index pending_changes_contact on app.pending_changes (tenant_id, contact_id);
    create index pending_changes_account on app.pending_changes (tenant_id, account_id);
    revoke delete on app.pending_changes from ${web};
  `);
  await run(swap(`'card_payment'::text`, `'card_payment'::text, 'profile_change'::text`));
};

export const down: Migration = async (run) => {
  await run(`
    alter table app.staff_tasks no force row level security;
    delete from app.staff_tasks where kind = 'profile_change';
    alter table app.staff_tasks force row level security;
    drop table app.pending_changes;
  `);
  await run(swap(`'card_payment'::text, 'profile_change'::text`, `'card_payment'::text`));
};

/** In the list as it stands, so that no other kind is undone; where it is no list, any kind will do already. */
const swap = (from: string, to: string) => `
    do $$ declare said text := (select pg_get_constraintdef(oid) from pg_constraint where conrelid = 'app.staff_tasks'::regclass and conname = 'staff_tasks_kind_check');
    begin
      if strpos(said, $q$${from}$q$) = 0 then return; end if;
      alter table app.staff_tasks drop constraint staff_tasks_kind_check;
      execute 'alter table app.staff_tasks add constraint staff_tasks_kind_check ' || replace(said, $q$${from}$q$, $q$${to}$q$);
    end $$`;
