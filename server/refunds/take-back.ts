import { recountPaid } from '../invoices/recount-paid.ts';
import { fill } from '../money/allocate.ts';
import { read } from '../platform/database.ts';

/** What a payment has given, in minor units: what waits unapplied and what stands on invoices. */
export interface Taken {
  readonly unappliedCents: number;
  readonly appliedCents: number;
}

interface Part {
  readonly id: string;
  readonly invoiceId: string;
  readonly cents: number;
}

/**
 * Takes money out of a payment again: first what waits unapplied, then from the invoices it paid, the newest first, which are open
 * again by that much. The account is locked already. Throws RangeError when the payment has not so much left.
 */
export async function takeBack(paymentId: string, amountCents: number): Promise<Taken> {
  const parts = await read<Part & Record<string, unknown>>('parts-of-payment', partsText, [paymentId]);
  const [payment] = await read<{ cents: number }>('left-of-payment', 'select unapplied_cents as cents from app.payments where id = $1 for update', [paymentId]);
  const unappliedCents = Math.min(payment?.cents ?? 0, amountCents);
  const { givenCents, unappliedCents: missing } = fill(amountCents - unappliedCents, parts.map(({ cents }) => ({ wantedCents: cents, roomCents: cents })));
  if (missing > 0) throw new RangeError(`payment ${paymentId} has not ${amountCents} left`);
  const touched = parts.map((part, at) => ({ ...part, back: givenCents[at] ?? 0 })).filter(({ back }) => back > 0);
  await read('reverse-parts', reverseParts, [touched.map(({ id }) => id), touched.map(({ back }) => back)]);
  await recountPaid(touched.map(({ invoiceId }) => invoiceId));
  await read('take-unapplied', 'update app.payments set unapplied_cents = unapplied_cents - $2 where id = $1', [paymentId, unappliedCents]);
  return { unappliedCents, appliedCents: amountCents - unappliedCents };
}

const partsText = `select l.id, l.invoice_id as "invoiceId", l.amount_cents as cents
    from app.allocations l join app.invoices i on (i.tenant_id, i.id) = (l.tenant_id, l.invoice_id)
   where l.payment_id = $1 and l.applied_at is not null and l.reversed_at is null order by i.issued_on desc, i.id desc, l.created_at desc, l.id desc for update of i`;

/** An allocation is never made smaller: it ends, and one of what is left takes its place. */
const reverseParts = `with ended as (
    update app.allocations l set reversed_at = now() from unnest($1::uuid[], $2::bigint[]) back (id, cents) where l.id = back.id
    returning l.account_id, l.invoice_id, l.payment_id, l.applied_at, l.amount_cents - back.cents as left_cents)
  insert into app.allocations (account_id, invoice_id, payment_id, amount_cents, applied_at)
  select account_id, invoice_id, payment_id, left_cents, applied_at from ended where left_cents > 0`;
