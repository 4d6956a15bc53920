import { read } from '../platform/database.ts';
import type { CustomerAccount } from '../tenancy/people.ts';
import { invoiceColumns, listedColumns, type InvoiceRow } from './invoice.ts';

export interface InvoiceFilter {
  readonly number?: string | undefined;
  readonly from?: string | null | undefined;
  readonly to?: string | null | undefined;
  readonly leastCents?: number | null | undefined;
  readonly mostCents?: number | null | undefined;
  readonly status?: 'all' | 'unpaid' | 'past-due' | 'paid' | undefined;
}

export const pageSize = 25;

/** One page, newest first. `after` is the last row of the page before it ('2026-11-01_<id>'); next is empty on the last page. */
export async function listInvoices(account: CustomerAccount, today: string, filter: InvoiceFilter, after?: { day: string; id: string }): Promise<{ rows: InvoiceRow[]; next: string }> {
  const values = [account.id, today, prefix(filter.number), filter.from ?? null, filter.to ?? null, filter.leastCents ?? null, filter.mostCents ?? null, filter.status ?? 'all', after?.day ?? null, after?.id ?? null];
  const rows = await read<InvoiceRow>('invoices', text, values);
  const last = rows.length > pageSize ? rows[pageSize - 1] : undefined;
  return { rows: rows.slice(0, pageSize), next: last ? `${last.issuedOn}_${last.id}` : '' };
}

/** What is open, as the line above the list says it: how many, how much, per currency. What is being paid is open, but not late. */
export function sumOpen(account: CustomerAccount, today: string): Promise<{ currency: string; count: number; openCents: number; pastDueCents: number }[]> {
  return read(
    'open-sum',
    `select currency, count(*)::int as count, sum("totalCents" - "paidCents")::bigint as "openCents",
            coalesce(sum("totalCents" - "paidCents") filter (where state = 'past-due'), 0)::bigint as "pastDueCents"
       from (select ${invoiceColumns} from app.visible_invoices i where i.account_id = $1 and i.paid_cents < i.total_cents) open group by currency order by currency`,
    [account.id, today],
  );
}

const text = `select ${listedColumns} from app.visible_invoices i
  where i.account_id = $1 and ($3::text is null or i.number ilike $3)
    and ($4::date is null or i.issued_on >= $4) and ($5::date is null or i.issued_on <= $5)
    and ($6::bigint is null or i.total_cents >= $6) and ($7::bigint is null or i.total_cents <= $7)
    and ($8 = 'all' or ($8 = 'unpaid' and i.paid_cents < i.total_cents) or ($8 = 'paid' and i.paid_cents >= i.total_cents)
         or ($8 = 'past-due' and i.paid_cents < i.total_cents and i.due_on < $2::date))
    and ($9::date is null or (i.issued_on, i.id) < ($9::date, $10::uuid))
  order by i.issued_on desc, i.id desc limit ${pageSize + 1}`;

/** The signs that LIKE gives a meaning are looked for as they are. */
function prefix(number: string | undefined): string | null {
  return number ? `%${number.replace(/[\\%_]/g, (sign) => `\\${sign}`)}%` : null;
}
