import type { Migration } from '../server/platform/migrations.ts';

/** B-8: that a week's digest has gone out, and who of the staff wants it (null: owners do, the others do not). */
export const up: Migration = async (run) => {
  await run(`
    create table app.digests (
      tenant_id uuid not null default app.tenant() references app.tenants,
      week date not null check (extract(isodow from week) = 1), sent integer not null default 0, created_at timestamptz not null default now(),
      primary key (tenant_id, week));
    select app.wall('app.digests');
    alter table app.staff_users add column wants_digest boolean;
  `);
};

export const down: Migration = async (run) => {
  await run('drop table app.digests; alter table app.staff_users drop column wants_digest');
};
