import type { Migration } from '../server/platform/migrations.ts';

/** Whose account at a gateway is whose, and which of its webhooks have been answered: both are asked before the tenant is known. */
export const up: Migration = async (run, { web }) => {
  await run(`
    create table app.gateway_accounts (
      gateway text not null, external_account text not null,
      owner_id uuid not null references app.tenants, claimed_at timestamptz not null default now(),
      primary key (gateway, external_account));
    create table app.gateway_events (
      gateway text not null, external_id text not null,
      type text not null, external_account text, received_at timestamptz not null default now(),
      primary key (gateway, external_id));
    create index gateway_events_received on app.gateway_events (received_at);
    revoke update, delete on app.gateway_accounts from ${web};
    revoke update on app.gateway_events from ${web};
  `);
};

export const down: Migration = async (run) => {
  await run('drop table app.gateway_events, app.gateway_accounts');
};
