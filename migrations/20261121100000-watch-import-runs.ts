import type { Migration } from '../server/platform/migrations.ts';

/** How a run whose process has died, and an organization that is only half made, can be told from the others. */
export const up: Migration = async (run) => {
  await run(`
    alter table app.import_runs add column beat_at timestamptz not null default now();
    alter table app.tenants add column is_complete boolean not null default true;
  `);
};

export const down: Migration = async (run) => {
  await run(`
    alter table app.import_runs drop column beat_at;
    alter table app.tenants drop column is_complete;
  `);
};
