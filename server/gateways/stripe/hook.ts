import type { Stripe } from 'stripe';
import { z } from 'zod';

/** What a webhook says, which is never more than a hint. */
export interface Hook {
  readonly id: string;
  readonly type: string;
  readonly isLive: boolean;
  /** '' for what concerns the platform itself. */
  readonly account: string;
  /** The Payment Intent it is about, or ''. */
  readonly intent: string;
  /** The Checkout Session it is about, or ''. */
  readonly session: string;
}

const toleranceSeconds = 300;

/** Throws nothing, whatever is sent. */
export function readHook(stripe: Stripe, secret: string, body: Buffer, signature: string): Hook | null {
  const signedAt = Number(/(?:^|,)t=(\d{1,12})(?:,|$)/.exec(signature)?.[1]);
  // The SDK looks at the past only.
  if (!secret || !(signedAt <= Date.now() / 1000 + toleranceSeconds)) return null;
  try {
    const { data, success } = event.safeParse(stripe.webhooks.constructEvent(body, signature, secret, toleranceSeconds));
    return success ? data : null;
  } catch {
    return null;
  }
}

const id = z.string().regex(/^\w{1,250}$/);
const event = z.object({
  id,
  type: z.string().min(1).max(200),
  livemode: z.boolean(),
  account: id.optional(),
  data: z.object({ object: z.looseObject({ id: z.unknown(), object: z.unknown() }) }),
}).transform(({ data: { object }, livemode, account = '', ...rest }): Hook => {
  const named = (field: unknown) => id.safeParse(field).data ?? '';
  const intent = named(object.object === 'payment_intent' ? object.id : object['payment_intent']);
  return { ...rest, account, isLive: livemode, intent, session: object.object === 'checkout.session' ? named(object.id) : '' };
});
