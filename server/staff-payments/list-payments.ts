import { z } from 'zod';
import { read } from '../platform/database.ts';
import { fieldErrors, inOrder, isCalendarDay, optionalDay, text } from '../platform/forms.ts';
import type { Translate } from '../platform/text.ts';
import type { PaymentState } from '../payments/payment.ts';

/** One line of the list of attempts. Money is in minor units of its currency. */
export interface AttemptRow {
  readonly id: string;
  readonly number: string;
  readonly state: PaymentState;
  readonly createdAt: string;
  /** The same instant, exactly: where the next page begins. */
  readonly at: string;
  readonly accountNumber: string;
  readonly accountName: string;
  readonly amountCents: number;
  readonly refundedCents: number;
  readonly unappliedCents: number;
  readonly currency: string;
  readonly methodKind: string;
  readonly methodLabel: string;
  readonly gateway: string | null;
  readonly reference: string | null;
  readonly message: string;
}

export interface AttemptFilter {
  /** Part of the payment's number or the account's name, or the account's number. */
  readonly q?: string | undefined;
  readonly state?: keyof typeof groups | undefined;
  readonly from?: string | null | undefined;
  readonly to?: string | null | undefined;
}

export const groups = {
  'all': null,
  'paid': ['succeeded', 'partially_refunded'],
  'under-way': ['created', 'submitted', 'unknown', 'awaiting_customer', 'processing'],
  'not-paid': ['declined', 'failed'],
  'gone-back': ['refunded', 'partially_refunded', 'returned', 'disputed'],
  'unapplied': ['succeeded', 'partially_refunded'],
} satisfies Record<string, PaymentState[] | null>;

/** A wrong filter lists everything, and says beside the field what is wrong. */
export function readFilter(query: unknown, t: Translate) {
  const result = filterForm.safeParse(query);
  if (!result.success) return { filter: {}, filterErrors: fieldErrors(result.error, t), cursor: undefined };
  const { after, ...filter } = result.data;
  const [at = '', id = ''] = (after ?? '').split('_');
  return { filter, filterErrors: {}, cursor: after ? { at, id } : undefined };
}

const filterForm = z.object({
  q: text(60).optional(),
  state: z.enum(Object.keys(groups) as (keyof typeof groups)[], 'forms.wrong').optional(),
  from: optionalDay,
  to: optionalDay,
  after: z.string().regex(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,6})?[+-]\d\d(:\d\d)?_[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, 'forms.wrong')
    .refine((value) => isCalendarDay(value.slice(0, 10)) && !Number.isNaN(Date.parse(value.split('_')[0] ?? '')), 'forms.wrong').optional(),
}).superRefine(inOrder);

/** Newest first, at most `limit`; one more tells that there are others. */
export function listAttempts(filter: AttemptFilter, zone: string, limit: number, after?: { at: string; id: string }): Promise<AttemptRow[]> {
  return read<AttemptRow & Record<string, unknown>>('attempts', listText, [...valuesOf(filter, zone), after?.at ?? null, after?.id ?? null, limit + 1]);
}

/** Counts all of them: for jobs alone. */
export async function countAttempts(filter: AttemptFilter, zone: string): Promise<number> {
  const [found] = await read<{ count: number }>('count-attempts', `select count(*)::int as count ${from}`, valuesOf(filter, zone));
  return found?.count ?? 0;
}

function valuesOf(filter: AttemptFilter, zone: string): unknown[] {
  const q = filter.q ? `%${filter.q.replace(/[\\%_]/g, (sign) => `\\${sign}`)}%` : null;
  const state = filter.state ?? 'all';
  return [q, groups[state], filter.from ?? null, filter.to ?? null, zone, state === 'unapplied'];
}

const from = `from app.payments p join app.accounts a on (a.tenant_id, a.id) = (p.tenant_id, p.account_id)
 where ($1::text is null or p.number ilike $1 or a.number ilike $1 or a.name ilike $1) and ($2::text[] is null or p.state = any($2))
   and ($3::date is null or p.created_at >= $3::date::timestamp at time zone $5) and ($4::date is null or p.created_at < ($4::date + 1)::timestamp at time zone $5)
   and (not $6::boolean or p.unapplied_cents > 0)`;

const listText = `select p.id, p.number, p.state, p.created_at as "createdAt", p.created_at::text as at, a.number as "accountNumber", a.name as "accountName", p.amount_cents as "amountCents",
    p.refunded_cents as "refundedCents", p.unapplied_cents as "unappliedCents", p.currency, p.method_kind as "methodKind", p.method_label as "methodLabel", p.gateway, p.gateway_reference as reference, p.message
  ${from}
   and ($7::timestamptz is null or (p.created_at, p.id) < ($7::timestamptz, $8::uuid))
 order by p.created_at desc, p.id desc limit $9`;
