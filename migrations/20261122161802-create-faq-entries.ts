import type { Migration } from '../server/platform/migrations.ts';

/** Questions and answers for customers; and whether the owner still wants to see how to begin. */
export const up: Migration = async (run) => {
  await run(`
    create table app.faq_entries (
      tenant_id uuid not null default app.tenant() references app.tenants,
      id uuid not null default uuidv7(), position integer not null, question text not null check (question <> ''), answer text not null check (answer <> ''),
      is_published boolean not null default false, version integer not null default 1, updated_at timestamptz not null default now(),
      primary key (tenant_id, id));
    select app.wall('app.faq_entries');
    create index faq_entries_position on app.faq_entries (tenant_id, position, id);

    create table app.getting_started (
      tenant_id uuid primary key default app.tenant() references app.tenants,
      hidden_at timestamptz not null default now(), hidden_by uuid not null,
      foreign key (tenant_id, hidden_by) references app.staff_users (tenant_id, id));
    select app.wall('app.getting_started');
  `);
};

export const down: Migration = async (run) => {
  await run('drop table app.getting_started, app.faq_entries');
};
