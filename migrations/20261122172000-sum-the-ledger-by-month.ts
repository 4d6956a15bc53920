import type { Migration } from '../server/platform/migrations.ts';

/**
 * The sums of the months beside those of the days, so that a balance is read from the months before its day and the days of its own month,
 * however long the history is. The trigger takes the months first: whoever holds a month's sums holds those of its days.
 */
export const up: Migration = async (run, { web }) => {
  await run(`
    create table app.ledger_months (
      tenant_id uuid not null default app.tenant() references app.tenants,
      account_id uuid not null, ledger text not null, currency text not null, month date not null check (extract(day from month) = 1),
      amount_cents bigint not null,
      primary key (tenant_id, account_id, ledger, currency, month),
      foreign key (tenant_id, account_id) references app.accounts (tenant_id, id));

    alter table app.ledger_days no force row level security;
    insert into app.ledger_months (tenant_id, account_id, ledger, currency, month, amount_cents)
      select tenant_id, account_id, ledger, currency, date_trunc('month', posted_on::timestamp)::date, sum(amount_cents) from app.ledger_days group by 1, 2, 3, 4, 5;
    alter table app.ledger_days force row level security;

    select app.wall('app.ledger_months', 'account_id');
    alter policy account_wall on app.ledger_months
      using ((select app.mode()) in ('staff', 'system') or account_id = any((select app.money_accounts())::uuid[]))
      with check ((select app.mode()) in ('staff', 'system') or account_id = any((select app.money_accounts())::uuid[]));
    revoke delete on app.ledger_months from ${web};

    create function app.sum_ledger() returns trigger language plpgsql as $$
    begin
      insert into app.ledger_months (tenant_id, account_id, ledger, currency, month, amount_cents)
        select tenant_id, account_id, ledger, currency, date_trunc('month', posted_on::timestamp)::date as month, sum(amount_cents)::bigint from added
         group by tenant_id, account_id, ledger, currency, month order by account_id, ledger, currency, month
        on conflict (tenant_id, account_id, ledger, currency, month)
        do update set amount_cents = app.ledger_months.amount_cents + excluded.amount_cents;
      insert into app.ledger_days (tenant_id, account_id, ledger, currency, posted_on, amount_cents)
        select tenant_id, account_id, ledger, currency, posted_on, sum(amount_cents)::bigint from added
         group by tenant_id, account_id, ledger, currency, posted_on order by account_id, ledger, currency, posted_on
        on conflict (tenant_id, account_id, ledger, currency, posted_on)
        do update set amount_cents = app.ledger_days.amount_cents + excluded.amount_cents;
      return null;
    end $$;
    drop trigger sum_days on app.ledger_entries;
    drop function app.sum_ledger_days;
    create trigger sum_ledger after insert on app.ledger_entries referencing new table as added
      for each statement execute function app.sum_ledger();
  `);
};

export const down: Migration = async (run) => {
  await run(`
    drop trigger sum_ledger on app.ledger_entries;
    drop function app.sum_ledger;
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
    drop table app.ledger_months;
  `);
};
