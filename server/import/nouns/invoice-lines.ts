import { exponentOf } from '../../money/money.ts';
import type { Check } from '../staging.ts';
import { countWritten, idTwice, type Loader, type Plan } from './loader.ts';

/** The decimal places of the currencies that do not have two. */
const exponents = Object.fromEntries(Intl.supportedValuesOf('currency').map((code) => [code, exponentOf(code)] as const).filter(([, exponent]) => exponent !== 2));

/** Each line with its invoice, with amounts in that invoice's currency, and with the line that is there already. */
const prepare: Check = {
  text: `create temporary table import_lines on commit drop as
    select r.*, i.id as invoice_id, i.account_id, i.currency, i.status, i.total_cents, l.id as line_id, l.invoice_id as old_invoice_id,
           round(r.amount * f.factor, 4) as cents, round(r.unit_price * f.factor, 4) as unit_cents
      from import_rows r left join app.invoices i on i.external_id = r.invoice left join app.invoice_lines l on l.external_id = r.external_id
      cross join lateral (select power(10::numeric, coalesce(('${JSON.stringify(exponents)}'::jsonb ->> i.currency)::integer, 2)) as factor) f`,
};

export const invoiceLinesLoader: Loader = {
  lock: `select i.id from app.invoices i join import_rows r on i.external_id = r.invoice where i.status = 'unsent' order by i.id for no key update of i`,
  prepare: [prepare, { text: 'analyze import_lines' }],
  checks: (plan) => [
    idTwice,
    { text: `select line, 'invoice', 'no-invoice', jsonb_build_object('id', invoice) from import_lines where invoice_id is null` },
    { text: `select line, 'invoice', 'line-moved', jsonb_build_object('id', external_id) from import_lines where old_invoice_id <> invoice_id` },
    wrongAmount('amount', 'cents'),
    wrongAmount('unit_price', 'unit_cents'),
    linesClosed(plan),
    doNotSum,
  ],
  write: async (plan) => ({ updated: await updateLines(plan), created: await insertLines() }),
};

function wrongAmount(column: string, cents: string): Check {
  return { text: `select line, '${column}', 'not-an-amount', jsonb_build_object('typed', "${column}"::text) from import_lines
    where invoice_id is not null and (${cents} <> trunc(${cents}) or abs(${cents}) > 9007199254740991)` };
}

/** What a line of the file would change. */
function differing({ given }: Plan): string {
  const optional = [...(given.has('quantity') ? ['l.quantity <> r.quantity'] : []), ...(given.has('unit_price') ? ['l.unit_price_cents is distinct from r.unit_cents'] : [])];
  return ['l.description <> r.description', 'l.amount_cents <> r.cents', ...optional].join(' or ');
}

/** An invoice that has been sent or voided keeps its lines, once they are all there. */
const linesClosed = (plan: Plan): Check => ({
  text: `with complete as (
      select i.id from app.invoices i join app.invoice_lines l on (l.tenant_id, l.invoice_id) = (i.tenant_id, i.id)
       where i.status <> 'unsent' and i.id in (select invoice_id from import_lines) group by i.tenant_id, i.id having sum(l.amount_cents) = min(i.total_cents))
    select r.line, 'invoice', 'lines-closed', jsonb_build_object('id', r.invoice) from import_lines r join complete c on c.id = r.invoice_id
      left join app.invoice_lines l on l.id = r.line_id where l.id is null or ${differing(plan)}`,
});

const doNotSum: Check = {
  text: `with sums as (
      select invoice_id, sum(cents) as cents from (
        select invoice_id, cents from import_lines where invoice_id is not null
        union all select l.invoice_id, l.amount_cents from app.invoice_lines l
         where l.invoice_id in (select invoice_id from import_lines) and not exists (select from import_lines f where f.line_id = l.id)) together group by invoice_id)
    select r.line, 'amount', 'lines-do-not-sum', jsonb_build_object('id', r.invoice, 'sumCents', trunc(s.cents), 'totalCents', r.total_cents, 'currency', r.currency)
      from import_lines r join sums s using (invoice_id) where s.cents <> r.total_cents`,
};

async function updateLines(plan: Plan): Promise<number> {
  const set = ['description = r.description', 'amount_cents = r.cents'];
  if (plan.given.has('quantity')) set.push('quantity = r.quantity');
  if (plan.given.has('unit_price')) set.push('unit_price_cents = r.unit_cents');
  return countWritten(`update app.invoice_lines l set ${set.join(', ')} from import_lines r where l.id = r.line_id and (${differing(plan)})`);
}

async function insertLines(): Promise<number> {
  return countWritten(`insert into app.invoice_lines (external_id, account_id, invoice_id, position, description, quantity, unit_price_cents, amount_cents)
    select r.external_id, r.account_id, r.invoice_id, coalesce(p.last, 0) + row_number() over (partition by r.invoice_id order by r.line), r.description, r.quantity, r.unit_cents, r.cents
      from import_lines r left join (select invoice_id, max(position) as last from app.invoice_lines where invoice_id in (select invoice_id from import_lines) group by invoice_id) p using (invoice_id)
     where r.line_id is null order by r.line`);
}
