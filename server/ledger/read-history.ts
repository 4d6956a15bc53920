import type { JournalKind } from './post-journal.ts';
import { read } from '../platform/database.ts';
import { monthOf, unseen } from './sql.ts';

/** One line of an account's history: a journal, by what it does to the balance. Money is in minor units of the line's currency. */
export interface HistoryLine {
  readonly id: string;
  readonly kind: JournalKind;
  /** Of the invoice, payment or credit it is about. */
  readonly number: string;
  readonly currency: string;
  readonly postedOn: string;
  /** What it adds to what the account owes; 0 where only a prepayment or a credit has changed. */
  readonly effectCents: number;
  /** What the account owes in this currency after the line. */
  readonly balanceCents: number;
  /** What it adds to the unapplied prepayments, and to the unused credits. */
  readonly prepaymentCents: number;
  readonly creditCents: number;
  readonly methodKind: string | null;
  readonly reference: string | null;
  /** The invoices that it paid, as far as they can still be seen. */
  readonly invoices: readonly string[];
}

/** Which lines; every field narrows an index scan, so that a long history costs as little as a short one. */
export interface HistoryRange {
  readonly currencies: readonly string[];
  readonly kinds: readonly JournalKind[];
  readonly from?: string | null | undefined;
  readonly to?: string | null | undefined;
}

export interface Cursor {
  readonly day: string;
  readonly id: string;
}

/** Voids are no line: a void invoice is seen by nobody, and its journals take each other away on one day. */
export const kindGroups = {
  all: ['invoice', 'payment', 'apply', 'credit', 'credit_void', 'refund', 'return', 'dispute', 'correction'],
  charges: ['invoice'],
  payments: ['payment', 'refund', 'return', 'dispute'],
  credits: ['credit', 'credit_void', 'apply', 'correction'],
} as const satisfies Record<string, readonly JournalKind[]>;
export type KindGroup = keyof typeof kindGroups;

/** The lines after the cursor in that order, one more than `limit` when there are more. */
export function readHistory(accountId: string, range: HistoryRange, order: 'newest' | 'oldest', limit: number, after?: Cursor): Promise<HistoryLine[]> {
  return read<HistoryLine & Record<string, unknown>>(`history-${order}-${limit}`, historyText(order, limit, balances), valuesOf(accountId, range, after ?? start[order]));
}

/** The first lines of a range, oldest first, in one currency and of all kinds. Their balances are counted from nothing: whoever knows what was owed before adds it, and no sums are read. */
export async function readFromStart(accountId: string, { currency, from, to }: { readonly currency: string; readonly from: string; readonly to: string }, limit: number): Promise<HistoryLine[]> {
  const range = { currencies: [currency], kinds: kindGroups.all, from, to };
  const lines = await read<HistoryLine & Record<string, unknown>>(`history-start-${limit}`, historyText('oldest', limit, noBalances), valuesOf(accountId, range, start.oldest));
  let balanceCents = 0;
  return lines.map((line) => ({ ...line, balanceCents: (balanceCents += line.effectCents) }));
}

const valuesOf = (accountId: string, range: HistoryRange, after: Cursor): unknown[] =>
  [accountId, range.currencies, range.kinds, range.from ?? earliest, range.to ?? latest, after.day, after.id];

/** How many lines there are, near enough to say how far a file of them is. Counts all of them: for jobs alone. */
export async function countHistory(accountId: string, { currencies, kinds, from, to }: HistoryRange): Promise<number> {
  const [found] = await read<{ count: number }>(
    'count-history', 'select count(*)::int as count from app.journals where account_id = $1 and currency = any($2) and kind = any($3) and posted_on between $4::date and $5::date',
    [accountId, currencies, kinds, from ?? earliest, to ?? latest],
  );
  return found?.count ?? 0;
}

export const cursorOf = (line: HistoryLine): string => `${line.postedOn}_${line.id}`;

const earliest = '0001-01-01';
const latest = '9999-12-31';
const start = { newest: { day: 'infinity', id: '00000000-0000-0000-0000-000000000000' }, oldest: { day: '-infinity', id: '00000000-0000-0000-0000-000000000000' } };

const account = unseen('$1::uuid');

/**
 * Picks the journals kind by kind and currency by currency, each an index scan that stops after the limit. The balance is one running
 * sum over the earlier months' sums, within the months of the lines over those of the days, and within their days over every entry. What is known of a line is asked line by line:
 * a join of guessed sizes (and an EXISTS beside an OR, which is hashed) would sooner or later be planned as each with each. The limits
 * are none: without them PostgreSQL guesses long lists where it does not know them, and plans the statement anew each time, at four times the cost.
 */
