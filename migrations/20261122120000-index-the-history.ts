import type { Migration } from '../server/platform/migrations.ts';

/** A page of history is found by kind and currency however long the history is, and what was due around a day however many invoices there are. */
export const up: Migration = async (run) => {
  await run(`
    create index journals_history on app.journals (tenant_id, account_id, currency, kind, posted_on desc, id desc);
    create index invoices_due on app.invoices (tenant_id, account_id, currency, due_on) where status = 'sent';
  `);
};

export const down: Migration = async (run) => {
  await run('drop index app.journals_history, app.invoices_due');
};
