import type { Migration } from '../server/platform/migrations.ts';

/** Bank accounts that an organization draws on by itself. Of the account number only the sealed text and the last four digits are kept. */
export const up: Migration = async (run) => {
  await run(`
    create table app.bank_drafts (
      tenant_id uuid not null default app.tenant() references app.tenants,
      id uuid not null default uuidv7(), account_id uuid not null,
      holder text not null, kind text not null check (kind in ('checking', 'savings')), routing text not null,
      sealed_number text not null check (sealed_number like 'v_.%'), last4 text not null check (length(last4) <= 4),
      created_at timestamptz not null default now(), changed_at timestamptz not null default now(),
      primary key (tenant_id, id), unique (tenant_id, account_id),
      foreign key (tenant_id, account_id) references app.accounts (tenant_id, id));
    select app.wall('app.bank_drafts', 'account_id');
  `);
};

export const down: Migration = async (run) => {
  await run('drop table app.bank_drafts');
};
