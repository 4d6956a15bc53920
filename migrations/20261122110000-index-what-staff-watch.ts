import type { Migration } from '../server/platform/migrations.ts';

/** Few rows among many: what the staff home page counts on every visit. */
export const up: Migration = async (run) => {
  await run(`
    create index invoices_unsent on app.invoices (tenant_id, issued_on) where status = 'unsent';
    create index logins_locked on app.logins (tenant_id) where locked_at is not null;
  `);
};

export const down: Migration = async (run) => {
  await run('drop index app.invoices_unsent, app.logins_locked');
};
