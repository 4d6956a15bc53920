import type { Migration } from '../server/platform/migrations.ts';

/** Whose an account at a gateway is, the operator says: no organization takes one by naming it first. A refund at a gateway is one refund here. */
export const up: Migration = async (run, { web }) => {
  await run(`
    revoke insert on app.gateway_accounts from ${web};
    create unique index refunds_reference on app.refunds (tenant_id, gateway, gateway_reference) where gateway_reference is not null;
  `);
};

export const down: Migration = async (run, { web }) => {
  await run(`
    drop index app.refunds_reference;
    grant insert on app.gateway_accounts to ${web};
  `);
};
