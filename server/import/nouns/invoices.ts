import { numberPrefixes } from '../../ledger/numbers.ts';
import { slowly } from '../staging.ts';
import { accountExists, changed, countWritten, idTwice, numberChecks, numberOrDrawn, type Differences, type Loader, type Plan } from './loader.ts';

export const invoicesLoader: Loader = {
  numbered: 'invoices',
  checks: (plan) => [idTwice, ...numberChecks('invoices'), accountExists, changed('invoice-closed', `${there} where i.status <> 'unsent'`, differs, plan)],
  write: async (plan) => {
    const updated = await updateUnsent(plan);
    if (updated) await slowly(moveLines);
    const created = await insertInvoices(plan);
    await slowly(post);
    return { created, updated };
  },
};

const there = 'join app.invoices i on i.external_id = r.external_id join app.accounts a on (a.tenant_id, a.id) = (i.tenant_id, i.account_id)';

/** What happened to an invoice in the portal since it was imported (sent, voided) is no difference of the row. */
const differs: Differences = {
  account: 'a.external_id is distinct from r.account',
  number: 'r.number <> i.number',
  issued_on: 'r.issued_on <> i.issued_on',
  due_on: 'r.due_on is distinct from i.due_on',
  currency: 'r.currency <> i.currency',
  total: 'r.total <> i.total_cents',
  status: `(r.status = 'sent' and i.sent_at is null or r.status = 'void' and i.voided_at is null)`,
  memo: 'r.memo is distinct from i.memo',
};

/** The moments at which an imported invoice was sent and voided are not known: noon of the day it was issued on stands for them. */
const moments = `case when r.status = 'sent' then (r.issued_on + time '12:00') at time zone $1 end, case when r.status = 'void' then (r.issued_on + time '12:00') at time zone $1 end`;

function updateUnsent({ given, site }: Plan): Promise<number> {
  const columns = { due_on: 'due_on', currency: 'currency', memo: 'memo', status: 'status' };
  const pairs = Object.entries(columns).filter(([, column]) => given.has(column));
  const names = ['account_id', 'number', 'issued_on', 'total_cents', ...pairs.map(([our]) => our)];
  const theirs = ['o.id', 'coalesce(r.number, i.number)', 'r.issued_on', 'r.total', ...pairs.map(([, column]) => `r.${column}`)];
  return countWritten(
    `update app.invoices i set (${names.join(', ')}, sent_at, voided_at) = row(${theirs.join(', ')}, ${given.has('status') ? moments : 'i.sent_at, i.voided_at'})
      from import_rows r join app.accounts o on o.external_id = r.account where i.external_id = r.external_id and i.status = 'unsent'
       and row(${names.map((name) => `i.${name}`).join(', ')}) is distinct from row(${theirs.join(', ')})`,
    given.has('status') ? [site.zone] : [],
  );
}

const moveLines = `update app.invoice_lines l set account_id = i.account_id from app.invoices i join import_rows r on i.external_id = r.external_id
  where (l.tenant_id, l.invoice_id) = (i.tenant_id, i.id) and l.account_id <> i.account_id`;

function insertInvoices({ site, firstNumber }: Plan): Promise<number> {
  return countWritten(
    `insert into app.invoices (external_id, account_id, number, issued_on, due_on, currency, total_cents, status, memo, sent_at, voided_at)
     select r.external_id, o.id, ${numberOrDrawn(numberPrefixes.invoices, firstNumber)}, r.issued_on, r.due_on, r.currency, r.total, r.status, r.memo, ${moments}
       from import_rows r join app.accounts o on o.external_id = r.account
      where not exists (select from app.invoices i where i.external_id = r.external_id) order by r.line`,
    [site.zone],
  );
}

const post = `with posted as (
    insert into app.journals (account_id, kind, source_id, currency, posted_on, memo)
    select i.account_id, 'invoice', i.id, i.currency, i.issued_on, i.number from import_rows r join app.invoices i on i.external_id = r.external_id
     where i.status = 'sent' and not exists (select from app.journals j where (j.kind, j.source_id) = ('invoice', i.id)) order by r.line
    returning id, account_id, source_id, currency, posted_on)
  insert into app.ledger_entries (journal_id, account_id, ledger, amount_cents, currency, posted_on)
  select p.id, p.account_id, leg.ledger, leg.sign * i.total_cents, p.currency, p.posted_on
    from posted p join app.invoices i on i.id = p.source_id cross join (values ('receivable', 1), ('revenue', -1)) leg (ledger, sign) where i.total_cents <> 0`;
