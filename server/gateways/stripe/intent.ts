import type { Stripe } from 'stripe';
import type { Outcome } from '../gateway.ts';
import { outcomeOf } from './answers.ts';
import { demand, isMissing, type Place } from './client.ts';

export interface Intent {
  readonly reference: string;
  /** The payment that it belongs to, as we have named it there; '' for one that is not ours. */
  readonly attempt: string;
  /** As Stripe counts it. */
  readonly amount: number;
  readonly currency: string;
  readonly answer: Outcome | { outcome: 'not_found' };
}

export async function readIntent(stripe: Stripe, { account, id }: Place): Promise<Intent | null> {
  const found = await demand(stripe.paymentIntents.retrieve(id, {}, { stripeAccount: account }).catch((error: unknown) => {
    if (isMissing(error)) return null;
    throw error;
  }));
  if (!found) return null;
  const reference = `${account}/${id}`;
  const { amount, amount_received: received, status, currency, metadata } = found;
  return { reference, attempt: metadata['attempt'] ?? '', amount: status === 'succeeded' ? received : amount, currency, answer: outcomeOf(reference, found) };
}
