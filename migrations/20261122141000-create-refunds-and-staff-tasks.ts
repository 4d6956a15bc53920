import type { Migration } from '../server/platform/migrations.ts';

/** Money that goes back, what waits for staff, and files that hang on invoices. */
export const up: Migration = async (run, { web }) => {
  await run(`
    create table app.refunds (
      tenant_id uuid not null default app.tenant() references app.tenants,
      id uuid not null default uuidv7(), account_id uuid not null, payment_id uuid not null,
      number text not null, request_key uuid not null,
      state text not null default 'created' check (state in ('created', 'submitted', 'unknown', 'succeeded', 'declined', 'failed')),
      amount_cents bigint not null check (amount_cents > 0), currency text not null,
      gateway text, gateway_reference text, message text not null default '', reason text not null default '',
      staff_id uuid, created_at timestamptz not null default now(), settled_at timestamptz,
      primary key (tenant_id, id), unique (tenant_id, number), unique (tenant_id, request_key),
      foreign key (tenant_id, account_id) references app.accounts (tenant_id, id),
      foreign key (tenant_id, payment_id) references app.payments (tenant_id, id));
    select app.wall('app.refunds', 'account_id');
    create index refunds_payment on app.refunds (tenant_id, payment_id, id);
    create index refunds_account on app.refunds (tenant_id, account_id, id desc);
    create index refunds_open on app.refunds (tenant_id, id) where state in ('created', 'submitted', 'unknown');
    revoke delete on app.refunds from ${web};

    insert into app.payment_moves values ('partially_refunded', 'returned'), ('disputed', 'partially_refunded');
    create index payments_all on app.payments (tenant_id, created_at desc, id desc);

    create table app.staff_tasks (
      tenant_id uuid not null default app.tenant() references app.tenants,
      id uuid not null default uuidv7(), account_id uuid not null, contact_id uuid,
      kind text not null check (kind in ('card_payment', 'returned', 'disputed', 'refund')),
      source text not null, details jsonb not null default '{}',
      assigned_to uuid, done_at timestamptz, done_by uuid, created_at timestamptz not null default now(),
      primary key (tenant_id, id), unique (tenant_id, kind, source),
      foreign key (tenant_id, account_id) references app.accounts (tenant_id, id),
      foreign key (tenant_id, assigned_to) references app.staff_users (tenant_id, id),
      foreign key (tenant_id, done_by) references app.staff_users (tenant_id, id));
    select app.wall('app.staff_tasks', 'account_id');
    create index staff_tasks_open on app.staff_tasks (tenant_id, id desc) where done_at is null;
    create index staff_tasks_done on app.staff_tasks (tenant_id, id desc) where done_at is not null;
    create index staff_tasks_account on app.staff_tasks (tenant_id, account_id, id desc);

    create table app.invoice_attachments (
      tenant_id uuid not null default app.tenant() references app.tenants,
      id uuid not null default uuidv7(), account_id uuid not null, invoice_id uuid not null, file_id uuid not null,
      staff_id uuid, created_at timestamptz not null default now(), removed_at timestamptz,
      primary key (tenant_id, id),
      foreign key (tenant_id, account_id) references app.accounts (tenant_id, id),
      foreign key (tenant_id, invoice_id) references app.invoices (tenant_id, id),
      foreign key (tenant_id, file_id) references app.files (tenant_id, id));
    select app.wall('app.invoice_attachments', 'account_id');
    create index invoice_attachments_invoice on app.invoice_attachments (tenant_id, invoice_id) where removed_at is null;
  `);
};

export const down: Migration = async (run) => {
  await run(`
    drop table app.invoice_attachments, app.staff_tasks, app.refunds;
    drop index app.payments_all;
    delete from app.payment_moves where (from_state, to_state) in (('partially_refunded', 'returned'), ('disputed', 'partially_refunded'));
  `);
};
