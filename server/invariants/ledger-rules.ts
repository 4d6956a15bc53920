import { monthOf } from '../ledger/sql.ts';
import type { Rule } from './rule.ts';

/** The ledger by itself, and against what it is the ledger of. */
export const ledgerRules: readonly Rule[] = [
  {
    id: 'I1', name: 'a journal does not sum to zero',
    sql: `select journal_id::text as object, currency || ' ' || sum(amount_cents) as detail from app.ledger_entries group by journal_id, currency having sum(amount_cents) <> 0`,
  },
  {
    id: 'I1', name: 'an entry and its journal differ in account, currency or day',
    sql: `select e.id::text as object, j.kind || ' ' || j.memo as detail from app.ledger_entries e join app.journals j on j.id = e.journal_id
           where (e.account_id, e.currency, e.posted_on) <> (j.account_id, j.currency, j.posted_on)`,
  },
  {
    id: 'I2', name: 'the sums of the days are not the sums of the entries',
    sql: `select concat_ws(' ', account_id, ledger, currency, posted_on) as object, coalesce(d.cents, 0) || ' instead of ' || coalesce(e.cents, 0) as detail
            from (select account_id, ledger, currency, posted_on, sum(amount_cents) as cents from app.ledger_entries group by 1, 2, 3, 4) e
            full join (select account_id, ledger, currency, posted_on, amount_cents as cents from app.ledger_days) d using (account_id, ledger, currency, posted_on)
           where coalesce(e.cents, 0) <> coalesce(d.cents, 0)`,
  },
  {
    id: 'I2', name: 'the sums of the months are not the sums of the days',
    sql: `select concat_ws(' ', account_id, ledger, currency, month) as object, coalesce(m.amount_cents, 0) || ' instead of ' || coalesce(d.cents, 0) as detail
            from (select account_id, ledger, currency, ${monthOf('posted_on')} as month, sum(amount_cents) as cents from app.ledger_days group by 1, 2, 3, 4) d
            full join app.ledger_months m using (account_id, ledger, currency, month) where coalesce(m.amount_cents, 0) <> coalesce(d.cents, 0)`,
  },
  {
    id: 'I2', name: 'what an account owes is not what its open invoices say',
    sql: comparedToLedger('receivable', 1, `select account_id, currency, sum(total_cents - paid_cents) as cents from app.visible_invoices group by 1, 2`),
  },
  {
    id: 'I2', name: 'prepayments are not what payments have left',
    sql: comparedToLedger('prepayment', -1, 'select account_id, currency, sum(unapplied_cents) as cents from app.payments group by 1, 2'),
  },
  {
    id: 'I2', name: 'credit is not what credits have left',
    sql: comparedToLedger('credit', -1, 'select account_id, currency, sum(balance_cents) as cents from app.credits where voided_at is null group by 1, 2'),
  },
  {
    id: 'I2', name: 'an invoice is not in the ledger as its status says',
    sql: `select i.number as object, i.status || ', posted ' || count(j.id) || ' times, ' || count(v.id) || ' times taken back' as detail
            from app.invoices i left join app.journals j on (j.kind, j.source_id) = ('invoice', i.id) left join app.journals v on (v.kind, v.source_id) = ('invoice_void', i.id)
           group by i.tenant_id, i.id having case i.status when 'sent' then (count(j.id), count(v.id)) <> (1, 0) when 'unsent' then (count(j.id), count(v.id)) <> (0, 0) else count(j.id) <> count(v.id) end`,
  },
  {
    id: 'I2', name: 'an invoice is in the ledger with another amount',
    sql: `select i.number as object, coalesce(sum(e.amount_cents), 0) || ' instead of ' || i.total_cents as detail
            from app.invoices i join app.journals j on (j.kind, j.source_id) = ('invoice', i.id) left join app.ledger_entries e on e.journal_id = j.id and e.ledger = 'receivable'
           group by i.tenant_id, i.id having coalesce(sum(e.amount_cents), 0) <> i.total_cents`,
  },
  {
    id: 'I2', name: 'a void invoice does not net to zero',
    sql: `select i.number as object, e.ledger || ' ' || e.posted_on || ' ' || sum(e.amount_cents) as detail
            from app.invoices i join app.journals j on j.kind in ('invoice', 'invoice_void') and j.source_id = i.id join app.ledger_entries e on e.journal_id = j.id
           where i.status = 'void' group by i.number, e.ledger, e.posted_on having sum(e.amount_cents) <> 0`,
  },
];

/** What the ledger says of each account and currency against the same sum from elsewhere. */
function comparedToLedger(ledger: string, sign: 1 | -1, elsewhere: string): string {
  return `select concat_ws(' ', a.number, currency) as object, coalesce(o.cents, 0) || ', the ledger says ' || coalesce(l.cents, 0) as detail
    from (${elsewhere}) o
    full join (select account_id, currency, ${sign} * sum(amount_cents) as cents from app.ledger_entries where ledger = '${ledger}' group by 1, 2) l using (account_id, currency)
    left join app.accounts a on a.id = account_id where coalesce(o.cents, 0) <> coalesce(l.cents, 0)`;
}
