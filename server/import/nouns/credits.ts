import { numberPrefixes } from '../../ledger/numbers.ts';
import { slowly } from '../staging.ts';
import { appliedAtImport, appliedInFile, applyParts, lockAccounts, partChecks, prepareParts, writeParts } from './applied.ts';
import { accountExists, changed, countWritten, idTwice, numberChecks, numberOrDrawn, type Differences, type Loader, type Plan } from './loader.ts';

export const creditsLoader: Loader = {
  numbered: 'credits',
  lock: lockAccounts('credits'),
  prepare: prepareParts('credits'),
  checks: (plan) => [idTwice, ...numberChecks('credits'), accountExists, changed('credit-changed', there, differs, plan), ...partChecks],
  write: async (plan) => {
    await slowly(rememberNew);
    const created = await insertCredits(plan);
    await writeParts('credits', 'credit_id');
    await slowly(post);
    await slowly(applyParts('credit', applied));
    return { created, updated: 0 };
  },
};

const there = `join app.credits t on t.external_id = r.external_id join app.accounts a on (a.tenant_id, a.id) = (t.tenant_id, t.account_id) ${appliedAtImport('credits', 'credit_id')}`;

/** Applying more of it in the portal, or voiding it there, is no difference of the row. */
const differs: Differences = {
  account: 'a.external_id is distinct from r.account',
  number: 'r.number <> t.number',
  issued_on: 'r.issued_on <> t.issued_on',
  amount: 'r.amount <> t.amount_cents',
  currency: 'r.currency <> t.currency',
  reference: 'r.reference is distinct from t.reference',
  applies_to: `${appliedInFile} is distinct from was.list`,
};

const rememberNew = `create temporary table import_new on commit drop as
  select external_id from import_rows r where not exists (select from app.credits t where t.external_id = r.external_id)`;

function insertCredits({ site, firstNumber }: Plan): Promise<number> {
  return countWritten(
    `insert into app.credits (external_id, account_id, number, issued_on, currency, amount_cents, balance_cents, reference, created_at)
     select r.external_id, o.id, ${numberOrDrawn(numberPrefixes.credits, firstNumber)}, r.issued_on, r.currency, r.amount, r.amount - coalesce(p.cents, 0), r.reference,
            (r.issued_on + time '12:00') at time zone $1 + r.line * interval '1 microsecond'
       from import_rows r join import_new using (external_id) join app.accounts o on o.external_id = r.account
       left join (select line, sum(cents) as cents from import_parts group by line) p using (line) order by r.line`,
    [site.zone],
  );
}

const post = `with posted as (
    insert into app.journals (account_id, kind, source_id, currency, posted_on, memo)
    select t.account_id, 'credit', t.id, t.currency, t.issued_on, t.number from import_new n join app.credits t using (external_id)
    returning id, account_id, source_id, currency, posted_on)
  insert into app.ledger_entries (journal_id, account_id, ledger, amount_cents, currency, posted_on)
  select j.id, j.account_id, leg.ledger, leg.sign * t.amount_cents, j.currency, j.posted_on from posted j join app.credits t on t.id = j.source_id
   cross join (values ('revenue', 1), ('credit', -1)) leg (ledger, sign)`;

const applied = `select l.id, l.account_id, p.currency, greatest(p.invoice_issued_on, t.issued_on) as posted_on, t.number as memo, l.amount_cents as cents
  from import_parts p join app.credits t using (external_id) join app.allocations l on (l.credit_id, l.invoice_id) = (t.id, p.invoice_id)`;
