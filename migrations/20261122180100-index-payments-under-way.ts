import type { Migration } from '../server/platform/migrations.ts';

/** The home page and every list of invoices ask which payments of an account its bank has not confirmed: mostly none, and never those of others. */
export const up: Migration = async (run) => {
  await run(`create index payments_processing on app.payments (tenant_id, account_id) where state = 'processing'`);
};

export const down: Migration = async (run) => {
  await run(`drop index app.payments_processing`);
};
