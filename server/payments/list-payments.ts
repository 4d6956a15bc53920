import { read } from '../platform/database.ts';
import type { CustomerAccount } from '../tenancy/people.ts';
import { columns, tables, type PaymentRow } from './payment.ts';

export interface PaymentFilter {
  readonly number?: string | undefined;
  readonly from?: string | null | undefined;
  readonly to?: string | null | undefined;
  readonly status?: 'all' | 'paid' | 'under-way' | 'not-paid' | undefined;
}

export interface PaymentSum extends Record<string, unknown> {
  readonly currency: string;
  readonly paidCount: number;
  readonly paidCents: number;
  readonly underWayCount: number;
  readonly underWayCents: number;
}

const pageSize = 25;
export const mostSummed = 1000;

/** One page, newest first. `after` is the last row of the page before it; next is its name in an address, empty on the last page. */
export async function listPayments(account: CustomerAccount, filter: PaymentFilter, { after, size = pageSize }: { after?: { day: string; id: string } | undefined; size?: number } = {}): Promise<{ rows: PaymentRow[]; next: string }> {
  const rows = await read<PaymentRow & Record<string, unknown>>('payments', pageText, [...asked(account, filter), after?.day ?? null, after?.id ?? null, size + 1]);
  const last = rows.length > size ? rows[size - 1] : undefined;
  return { rows: rows.slice(0, size), next: last ? `${last.paidOn}_${last.id}` : '' };
}

/** What the filter finds came to, per currency: what was paid and not given back, and what is under way. Undefined where it finds more than `mostSummed`: a page never sums a whole history. */
export async function sumPayments(account: CustomerAccount, filter: PaymentFilter): Promise<PaymentSum[] | undefined> {
  const sums = await read<PaymentSum & { found: number }>('payments-sum', sumText, asked(account, filter));
  return sums.reduce((all, { found: of }) => all + of, 0) > mostSummed ? undefined : sums;
}

function asked(account: CustomerAccount, { number, from, to, status = 'all' }: PaymentFilter) {
  return [account.id, number ? `%${number.replace(/[\\%_]/g, (sign) => `\\${sign}`)}%` : null, from ?? null, to ?? null, statesOf[status]];
}

const statesOf = {
  'all': null,
  'paid': ['succeeded', 'partially_refunded', 'disputed'],
  'under-way': ['created', 'submitted', 'unknown', 'awaiting_customer', 'processing'],
  'not-paid': ['declined', 'failed', 'refunded', 'returned'],
};

const found = `p.account_id = $1 and ($2::text is null or p.number ilike $2)
    and ($3::date is null or p.paid_on >= $3) and ($4::date is null or p.paid_on <= $4)
    and ($5::text[] is null or p.state = any($5))`;

const pageText = `select ${columns} from ${tables}
  where ${found} and ($6::date is null or (p.paid_on, p.id) < ($6::date, $7::uuid))
  order by p.paid_on desc, p.id desc limit $8`;

const isPaid = `state in ('succeeded', 'partially_refunded')`;
const isUnderWay = `state = 'processing'`;
const sumText = `select currency, count(*)::int as found, count(*) filter (where ${isPaid})::int as "paidCount", coalesce(sum(amount_cents - refunded_cents) filter (where ${isPaid}), 0)::bigint as "paidCents",
    count(*) filter (where ${isUnderWay})::int as "underWayCount", coalesce(sum(amount_cents) filter (where ${isUnderWay}), 0)::bigint as "underWayCents"
  from (select p.* from app.payments p where ${found} order by p.paid_on desc, p.id desc limit ${mostSummed + 1}) p group by currency order by currency`;
