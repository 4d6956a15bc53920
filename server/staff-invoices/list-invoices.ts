import { z } from 'zod';
import { amountField } from '../money/amount-field.ts';
import { run } from '../platform/database.ts';
import type { FieldErrors } from '../platform/errors.ts';
import { dayCursor, fieldErrors, inOrder, optionalDay, text } from '../platform/forms.ts';
import { keptBy } from '../platform/kept.ts';
import type { StaffRequest } from '../tenancy/people.ts';

export interface ListedInvoice {
  readonly id: string;
  readonly number: string;
  readonly accountNumber: string;
  readonly accountName: string;
  readonly state: 'unsent' | 'void' | 'paid' | 'past-due' | 'partly-paid' | 'open';
  readonly issuedOn: string;
  readonly dueOn: string | null;
  readonly currency: string;
  readonly totalCents: number;
  readonly openCents: number;
}

export interface InvoiceSearch {
  readonly filter: Readonly<Record<string, string | number>>;
  readonly after?: readonly [day: string, id: string];
  readonly errors: FieldErrors;
}

const statuses = ['all', 'unsent', 'unpaid', 'past-due', 'paid', 'void'] as const;

const searchForm = keptBy((currency) => {
  const amount = amountField(currency).optional();
  return z.object({ q: text(60).optional(), status: z.enum(statuses, 'forms.wrong').optional(), from: optionalDay, to: optionalDay, least: amount, most: amount, after: dayCursor.optional() }).superRefine(inOrder);
});

/** A wrong search lists everything, and says beside the field what is wrong. */
export function readSearch({ query, tenant, t }: Pick<StaffRequest, 'tenant' | 't'> & { readonly query: unknown }): InvoiceSearch {
  const result = searchForm(tenant.site.currency).safeParse(query);
  if (!result.success) return { filter: {}, errors: fieldErrors(result.error, t) };
  const { after, status, ...rest } = result.data;
  const asked = { ...rest, ...(status === 'all' ? {} : { status }) };
  const filter = Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== undefined && value !== null && value !== '')) as Record<string, string | number>;
  return { filter, errors: {}, ...(after ? { after: after.split('_') as [string, string] } : {}) };
}

/** The newest first; `next` is empty on the last page. */
export async function listInvoices({ filter, after }: InvoiceSearch, today: string, size: number): Promise<{ rows: ListedInvoice[]; next: string }> {
  const { where, values } = whereOf({ filter, ...(after ? { after } : {}) }, today);
  const rows = await run<ListedInvoice & Record<string, unknown>>(`select ${columns} ${where} order by i.issued_on desc, i.id desc limit ${size + 1}`, values);
  const last = rows.length > size ? rows[size - 1] : undefined;
  return { rows: rows.slice(0, size), next: last ? `${last.issuedOn}_${last.id}` : '' };
}

/** Counts all of them: for jobs alone. */
export async function countInvoices({ filter }: InvoiceSearch, today: string): Promise<number> {
  const { where, values } = whereOf({ filter }, today);
  const [found] = await run<{ count: number }>(`select count(*)::int as count from app.invoices i ${where || 'where true'} and $1::date is not null`, values);
  return found?.count ?? 0;
}

function whereOf({ filter, after }: Pick<InvoiceSearch, 'filter' | 'after'>, today: string): { where: string; values: unknown[] } {
  const values: unknown[] = [today];
  const given = (value: unknown) => `$${values.push(value)}`;
  const asked = Object.entries(filter).map(([name, value]) => conditions[name]!(name === 'status' ? String(value) : given(name === 'q' ? likeText(String(value)) : value)));
  if (after) asked.push(`(i.issued_on, i.id) < (${given(after[0])}::date, ${given(after[1])}::uuid)`);
  return { where: asked.length ? `where ${asked.join(' and ')}` : '', values };
}

// The account is looked up for the rows of the page only: joined, the planner reads all of both tables before it sorts.
const columns = `i.id, i.number, (select number from app.accounts a where (a.tenant_id, a.id) = (i.tenant_id, i.account_id)) as "accountNumber",
    (select name from app.accounts a where (a.tenant_id, a.id) = (i.tenant_id, i.account_id)) as "accountName", i.issued_on as "issuedOn", i.due_on as "dueOn", i.currency, i.total_cents as "totalCents",
    case when i.status = 'sent' then i.total_cents - i.paid_cents else 0 end as "openCents",
    case when i.status <> 'sent' then i.status when i.paid_cents >= i.total_cents then 'paid' when i.due_on < $1::date then 'past-due' when i.paid_cents > 0 then 'partly-paid' else 'open' end as state
  from app.invoices i`;

const open = `i.status = 'sent' and i.paid_cents < i.total_cents`;
const byStatus: Readonly<Record<string, string>> = {
  'unsent': `i.status = 'unsent'`, 'void': `i.status = 'void'`, 'unpaid': open, 'past-due': `${open} and i.due_on < $1::date`, 'paid': `i.status = 'sent' and i.paid_cents >= i.total_cents`,
};
const conditions: Readonly<Record<string, (value: string) => string>> = {
  q: (value) => `(i.number ilike ${value} or i.account_id in (select id from app.accounts where number ilike ${value} or name ilike '%' || ${value}))`,
  status: (value) => byStatus[value] ?? 'false',
  from: (value) => `i.issued_on >= ${value}`,
  to: (value) => `i.issued_on <= ${value}`,
  least: (value) => `i.total_cents >= ${value}`,
  most: (value) => `i.total_cents <= ${value}`,
};

/** What begins like it; the signs that LIKE gives a meaning are looked for as they are. */
function likeText(asked: string): string {
  return `${asked.replace(/[\\%_]/g, (sign) => `\\${sign}`)}%`;
}
