import type { Check } from '../staging.ts';
import { accountExists, countWritten, idTwice, numberChecks, type Loader, type Plan } from './loader.ts';

export const usagesLoader: Loader = {
  checks: () => [idTwice, ...numberChecks('usages'), accountExists, invoiceExists, invoiceIsTheirs, moved],
  write: async (plan) => ({ updated: await updateUsages(plan), created: await insertUsages(plan) }),
};

export const invoiceExists: Check = {
  text: `select r.line, 'invoice', 'no-invoice', jsonb_build_object('id', r.invoice)
    from import_rows r where r.invoice is not null and not exists (select from app.invoices i where i.external_id = r.invoice)`,
};

export const invoiceIsTheirs: Check = {
  text: `select r.line, 'invoice', 'invoice-of-another', jsonb_build_object('id', r.invoice)
    from import_rows r join app.invoices i on i.external_id = r.invoice join app.accounts a on (a.tenant_id, a.id) = (i.tenant_id, i.account_id) where a.external_id is distinct from r.account`,
};

const moved: Check = {
  text: `select r.line, 'account', 'usage-moved', jsonb_build_object('id', r.external_id)
    from import_rows r join app.usages t on t.external_id = r.external_id join app.accounts a on (a.tenant_id, a.id) = (t.tenant_id, t.account_id) where a.external_id is distinct from r.account`,
};

/** Our column, and what the file's gives for it. */
const written = {
  number: 'r.number', used_on: 'r.used_on', description: 'r.description', quantity: 'r.quantity', unit: `coalesce(r.unit, '')`, invoice: 'i.id', product: 'r.product',
  unit_price: 'r.unit_price', amount: 'r.amount', currency: 'r.currency', reference: 'r.reference', recorded_on: `coalesce((r.recorded_on + time '12:00') at time zone $1, t.recorded_at)`,
};
const ours: Readonly<Record<string, string>> = { invoice: 'invoice_id', unit_price: 'unit_price_cents', amount: 'amount_cents', recorded_on: 'recorded_at' };

/** A usage changes until it is invoiced, and then gets its invoice. Without a day of its own it stays recorded when it was. */
function updateUsages({ given, site }: Plan): Promise<number> {
  const pairs = Object.entries(written).filter(([column]) => given.has(column) || column === 'recorded_on').map(([column, theirs]) => [ours[column] ?? column, theirs] as const);
  return countWritten(
    `update app.usages t set ${pairs.map(([our, theirs]) => `${our} = ${theirs}`).join(', ')} from import_rows r left join app.invoices i on i.external_id = r.invoice
      where t.external_id = r.external_id and row(${pairs.map(([our]) => `t.${our}`).join(', ')}) is distinct from row(${pairs.map(([, theirs]) => theirs).join(', ')})`,
    [site.zone],
  );
}

function insertUsages({ site }: Plan): Promise<number> {
  return countWritten(
    `insert into app.usages (external_id, account_id, number, used_on, description, quantity, unit, invoice_id, product, unit_price_cents, amount_cents, currency, reference, recorded_at)
     select r.external_id, o.id, r.number, r.used_on, r.description, r.quantity, coalesce(r.unit, ''), i.id, r.product, r.unit_price, r.amount, r.currency, r.reference,
            coalesce((r.recorded_on + time '12:00') at time zone $1, now())
       from import_rows r join app.accounts o on o.external_id = r.account left join app.invoices i on i.external_id = r.invoice
      where not exists (select from app.usages t where t.external_id = r.external_id) order by r.line`,
    [site.zone],
  );
}
