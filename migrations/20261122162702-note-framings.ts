import type { Migration } from '../server/platform/migrations.ts';

/** Which websites show the portal inside a page of theirs (S1-89): one row for each, and never many. */
export const up: Migration = async (run) => {
  await run(`
    create table app.framings (
      tenant_id uuid not null default app.tenant() references app.tenants,
      site text not null, first_at timestamptz not null default now(), last_at timestamptz not null default now(),
      primary key (tenant_id, site));
    select app.wall('app.framings');
  `);
};

export const down: Migration = async (run) => {
  await run('drop table app.framings');
};
