import { read } from '../platform/database.ts';

export type Ledger = 'receivable' | 'revenue' | 'cash' | 'prepayment' | 'credit';
export type JournalKind =
  | 'invoice' | 'invoice_void' | 'payment' | 'apply' | 'credit' | 'credit_void' | 'refund' | 'return' | 'dispute' | 'correction';

/** One side of a journal; debits are positive, credits negative. */
export interface Leg {
  readonly ledger: Ledger;
  readonly amountCents: number;
}

export interface Journal {
  readonly accountId: string;
  readonly kind: JournalKind;
  /** What it is about: the invoice, the payment, the credit, or for 'apply' the allocation. */
  readonly sourceId: string;
  readonly currency: string;
  /** An ISO day. */
  readonly postedOn: string;
  readonly memo: string;
  readonly legs: readonly Leg[];
}

/**
 * Writes a journal once per kind and source, and returns whether it was written now: a repeat changes nothing and answers false.
 * Legs of zero are left out; legs that do not sum to zero throw. Locks are taken in the order account, invoice, payment, ledger:
 * whoever holds none of the first three yet locks the account before this.
 *
 * What the kinds mean:
 * - invoice: receivable +total, revenue -total; invoice_void is its reverse.
 * - payment: cash +amount, receivable -applied, prepayment -unapplied.
 * - credit: revenue +amount, credit -amount; credit_void is its reverse.
 * - apply: credit (or prepayment) +applied, receivable -applied.
 */
export async function postJournal({ accountId, kind, sourceId, currency, postedOn, memo, legs }: Journal): Promise<boolean> {
  if (legs.reduce((sum, { amountCents }) => sum + amountCents, 0) !== 0) throw new RangeError(`the legs of ${kind} ${sourceId} do not sum to zero`);
  const real = legs.filter(({ amountCents }) => amountCents !== 0);
  const [row] = await read<{ posted: boolean }>('post-journal', postOnce, [
    accountId, kind, sourceId, currency, postedOn, memo, real.map(({ ledger }) => ledger), real.map(({ amountCents }) => amountCents),
  ]);
  return row?.posted ?? false;
}

const postOnce = `with journal as (
    insert into app.journals (account_id, kind, source_id, currency, posted_on, memo) values ($1, $2, $3, $4, $5, $6)
    on conflict (tenant_id, kind, source_id) do nothing returning id),
  entries as (
    insert into app.ledger_entries (journal_id, account_id, ledger, amount_cents, currency, posted_on)
    select journal.id, $1, leg.ledger, leg.amount_cents, $4, $5 from journal, unnest($7::text[], $8::bigint[]) leg (ledger, amount_cents))
  select exists (select from journal) as posted`;
