import { Client } from 'pg';
import type { Book } from '../ledger/bookkeeping.ts';
import { testPortal } from '../support/portal.ts';

/** Invoices of 10.00, one every `hours`, up to 1 November 2026; all but the last 20 are paid the next day, one by one: two journals each. Set-based, past the triggers. */
export async function makeLongHistory({ world, accountId }: Book, invoices: number, hours = 3): Promise<void> {
  const { database } = await testPortal();
  const client = new Client({ connectionString: database.adminUrl });
  await client.connect();
  try {
    await client.query('begin');
    await client.query('set local session_replication_role = replica');
    await client.query('select app.enter($1, null, $2, false)', [world.id, 'system']);
    for (const text of statements) await client.query(text.replaceAll(':account', `'${accountId}'::uuid`).replaceAll(':count', String(invoices)).replaceAll(':hours', String(hours)));
    await client.query('commit');
    for (const table of ['invoices', 'payments', 'allocations', 'journals', 'ledger_entries', 'ledger_days', 'ledger_months']) await client.query(`analyze app.${table}`);
  } finally {
    await client.end();
  }
}

const day = `(timestamp '2026-11-01' - (:count - n) * interval ':hours hours')::date`;
const statements = [
  `insert into app.invoices (account_id, number, issued_on, due_on, currency, total_cents, paid_cents, status, sent_at)
     select :account, 'L-' || n, ${day}, ${day} + 14, 'USD', 1000, case when n <= :count - 20 then 1000 else 0 end, 'sent', now() from generate_series(1, :count) n`,
  `insert into app.payments (account_id, number, state, amount_cents, currency, method_kind, paid_on)
     select :account, 'LP-' || n, 'succeeded', 1000, 'USD', 'check', ${day} + 1 from generate_series(1, :count - 20) n`,
  `insert into app.allocations (account_id, invoice_id, payment_id, amount_cents, applied_at)
     select :account, i.id, p.id, 1000, now() from app.payments p join app.invoices i on i.number = replace(p.number, 'LP-', 'L-') where p.account_id = :account and i.account_id = :account`,
  `insert into app.journals (account_id, kind, source_id, currency, posted_on, memo)
     select :account, 'invoice', id, 'USD', issued_on, number from app.invoices where account_id = :account union all select :account, 'payment', id, 'USD', paid_on, number from app.payments where account_id = :account`,
  `insert into app.ledger_entries (journal_id, account_id, ledger, amount_cents, currency, posted_on)
     select j.id, :account, l.ledger, l.cents, 'USD', j.posted_on from app.journals j
       join (values ('invoice', 'receivable', 1000), ('invoice', 'revenue', -1000), ('payment', 'receivable', -1000), ('payment', 'cash', 1000)) l (kind, ledger, cents) on l.kind = j.kind where j.account_id = :account`,
  `insert into app.ledger_days (account_id, ledger, currency, posted_on, amount_cents)
     select account_id, ledger, currency, posted_on, sum(amount_cents) from app.ledger_entries where account_id = :account group by 1, 2, 3, 4`,
  `insert into app.ledger_months (account_id, ledger, currency, month, amount_cents)
     select account_id, ledger, currency, date_trunc('month', posted_on), sum(amount_cents) from app.ledger_days where account_id = :account group by 1, 2, 3, 4`,
];
