import type { Migration } from '../server/platform/migrations.ts';

/** When whoever owes it has looked at an invoice for the first time. */
export const up: Migration = async (run) => {
  await run('alter table app.invoices add column viewed_at timestamptz');
};

export const down: Migration = async (run) => {
  await run('alter table app.invoices drop column viewed_at');
};
