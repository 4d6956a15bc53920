import type { Migration } from '../server/platform/migrations.ts';

/** Payments on the gateway's own page: one at a time per account, which blocks every other attempt until it is closed, and only for so long. */
export const up: Migration = async (run) => {
  await run(`
    alter table app.payments add is_hosted boolean not null default false, add expires_at timestamptz,
      add constraint payments_waiting check (state <> 'awaiting_customer' or (is_hosted and expires_at is not null and gateway_reference is not null));
    drop index app.payments_one_open;
    create unique index payments_one_open on app.payments (tenant_id, account_id) where state in ('created', 'submitted', 'unknown', 'awaiting_customer');
  `);
};

export const down: Migration = async (run) => {
  await run(`
    drop index app.payments_one_open;
    create unique index payments_one_open on app.payments (tenant_id, account_id) where state in ('created', 'submitted', 'unknown');
    alter table app.payments drop constraint payments_waiting, drop is_hosted, drop expires_at;
  `);
};