function historyText(order: 'newest' | 'oldest', limit: number, summed: string): string {
  const [direction, beyond] = order === 'newest' ? ['desc', '<'] : ['asc', '>'];
  return `with picked as materialized (
    select j.* from (select unnest($2::text[]) limit cardinality($2::text[])) currencies (currency)
      cross join (select unnest($3::text[]) limit cardinality($3::text[])) kinds (kind) cross join lateral (
      select j.id, j.kind, j.source_id, j.currency, j.posted_on, j.memo from app.journals j
       where j.account_id = ${account} and j.currency = currencies.currency and j.kind = kinds.kind
         and j.posted_on between ${unseen('$4::date')} and ${unseen('$5::date')} and (j.posted_on, j.id) ${beyond} (${unseen('$6::date')}, ${unseen('$7::uuid')})
         and (j.kind <> 'invoice' or (select i.id from app.visible_invoices i where i.id = j.source_id) is not null)
       order by j.posted_on ${direction}, j.id ${direction} limit ${limit + 1}) j
    order by j.posted_on ${direction}, j.id ${direction} limit ${limit + 1}), ${summed}
  select p.line as id, p.kind, p.memo as number, p.currency, p.posted_on as "postedOn", p.balance::bigint as "balanceCents",
         legs.effect as "effectCents", legs.prepayment as "prepaymentCents", legs.credit as "creditCents",
         case when p.kind in ('payment', 'return', 'dispute', 'correction') then (select m.method_kind from app.payments m where m.id = p.source_id) end as "methodKind",
         case when p.kind in ('credit', 'credit_void') then (select c.reference from app.credits c where c.id = p.source_id) end as reference, ${paidInvoices} as invoices
    from summed p cross join lateral (${legs}) legs where p.line is not null order by p.posted_on ${direction}, p.line ${direction}`;
}

/** Every receivable amount up to the last line: months and days without a line as one sum each, the days of the lines entry by entry, and the lines themselves. */
const moves = `
    select m.currency, m.month as posted_on, '${start.newest.id}'::uuid as journal_id, m.amount_cents as cents, null::uuid as line, null as kind, null::uuid as source_id, null as memo from app.ledger_months m
     where m.account_id = ${account} and m.ledger = 'receivable' and m.currency = any($2) and m.month < (select max(first) from month) and (m.currency, m.month) not in (select currency, first from month)
    union all
    select month.currency, d.posted_on, '${start.newest.id}', d.amount_cents, null, null, null, null from month cross join lateral (
      select d.posted_on, d.amount_cents from app.ledger_days d
       where d.account_id = ${account} and d.ledger = 'receivable' and d.currency = month.currency and d.posted_on >= month.first and d.posted_on < (month.first + interval '1 month')::date offset 0) d
     where (month.currency, d.posted_on) not in (select currency, posted_on from day)
    union all
    select day.currency, day.posted_on, e.journal_id, e.amount_cents, null, null, null, null from day cross join lateral (
      select e.journal_id, e.amount_cents from app.ledger_entries e
       where e.account_id = ${account} and e.ledger = 'receivable' and e.currency = day.currency and e.posted_on = day.posted_on and (
         select i.status from app.journals j join app.invoices i on i.id = j.source_id where j.id = e.journal_id and j.kind in ('invoice', 'invoice_void')) is distinct from 'void' offset 0) e
    union all
    select currency, posted_on, id, 0, id, kind, source_id, memo from picked`;

const balances = `day as materialized (select distinct currency, posted_on from picked),
  month as materialized (select distinct currency, ${monthOf('posted_on')} as first from day),
  moves as (${moves}),
  summed as (select *, sum(cents) over (partition by currency order by posted_on, journal_id) as balance from moves)`;
const noBalances = `summed as (select *, id as line, 0 as balance from picked)`;

const legs = `select coalesce(sum(e.amount_cents) filter (where e.ledger = 'receivable'), 0)::bigint as effect,
           coalesce(-sum(e.amount_cents) filter (where e.ledger = 'prepayment'), 0)::bigint as prepayment, coalesce(-sum(e.amount_cents) filter (where e.ledger = 'credit'), 0)::bigint as credit
      from app.ledger_entries e where e.journal_id = p.line`;

const paidInvoices = `case when p.kind = 'payment' then (
      select coalesce(jsonb_agg(distinct i.number), '[]') from app.allocations a join app.visible_invoices i on i.id = a.invoice_id
       where a.payment_id = p.source_id and a.applied_at is not null and (select j.id from app.journals j where j.kind = 'apply' and j.source_id = a.id) is null)
    when p.kind in ('apply', 'correction') then (
      select coalesce(jsonb_agg(i.number), '[]') from app.allocations a join app.visible_invoices i on i.id = a.invoice_id where a.id = p.source_id)
    else '[]' end`;
