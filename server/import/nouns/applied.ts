import { slowly, type Check } from '../staging.ts';

/** Payments and credits alike: what a row applies to which invoice. One row of import_parts is one such part of a row that is not there yet. */
export function prepareParts(table: 'payments' | 'credits'): readonly Check[] {
  const parts = `create temporary table import_parts on commit drop as
    select r.line, r.external_id, r.account, r.currency, split_part(part, ':', 1) as invoice, split_part(part, ':', 2)::bigint as cents,
           i.id as invoice_id, i.status as invoice_status, i.currency as invoice_currency, i.issued_on as invoice_issued_on,
           i.total_cents - i.paid_cents as open_cents, a.external_id as invoice_account
      from import_rows r cross join unnest(string_to_array(r.applies_to, '|')) part
      left join app.invoices i on i.external_id = split_part(part, ':', 1) left join app.accounts a on (a.tenant_id, a.id) = (i.tenant_id, i.account_id)
     where not exists (select from app.${table} t where t.external_id = r.external_id)`;
  return [{ text: parts }, { text: 'analyze import_parts' }];
}

/** The accounts whose money moves, in one order for everybody: nothing else of theirs moves until the commit. All others go on. */
export function lockAccounts(table: 'payments' | 'credits'): string {
  return `select a.id from app.accounts a where a.external_id in (
      select r.account from import_rows r where not exists (select from app.${table} t where t.external_id = r.external_id))
    order by a.id for no key update`;
}

export const partChecks: readonly Check[] = [
  part('no-invoice', 'invoice_id is null'),
  part('other-account', 'invoice_account is distinct from account and invoice_id is not null'),
  part('other-currency', 'invoice_currency <> currency'),
  part('not-sent', `invoice_status <> 'sent'`),
  { text: `select line, 'applies_to', 'not-open', jsonb_build_object('id', invoice, 'openCents', greatest(open_cents - used + cents, 0), 'amountCents', cents, 'currency', currency)
      from (select *, sum(cents) over (partition by invoice_id order by line) as used from import_parts where invoice_status = 'sent') p where used > open_cents` },
];

/** Joins what the row `t` was imported with, in the words of the file, as was.list. Applications made later in the portal have a later time. */
export function appliedAtImport(table: 'payments' | 'credits', column: 'payment_id' | 'credit_id'): string {
  return `left join (
    select l.${column}, string_agg(n.external_id || ':' || l.amount_cents, '|' order by n.external_id) as list
      from app.${table} p join app.allocations l on (l.tenant_id, l.${column}, l.created_at) = (p.tenant_id, p.id, p.created_at)
      join app.invoices n on (n.tenant_id, n.id) = (l.tenant_id, l.invoice_id)
     where p.external_id in (select external_id from import_rows) group by l.${column}) was on was.${column} = t.id`;
}

/** The row's own list, in the same order. */
export const appliedInFile = `(select string_agg(part, '|' order by split_part(part, ':', 1)) from unnest(string_to_array(r.applies_to, '|')) part)`;

/** Writes the allocations, counts the invoices' paid sums anew, and posts what was applied later than it came: on the day both were there. */
export async function writeParts(table: 'payments' | 'credits', column: 'payment_id' | 'credit_id'): Promise<void> {
  await slowly(`insert into app.allocations (account_id, invoice_id, ${column}, amount_cents, applied_at, created_at)
    select t.account_id, p.invoice_id, t.id, p.cents, t.created_at, t.created_at from import_parts p join app.${table} t on t.external_id = p.external_id order by p.line`);
  await slowly(`update app.invoices i set paid_cents = s.cents from (
      select l.invoice_id, sum(l.amount_cents)::bigint as cents from app.allocations l
       where l.invoice_id in (select invoice_id from import_parts) and l.applied_at is not null and l.reversed_at is null group by l.invoice_id) s
    where i.id = s.invoice_id`);
}

/** Posts a journal of its own for each part that `select` names: allocation, account, currency, day, memo, cents. */
export function applyParts(from: 'prepayment' | 'credit', select: string): string {
  return `with parts as (${select}),
    posted as (
      insert into app.journals (account_id, kind, source_id, currency, posted_on, memo) select account_id, 'apply', id, currency, posted_on, memo from parts
      returning id, account_id, source_id, currency, posted_on)
    insert into app.ledger_entries (journal_id, account_id, ledger, amount_cents, currency, posted_on)
    select p.id, p.account_id, leg.ledger, leg.sign * s.cents, p.currency, p.posted_on
      from posted p join parts s on s.id = p.source_id cross join (values ('${from}', 1), ('receivable', -1)) leg (ledger, sign)`;
}

function part(key: string, condition: string): Check {
  return { text: `select line, 'applies_to', '${key}', jsonb_build_object('id', invoice) from import_parts where ${condition}` };
}
