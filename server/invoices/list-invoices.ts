import { read } from '../platform/database.ts';
import { jsonRows } from '../platform/json-rows.ts';
import type { CustomerAccount } from '../tenancy/people.ts';
import { listedColumns, openInvoices, type InvoiceRow } from './invoice.ts';

export interface InvoiceFilter {
  readonly number?: string | undefined;
  readonly from?: string | null | undefined;
  readonly to?: string | null | undefined;
  readonly leastCents?: number | null | undefined;
  readonly mostCents?: number | null | undefined;
  readonly status?: 'all' | 'unpaid' | 'past-due' | 'paid' | undefined;
}

export const pageSize = 25;

/** Of one currency: how many are open, how much. What is being paid is open, but not late. */
export interface OpenSum {
  readonly currency: string;
  readonly count: number;
  readonly openCents: number;
  readonly pastDueCents: number;
}

interface Listed {
  readonly rows: InvoiceRow[];
  /** The cursor of the next page ('2026-11-01_<id>'), empty on the last one. */
  readonly next: string;
  /** Of everything that is open, whatever is listed. */
  readonly sums: readonly OpenSum[];
}

/** One page, newest first, with the line above it, in one statement. `after` is the last row of the page before it. */
export async function listInvoices(account: CustomerAccount, today: string, filter: InvoiceFilter, { after, size = pageSize }: { after?: { day: string; id: string } | undefined; size?: number } = {}): Promise<Listed> {
  const range = [filter.from ?? '-infinity', filter.to ?? 'infinity', filter.leastCents ?? 0, filter.mostCents ?? Number.MAX_SAFE_INTEGER];
  const values = [account.id, today, prefix(filter.number), ...range, filter.status ?? 'all', after?.day ?? 'infinity', after?.id ?? lastId, size + 1];
  const [{ rows, sums } = { rows: [], sums: [] }] = await read<{ rows: InvoiceRow[]; sums: OpenSum[] }>('invoices', text, values);
  const last = rows.length > size ? rows[size - 1] : undefined;
  return { rows: rows.slice(0, size), next: last ? `${last.issuedOn}_${last.id}` : '', sums };
}

export function sumOpen(account: CustomerAccount, today: string): Promise<OpenSum[]> {
  return read<OpenSum & Record<string, unknown>>('open-sum', `with ${openInvoices} ${sumText}`, [account.id, today]);
}

const sumText = `select currency, count(*)::int as count, sum(total_cents - paid_cents)::bigint as "openCents",
    coalesce(sum(total_cents - paid_cents) filter (where state = 'past-due'), 0)::bigint as "pastDueCents" from open group by currency order by currency`;

const lastId = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/**
 * What is asked for stands in a row of its own, where the planner does not look: the plan is kept, and serves all bounds. The bounds are always
 * there, so that it has them in its index range.
 */
const asked = `(select $1::uuid as account_id, $3::text as pattern, $4::date as since, $5::date as until, $6::bigint as least, $7::bigint as most,
    $8::text as which, $9::date as before_day, $10::uuid as before_id, $11::int as size offset 0) asked`;

const text = `with ${openInvoices},
  listed as (select i.* from ${asked}, lateral (select ${listedColumns} from app.visible_invoices i
    where i.account_id = asked.account_id and (pattern is null or i.number ilike pattern)
      and i.issued_on between since and until and i.total_cents between least and most
      and (which = 'all' or (which = 'unpaid' and i.paid_cents < i.total_cents) or (which = 'paid' and i.paid_cents >= i.total_cents)
           or (which = 'past-due' and i.paid_cents < i.total_cents and i.due_on < $2::date))
      and (i.issued_on, i.id) < (before_day, before_id)
    order by i.issued_on desc, i.id desc limit size) i)
  select ${jsonRows('select * from listed')} as rows, ${jsonRows(sumText)} as sums`;

/** The signs that LIKE gives a meaning are looked for as they are. */
function prefix(number: string | undefined): string | null {
  return number ? `%${number.replace(/[\\%_]/g, (sign) => `\\${sign}`)}%` : null;
}
