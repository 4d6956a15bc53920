import { moneyCame, type Rule } from './rule.ts';

const applied = 'applied_at is not null and reversed_at is null';

/** Invoices, payments and credits against what stands between them. */
export const moneyRules: readonly Rule[] = [
  {
    id: 'I2', name: 'the paid sum of an invoice is not what has been applied to it',
    sql: `select i.number as object, i.paid_cents || ' instead of ' || coalesce(sum(l.amount_cents), 0) as detail
            from app.invoices i left join app.allocations l on l.invoice_id = i.id and ${applied} group by i.tenant_id, i.id having i.paid_cents <> coalesce(sum(l.amount_cents), 0)`,
  },
  {
    id: 'I2', name: 'money stands on an invoice that nobody sees',
    sql: `select i.number as object, i.status || ' ' || i.paid_cents as detail from app.invoices i where i.status <> 'sent' and i.paid_cents <> 0`,
  },
  {
    id: 'I3', name: 'a payment is not in the ledger as its state says',
    sql: `select p.number as object, p.state || ', posted ' || count(j.id) || ' times' as detail from app.payments p left join app.journals j on (j.kind, j.source_id) = ('payment', p.id)
           group by p.tenant_id, p.id having count(j.id) <> case when p.state = 'returned' then (select least(count(*), 1) from app.journals r where r.kind in ('return', 'dispute') and r.source_id = p.id)
             when p.state in ${moneyCame} then 1 else 0 end`,
  },
  {
    id: 'I3', name: 'a payment is in the ledger with another amount',
    sql: `select p.number as object, coalesce(sum(e.amount_cents), 0) || ' instead of ' || p.amount_cents as detail
            from app.payments p join app.journals j on (j.kind, j.source_id) = ('payment', p.id) left join app.ledger_entries e on e.journal_id = j.id and e.ledger = 'cash'
           group by p.tenant_id, p.id having coalesce(sum(e.amount_cents), 0) <> p.amount_cents`,
  },
  {
    id: 'I3', name: 'a refund is not in the ledger as its state says',
    sql: `select r.number as object, r.state || ', posted ' || count(j.id) || ' times' as detail from app.refunds r left join app.journals j on (j.kind, j.source_id) = ('refund', r.id)
           group by r.tenant_id, r.id having count(j.id) <> (r.state = 'succeeded')::int`,
  },
  {
    id: 'I4', name: 'two payments for one intent',
    sql: `select string_agg(number, ', ' order by number) as object, 'request ' || request_key as detail from app.payments
           where request_key is not null and state in ${moneyCame} group by account_id, request_key having count(*) > 1`,
  },
  {
    id: 'I4', name: 'two payments stand for one charge',
    sql: `select string_agg(number, ', ' order by number) as object, gateway || ' ' || gateway_reference as detail from app.payments
           where gateway_reference is not null and state in ${moneyCame} group by gateway, gateway_reference having count(*) > 1`,
  },
  {
    id: 'I5', name: 'the balance of a credit is not what is left of it',
    sql: `select c.number as object, c.balance_cents || ' of ' || c.amount_cents || ', applied ' || coalesce(sum(l.amount_cents), 0) as detail
            from app.credits c left join app.allocations l on l.credit_id = c.id and ${applied}
           group by c.tenant_id, c.id having c.balance_cents <> c.amount_cents - coalesce(sum(l.amount_cents), 0) or c.balance_cents < 0 or (c.voided_at is not null and count(l.id) > 0)`,
  },
  {
    id: 'I5', name: 'more is paid than an invoice is for',
    sql: 'select number as object, paid_cents || \' of \' || total_cents as detail from app.invoices where paid_cents > total_cents or paid_cents < 0',
  },
  {
    id: 'I5', name: 'more is refunded than was paid',
    sql: `select number as object, refunded_cents || ' of ' || amount_cents as detail from app.payments where refunded_cents > amount_cents or (refunded_cents > 0 and state not in ${moneyCame})`,
  },
  {
    id: 'I5', name: 'the refunded sum of a payment is not what was refunded',
    sql: `select p.number as object, p.refunded_cents || ' instead of ' || coalesce(sum(r.amount_cents), 0) as detail from app.payments p left join app.refunds r on r.payment_id = p.id and r.state = 'succeeded'
           where not exists (select from app.journals j where (j.kind, j.source_id) = ('refund', p.id)) group by p.tenant_id, p.id having p.refunded_cents <> coalesce(sum(r.amount_cents), 0)`,
  },
  {
    id: 'I5', name: 'the parts of a payment are not the payment',
    sql: `select p.number as object, p.state || ' ' || p.amount_cents || ': applied ' || coalesce(sum(l.amount_cents), 0) || ', left ' || p.unapplied_cents || ', refunded ' || p.refunded_cents as detail
            from app.payments p left join app.allocations l on l.payment_id = p.id and ${applied}
           group by p.tenant_id, p.id having case when p.state = 'succeeded' then coalesce(sum(l.amount_cents), 0) + p.unapplied_cents <> p.amount_cents
             else coalesce(sum(l.amount_cents), 0) + p.unapplied_cents + p.refunded_cents > case when p.state in ${moneyCame} then p.amount_cents else 0 end end`,
  },
];

/** What must come to an end by itself. */
export const openEndRules: readonly Rule[] = [
  {
    id: 'I9', name: 'a mail waits that nothing will send',
    sql: `select m.id::text as object, m.type || case when o.message_id is null then ', not in the outbox' else ', its time is over' end as detail
            from app.messages m left join app.outbox o on o.message_id = m.id where m.status = 'queued' and (o.message_id is null or o.expires_at < now() - interval '1 hour')`,
  },
  {
    id: 'I9', name: 'a mail was sent at no time',
    sql: `select id::text as object, type as detail from app.messages where status = 'complete' and sent_at is null`,
  },
  {
    id: 'I10', name: 'an attempt is undecided for more than 15 minutes',
    sql: `select number as object, state || ' since ' || coalesce(submitted_at, created_at) as detail from app.payments
           where state in ('created', 'submitted', 'unknown') and coalesce(submitted_at, created_at) < now() - interval '15 minutes'`,
  },
  {
    id: 'I10', name: 'a refund is undecided for more than 15 minutes',
    sql: `select number as object, state || ' since ' || created_at as detail from app.refunds where state in ('created', 'submitted', 'unknown') and created_at < now() - interval '15 minutes'`,
  },
];
