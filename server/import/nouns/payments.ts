import { numberPrefixes } from '../../ledger/numbers.ts';
import { slowly } from '../staging.ts';
import { appliedAtImport, appliedInFile, applyParts, lockAccounts, partChecks, prepareParts, writeParts } from './applied.ts';
import { accountExists, changed, countWritten, idTwice, numberChecks, numberOrDrawn, type Differences, type Loader, type Plan } from './loader.ts';

export const paymentsLoader: Loader = {
  numbered: 'payments',
  lock: lockAccounts('payments'),
  prepare: prepareParts('payments'),
  checks: (plan) => [idTwice, ...numberChecks('payments'), accountExists, changed('payment-changed', there, differs, plan), ...partChecks],
  write: async (plan) => {
    await slowly(rememberNew);
    const created = await insertPayments(plan);
    await writeParts('payments', 'payment_id');
    await slowly(post);
    await slowly(postRefunds);
    await slowly(applyParts('prepayment', early));
    return { created, updated: 0 };
  },
};

const there = `join app.payments t on t.external_id = r.external_id join app.accounts a on (a.tenant_id, a.id) = (t.tenant_id, t.account_id) ${appliedAtImport('payments', 'payment_id')}`;

/** What happened to a payment in the portal since it was imported (refunded, applied to more invoices) is no difference of the row. */
const differs: Differences = {
  account: 'a.external_id is distinct from r.account',
  number: 'r.number <> t.number',
  paid_on: 'r.paid_on is distinct from t.paid_on',
  method: 'r.method <> t.method_kind',
  amount: 'r.amount <> t.amount_cents',
  currency: 'r.currency <> t.currency',
  state: `(case when r.state = 'succeeded' then t.state not in ('succeeded', 'partially_refunded', 'refunded', 'returned', 'disputed') else t.state <> r.state end)`,
  applies_to: `${appliedInFile} is distinct from was.list`,
  message: `coalesce(r.message, '') <> t.message`,
};

const rememberNew = `create temporary table import_new on commit drop as
  select external_id from import_rows r where not exists (select from app.payments t where t.external_id = r.external_id)`;

/** Lists of payments are in the order of their creation: noon of the day of payment, then the order of the file. */
function insertPayments({ site, firstNumber }: Plan): Promise<number> {
  return countWritten(
    `insert into app.payments (external_id, account_id, number, state, purpose, amount_cents, currency, refunded_cents, unapplied_cents, method_kind, message, paid_on, settled_at, created_at)
     select r.external_id, o.id, ${numberOrDrawn(numberPrefixes.payments, firstNumber)}, r.state, case when r.state = 'succeeded' and r.applies_to is null then 'prepayment' else 'invoices' end,
            r.amount, r.currency, case when r.state = 'refunded' then r.amount else 0 end, case when r.state = 'succeeded' then r.amount - coalesce(p.cents, 0) else 0 end,
            r.method, coalesce(r.message, ''), r.paid_on, m.at, m.at
       from import_rows r join import_new using (external_id) join app.accounts o on o.external_id = r.account
       left join (select line, sum(cents) as cents from import_parts group by line) p using (line)
       cross join lateral (select (r.paid_on + time '12:00') at time zone $1 + r.line * interval '1 microsecond' as at) m
      order by r.line`,
    [site.zone],
  );
}

/** What was paid before its invoice was issued is a prepayment until that day. */
const post = `with paid as (
    select t.id, t.account_id, t.amount_cents, t.currency, t.paid_on, t.number, coalesce(sum(p.cents) filter (where p.invoice_issued_on <= t.paid_on), 0)::bigint as applied
      from import_new n join app.payments t using (external_id) left join import_parts p using (external_id)
     where t.state in ('succeeded', 'refunded') group by t.tenant_id, t.id),
  posted as (
    insert into app.journals (account_id, kind, source_id, currency, posted_on, memo) select account_id, 'payment', id, currency, paid_on, number from paid
    returning id, account_id, source_id, currency, posted_on)
  insert into app.ledger_entries (journal_id, account_id, ledger, amount_cents, currency, posted_on)
  select j.id, j.account_id, leg.ledger, leg.cents, j.currency, j.posted_on from posted j join paid on paid.id = j.source_id
   cross join lateral (values ('cash', amount_cents), ('receivable', -applied), ('prepayment', applied - amount_cents)) leg (ledger, cents) where leg.cents <> 0`;

/** The day of the refund is not known: it stands with the payment. */
const postRefunds = `with posted as (
    insert into app.journals (account_id, kind, source_id, currency, posted_on, memo)
    select t.account_id, 'refund', t.id, t.currency, t.paid_on, t.number from import_new n join app.payments t using (external_id) where t.state = 'refunded'
    returning id, account_id, source_id, currency, posted_on)
  insert into app.ledger_entries (journal_id, account_id, ledger, amount_cents, currency, posted_on)
  select j.id, j.account_id, leg.ledger, leg.sign * t.amount_cents, j.currency, j.posted_on from posted j join app.payments t on t.id = j.source_id
   cross join (values ('prepayment', 1), ('cash', -1)) leg (ledger, sign)`;

const early = `select l.id, l.account_id, p.currency, p.invoice_issued_on as posted_on, t.number as memo, l.amount_cents as cents
  from import_parts p join app.payments t using (external_id) join app.allocations l on (l.payment_id, l.invoice_id) = (t.id, p.invoice_id)
 where p.invoice_issued_on > t.paid_on`;
