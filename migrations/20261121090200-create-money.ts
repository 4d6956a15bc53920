import type { Migration } from '../server/platform/migrations.ts';

/** Invoices, payments, credits, and the append-only double-entry ledger beneath them. */
export const up: Migration = async (run, { web }) => {
  await run(`
    create table app.invoices (
      tenant_id uuid not null default app.tenant() references app.tenants,
      id uuid not null default uuidv7(), account_id uuid not null,
      number text not null, status text not null default 'unsent' check (status in ('unsent', 'sent', 'void')),
      issued_on date not null, due_on date, currency text not null check (currency ~ '^[A-Z]{3}$'),
      total_cents bigint not null check (total_cents >= 0),
      paid_cents bigint not null default 0 check (paid_cents >= 0 and paid_cents <= total_cents),
      memo text, sent_at timestamptz, voided_at timestamptz, external_id text,
      created_at timestamptz not null default now(),
      primary key (tenant_id, id), unique (tenant_id, number), unique (tenant_id, external_id),
      foreign key (tenant_id, account_id) references app.accounts (tenant_id, id));
    select app.wall('app.invoices', 'account_id');
    create index invoices_account on app.invoices (tenant_id, account_id, issued_on desc, id desc) where status = 'sent';
    create index invoices_open on app.invoices (tenant_id, account_id, due_on) where status = 'sent' and paid_cents < total_cents;
    create index invoices_all on app.invoices (tenant_id, issued_on desc, id desc);

    create view app.visible_invoices with (security_invoker = true) as
      select * from app.invoices where status = 'sent';

    create table app.invoice_lines (
      tenant_id uuid not null default app.tenant() references app.tenants,
      id uuid not null default uuidv7(), account_id uuid not null, invoice_id uuid not null,
      position integer not null, description text not null,
      quantity numeric(14, 4) not null default 1, unit_price_cents bigint, amount_cents bigint not null,
      external_id text,
      primary key (tenant_id, id), unique (tenant_id, external_id),
      foreign key (tenant_id, account_id) references app.accounts (tenant_id, id),
      foreign key (tenant_id, invoice_id) references app.invoices (tenant_id, id));
    select app.wall('app.invoice_lines', 'account_id');
    create index invoice_lines_invoice on app.invoice_lines (tenant_id, invoice_id, position);

    create table app.payment_methods (
      tenant_id uuid not null default app.tenant() references app.tenants,
      id uuid not null default uuidv7(), account_id uuid not null,
      gateway text not null, token text not null, kind text not null check (kind in ('card', 'bank')),
      brand text not null, last4 text not null check (last4 ~ '^[0-9]{4}$'),
      exp_month integer check (exp_month between 1 and 12), exp_year integer,
      is_default boolean not null default false,
      created_at timestamptz not null default now(), removed_at timestamptz,
      primary key (tenant_id, id), unique (tenant_id, gateway, token),
      check (not (is_default and removed_at is not null)),
      foreign key (tenant_id, account_id) references app.accounts (tenant_id, id));
    select app.wall('app.payment_methods', 'account_id');
    create unique index payment_methods_default on app.payment_methods (tenant_id, account_id) where is_default;
    create index payment_methods_account on app.payment_methods (tenant_id, account_id) where removed_at is null;

    create table app.payments (
      tenant_id uuid not null default app.tenant() references app.tenants,
      id uuid not null default uuidv7(), account_id uuid not null,
      number text not null, request_key uuid,
      state text not null default 'created' check (state in ('created', 'submitted', 'unknown', 'awaiting_customer', 'processing',
        'succeeded', 'declined', 'failed', 'partially_refunded', 'refunded', 'returned', 'disputed')),
      purpose text not null default 'invoices' check (purpose in ('invoices', 'prepayment')),
      amount_cents bigint not null check (amount_cents > 0), currency text not null check (currency ~ '^[A-Z]{3}$'),
      refunded_cents bigint not null default 0 check (refunded_cents >= 0 and refunded_cents <= amount_cents),
      unapplied_cents bigint not null default 0 check (unapplied_cents >= 0),
      method_kind text not null default 'card' check (method_kind in ('card', 'bank_draft', 'cash', 'check', 'other')),
      method_id uuid, method_label text not null default '',
      gateway text, gateway_reference text, message text not null default '',
      login_ref uuid, contact_id uuid, staff_id uuid,
      paid_on date, submitted_at timestamptz, settled_at timestamptz, external_id text,
      created_at timestamptz not null default now(),
      primary key (tenant_id, id), unique (tenant_id, number), unique (tenant_id, external_id), unique (tenant_id, account_id, request_key),
      foreign key (tenant_id, account_id) references app.accounts (tenant_id, id),
      foreign key (tenant_id, method_id) references app.payment_methods (tenant_id, id));
    select app.wall('app.payments', 'account_id');
    create unique index payments_one_open on app.payments (tenant_id, account_id) where state in ('created', 'submitted', 'unknown');
    create index payments_account on app.payments (tenant_id, account_id, created_at desc, id desc);
    create index payments_open on app.payments (tenant_id, created_at) where state in ('created', 'submitted', 'unknown', 'awaiting_customer', 'processing');

    create table app.payment_moves (from_state text not null, to_state text not null, primary key (from_state, to_state));
    insert into app.payment_moves values
      ('created', 'submitted'), ('created', 'failed'), ('created', 'awaiting_customer'),
      ('awaiting_customer', 'submitted'), ('awaiting_customer', 'succeeded'), ('awaiting_customer', 'processing'), ('awaiting_customer', 'declined'), ('awaiting_customer', 'failed'),
      ('submitted', 'succeeded'), ('submitted', 'declined'), ('submitted', 'failed'), ('submitted', 'unknown'), ('submitted', 'processing'),
      ('unknown', 'succeeded'), ('unknown', 'declined'), ('unknown', 'failed'), ('unknown', 'processing'),
      ('processing', 'succeeded'), ('processing', 'declined'), ('processing', 'failed'), ('processing', 'returned'),
      ('failed', 'succeeded'),
      ('succeeded', 'partially_refunded'), ('succeeded', 'refunded'), ('succeeded', 'returned'), ('succeeded', 'disputed'),
      ('partially_refunded', 'refunded'), ('partially_refunded', 'disputed'), ('disputed', 'succeeded'), ('disputed', 'refunded'), ('disputed', 'returned');
    revoke insert, update, delete on app.payment_moves from ${web};
    create function app.check_payment_move() returns trigger language plpgsql as $$
    begin
      if old.state <> new.state and not exists (select 1 from app.payment_moves where from_state = old.state and to_state = new.state) then
        raise exception 'a payment cannot move from % to %', old.state, new.state using errcode = '23514';
      end if;
      return new;
    end $$;
    create trigger legal_move before update of state on app.payments for each row execute function app.check_payment_move();

    create table app.credits (
      tenant_id uuid not null default app.tenant() references app.tenants,
      id uuid not null default uuidv7(), account_id uuid not null,
      number text not null, issued_on date not null, currency text not null check (currency ~ '^[A-Z]{3}$'),
      amount_cents bigint not null check (amount_cents > 0),
      balance_cents bigint not null check (balance_cents >= 0 and balance_cents <= amount_cents),
      reference text, voided_at timestamptz, external_id text, created_at timestamptz not null default now(),
      primary key (tenant_id, id), unique (tenant_id, number), unique (tenant_id, external_id),
      foreign key (tenant_id, account_id) references app.accounts (tenant_id, id));
    select app.wall('app.credits', 'account_id');
    create index credits_account on app.credits (tenant_id, account_id, issued_on desc, id desc);

    create table app.allocations (
      tenant_id uuid not null default app.tenant() references app.tenants,
      id uuid not null default uuidv7(), account_id uuid not null,
      invoice_id uuid not null, payment_id uuid, credit_id uuid,
      amount_cents bigint not null check (amount_cents > 0),
      applied_at timestamptz, reversed_at timestamptz, created_at timestamptz not null default now(),
      primary key (tenant_id, id), check ((payment_id is null) <> (credit_id is null)),
      foreign key (tenant_id, account_id) references app.accounts (tenant_id, id),
      foreign key (tenant_id, invoice_id) references app.invoices (tenant_id, id),
      foreign key (tenant_id, payment_id) references app.payments (tenant_id, id),
      foreign key (tenant_id, credit_id) references app.credits (tenant_id, id));
    select app.wall('app.allocations', 'account_id');
    create index allocations_invoice on app.allocations (tenant_id, invoice_id);
    create index allocations_payment on app.allocations (tenant_id, payment_id);
    create index allocations_credit on app.allocations (tenant_id, credit_id);

    create table app.usages (
      tenant_id uuid not null default app.tenant() references app.tenants,
      id uuid not null default uuidv7(), account_id uuid not null,
      number text not null, description text not null, used_on date not null,
      quantity numeric(18, 6) not null, unit text not null default '', invoice_id uuid,
      product text, unit_price_cents bigint, amount_cents bigint, reference text,
      external_id text, recorded_at timestamptz not null default now(),
      primary key (tenant_id, id), unique (tenant_id, number), unique (tenant_id, external_id),
      foreign key (tenant_id, account_id) references app.accounts (tenant_id, id),
      foreign key (tenant_id, invoice_id) references app.invoices (tenant_id, id));
    select app.wall('app.usages', 'account_id');
    create index usages_account on app.usages (tenant_id, account_id, used_on desc, id desc);

    create table app.journals (
      tenant_id uuid not null default app.tenant() references app.tenants,
      id uuid not null default uuidv7(), account_id uuid not null,
      kind text not null check (kind in ('invoice', 'invoice_void', 'payment', 'apply', 'credit', 'credit_void', 'refund', 'return', 'dispute', 'correction')),
      source_id uuid not null, currency text not null, posted_on date not null, memo text not null default '',
      created_at timestamptz not null default now(),
      primary key (tenant_id, id), unique (tenant_id, kind, source_id),
      foreign key (tenant_id, account_id) references app.accounts (tenant_id, id));
    select app.wall('app.journals', 'account_id');
    create index journals_account on app.journals (tenant_id, account_id, posted_on desc, id desc);

    create table app.ledger_entries (
      tenant_id uuid not null default app.tenant() references app.tenants,
      id uuid not null default uuidv7(), journal_id uuid not null, account_id uuid not null,
      ledger text not null check (ledger in ('receivable', 'revenue', 'cash', 'prepayment', 'credit')),
      amount_cents bigint not null check (amount_cents <> 0), currency text not null, posted_on date not null,
      created_at timestamptz not null default now(),
      primary key (tenant_id, id),
      foreign key (tenant_id, journal_id) references app.journals (tenant_id, id),
      foreign key (tenant_id, account_id) references app.accounts (tenant_id, id));
    select app.wall('app.ledger_entries', 'account_id');
    create index ledger_entries_journal on app.ledger_entries (tenant_id, journal_id);
    create index ledger_entries_account on app.ledger_entries (tenant_id, account_id, ledger, currency, posted_on desc, id desc);

    create table app.ledger_days (
      tenant_id uuid not null default app.tenant() references app.tenants,
      account_id uuid not null, ledger text not null, currency text not null, posted_on date not null,
      amount_cents bigint not null,
      primary key (tenant_id, account_id, ledger, currency, posted_on),
      foreign key (tenant_id, account_id) references app.accounts (tenant_id, id));
    select app.wall('app.ledger_days', 'account_id');

    create function app.sum_ledger_days() returns trigger language plpgsql as $$
    begin
      insert into app.ledger_days (tenant_id, account_id, ledger, currency, posted_on, amount_cents)
        select tenant_id, account_id, ledger, currency, posted_on, sum(amount_cents)::bigint from added
         group by tenant_id, account_id, ledger, currency, posted_on order by account_id, ledger, currency, posted_on
        on conflict (tenant_id, account_id, ledger, currency, posted_on)
        do update set amount_cents = app.ledger_days.amount_cents + excluded.amount_cents;
      return null;
    end $$;
    create trigger sum_days after insert on app.ledger_entries referencing new table as added
      for each statement execute function app.sum_ledger_days();

    create function app.check_journal() returns trigger language plpgsql as $$
    begin
      if (select sum(amount_cents) from app.ledger_entries where tenant_id = new.tenant_id and journal_id = new.journal_id) <> 0 then
        raise exception 'journal % does not sum to zero', new.journal_id using errcode = '23514';
      end if;
      return null;
    end $$;
    create constraint trigger journal_sums_to_zero after insert on app.ledger_entries
      deferrable initially deferred for each row execute function app.check_journal();

    create function app.refuse_change() returns trigger language plpgsql as $$
    begin raise exception '% is append-only', tg_table_name using errcode = '42501'; end $$;
    create trigger append_only before update or delete or truncate on app.ledger_entries execute function app.refuse_change();
    create trigger append_only before update or delete or truncate on app.journals execute function app.refuse_change();
    revoke update, delete on app.ledger_entries, app.journals from ${web};
    revoke delete on app.invoices, app.payments, app.credits, app.ledger_days from ${web};
  `);
};

export const down: Migration = async (run) => {
  await run(`
    drop view app.visible_invoices;
    drop table app.ledger_days, app.ledger_entries, app.journals, app.usages, app.allocations, app.credits, app.payments,
      app.payment_moves, app.payment_methods, app.invoice_lines, app.invoices;
    drop function app.sum_ledger_days, app.check_journal, app.refuse_change, app.check_payment_move;
  `);
};
