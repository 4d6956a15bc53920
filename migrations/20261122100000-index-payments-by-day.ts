import type { Migration } from '../server/platform/migrations.ts';

/** A payer's list is in the order of the days, not of the import. */
export const up: Migration = async (run) => {
  await run('create index payments_by_day on app.payments (tenant_id, account_id, paid_on desc, id desc)');
};

export const down: Migration = async (run) => {
  await run('drop index app.payments_by_day');
};
