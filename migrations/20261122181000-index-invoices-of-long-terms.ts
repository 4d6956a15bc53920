import type { Migration } from '../server/platform/migrations.ts';

/** Few have so long to pay. All others that were not due yet on a day are found by their due date, soon after it. */
export const up: Migration = async (run) => {
  await run(`create index invoices_long_terms on app.invoices (tenant_id, account_id, currency, issued_on) where status = 'sent' and due_on - issued_on > 92`);
};

export const down: Migration = async (run) => {
  await run('drop index app.invoices_long_terms');
};
