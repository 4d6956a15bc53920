import { z } from 'zod';

/** A charge as the sandbox gateway remembers it: `key` is the id of the attempt. */
export interface Charge {
  readonly key: string;
  readonly tenantId: string;
  readonly amountCents: number;
  readonly currency: string;
  readonly outcome: string;
  readonly refundedCents: number;
}

const charges = z.array(z.object({ key: z.string(), tenantId: z.string(), amountCents: z.number(), currency: z.string(), outcome: z.string(), refundedCents: z.number() }));

export async function readCharges(sandboxUrl: string): Promise<Charge[]> {
  const answer = await fetch(new URL('/charges', sandboxUrl));
  if (!answer.ok) throw new Error(`the sandbox gateway answered ${answer.status}`);
  return charges.parse(await answer.json());
}

/**
 * Which charges and attempts do not have each other; `$1` are the organization's charges that succeeded, as JSON. Money that the
 * bank has just moved may still be under way here.
 */
export const unmatchedCharges = `
  select coalesce(p.number, c.key) as object,
         case when p.id is null then 'charged ' || c."amountCents" || ', and there is no such attempt'
              when c.key is null then p.state || ', and there is no such charge'
              when (p.amount_cents, p.currency) <> (c."amountCents", c.currency) then 'charged ' || c."amountCents" || ' ' || c.currency || ' instead of ' || p.amount_cents || ' ' || p.currency
              when p.refunded_cents <> c."refundedCents" then 'refunded ' || c."refundedCents" || ' instead of ' || p.refunded_cents
              else 'charged, and the attempt is ' || p.state end as detail
    from jsonb_to_recordset($1::jsonb) c (key text, "amountCents" bigint, currency text, "refundedCents" bigint)
    full join (select * from app.payments where gateway = 'sandbox') p on p.id::text = c.key
   where (c.key is not null and (p.id is null or p.state in ('created', 'submitted', 'unknown', 'awaiting_customer', 'declined', 'failed') or (p.amount_cents, p.currency, p.refunded_cents) <> (c."amountCents", c.currency, c."refundedCents")))
      or (c.key is null and p.state in ('succeeded', 'partially_refunded', 'refunded', 'returned', 'disputed'))`;
