import { unseen } from '../ledger/sql.ts';
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

const [like, status] = [unseen('$3::text'), unseen('$8::text')];

/** The bounds are always there, so that the kept plan has them in its index range too; unseen, so that it is kept. */
const text = `with ${openInvoices},
  listed as (select ${listedColumns} from app.visible_invoices i
    where i.account_id = ${unseen('$1::uuid')} and (${like} is null or i.number ilike ${like})
      and i.issued_on between ${unseen('$4::date')} and ${unseen('$5::date')} and i.total_cents between ${unseen('$6::bigint')} and ${unseen('$7::bigint')}
      and (${status} = 'all' or (${status} = 'unpaid' and i.paid_cents < i.total_cents) or (${status} = 'paid' and i.paid_cents >= i.total_cents)
           or (${status} = 'past-due' and i.paid_cents < i.total_cents and i.due_on < $2::date))
      and (i.issued_on, i.id) < (${unseen('$9::date')}, ${unseen('$10::uuid')})
    order by i.issued_on desc, i.id desc limit ${unseen('$11::int')})
  select ${jsonRows('select * from listed')} as rows, ${jsonRows(sumText)} as sums`;

/** The signs that LIKE gives a meaning are looked for as they are. */
function prefix(number: string | undefined): string | null {
  return number ? `%${number.replace(/[\\%_]/g, (sign) => `\\${sign}`)}%` : null;
}
