import type { Migration } from '../server/platform/migrations.ts';

/** Autopay: who pays by it and how, its daily runs, what they charged, tried and were told to skip; notices about cards; suspension. */
export const up: Migration = async (run, { web }) => {
  await run(`
    alter table app.accounts add column autopay_method_id uuid, add column suspended_at timestamptz,
      add foreign key (tenant_id, autopay_method_id) references app.payment_methods (tenant_id, id);
    create index accounts_autopay on app.accounts (tenant_id, id) where autopay;
    create index accounts_suspended on app.accounts (tenant_id, id) where stage = 'suspended';
    create index invoices_past_due on app.invoices (tenant_id, due_on, account_id) where status = 'sent' and paid_cents < total_cents;

    create function app.keep_autopay_method() returns trigger language plpgsql as $$
    declare account uuid := coalesce(to_jsonb(new) ->> 'account_id', new.id::text);
    begin
      -- Whoever switches autopay on and whoever removes a method wait here for each other.
      perform 1 from app.accounts where tenant_id = new.tenant_id and id = account and autopay for no key update;
      if found and not exists (select 1 from app.payment_methods where tenant_id = new.tenant_id and account_id = account and removed_at is null) then
        raise exception 'autopay needs a payment method' using errcode = '23514', constraint = 'autopay_needs_method';
      end if;
      return null;
    end $$;
    create trigger autopay_needs_method after update of autopay on app.accounts
      for each row when (new.autopay and not old.autopay) execute function app.keep_autopay_method();
    create trigger autopay_needs_method after update of removed_at on app.payment_methods
      for each row when (new.removed_at is not null and old.removed_at is null) execute function app.keep_autopay_method();

    create table app.autopay_runs (
      tenant_id uuid not null default app.tenant() references app.tenants,
      id uuid not null default uuidv7(), run_on date not null,
      accounts_due bigint not null default 0, accounts_done bigint not null default 0, last_account uuid,
      started_at timestamptz not null default now(), ended_at timestamptz,
      primary key (tenant_id, id), unique (tenant_id, run_on));
    select app.wall('app.autopay_runs');

    create table app.autopay_charges (
      tenant_id uuid not null default app.tenant() references app.tenants,
      id uuid not null default uuidv7(), account_id uuid not null, run_on date not null, currency text not null,
      attempt integer not null default 1, request_key uuid not null,
      result text check (result in ('paid', 'declined', 'no_method', 'nothing_left', 'given_up')),
      created_at timestamptz not null default now(), closed_at timestamptz,
      primary key (tenant_id, id), unique (tenant_id, account_id, run_on, currency), unique (tenant_id, account_id, request_key),
      check ((result is null) = (closed_at is null)),
      foreign key (tenant_id, account_id) references app.accounts (tenant_id, id),
      foreign key (tenant_id, run_on) references app.autopay_runs (tenant_id, run_on) on update cascade);
    select app.wall('app.autopay_charges', 'account_id');
    create index autopay_charges_open on app.autopay_charges (tenant_id, id) where closed_at is null;
    create index autopay_charges_run on app.autopay_charges (tenant_id, run_on, result);

    create table app.autopay_tries (
      tenant_id uuid not null default app.tenant() references app.tenants,
      account_id uuid not null, invoice_id uuid not null, run_on date not null,
      primary key (tenant_id, invoice_id, run_on),
      foreign key (tenant_id, account_id) references app.accounts (tenant_id, id),
      foreign key (tenant_id, invoice_id) references app.invoices (tenant_id, id));
    select app.wall('app.autopay_tries', 'account_id');
    create index autopay_tries_account on app.autopay_tries (tenant_id, account_id, run_on);

    create table app.autopay_skips (
      tenant_id uuid not null default app.tenant() references app.tenants,
      account_id uuid not null, invoice_id uuid not null, skipped_at timestamptz not null default now(),
      primary key (tenant_id, invoice_id),
      foreign key (tenant_id, account_id) references app.accounts (tenant_id, id),
      foreign key (tenant_id, invoice_id) references app.invoices (tenant_id, id));
    select app.wall('app.autopay_skips', 'account_id');
    create index autopay_skips_account on app.autopay_skips (tenant_id, account_id);

    create table app.card_notices (
      tenant_id uuid not null default app.tenant() references app.tenants,
      account_id uuid not null, method_id uuid not null, kind text not null check (kind in ('month', 'week')),
      told_at timestamptz not null default now(),
      primary key (tenant_id, method_id, kind),
      foreign key (tenant_id, account_id) references app.accounts (tenant_id, id),
      foreign key (tenant_id, method_id) references app.payment_methods (tenant_id, id));
    select app.wall('app.card_notices', 'account_id');
    create index card_notices_account on app.card_notices (tenant_id, account_id);
    create index payment_methods_expiry on app.payment_methods (tenant_id, exp_year, exp_month, id) where removed_at is null;
    revoke delete on app.autopay_runs, app.autopay_charges, app.card_notices from ${web};
  `);
};

export const down: Migration = async (run) => {
  await run(`
    drop table app.card_notices, app.autopay_skips, app.autopay_tries, app.autopay_charges, app.autopay_runs;
    drop trigger autopay_needs_method on app.payment_methods;
    drop trigger autopay_needs_method on app.accounts;
    drop function app.keep_autopay_method;
    drop index app.payment_methods_expiry, app.invoices_past_due, app.accounts_suspended, app.accounts_autopay;
    alter table app.accounts drop column autopay_method_id, drop column suspended_at;
  `);
};
