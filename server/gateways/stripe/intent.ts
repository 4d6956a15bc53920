import type { Stripe } from 'stripe';
import type { Outcome } from '../gateway.ts';
import { outcomeOf, refundOutcome, wordsFor } from './answers.ts';
import { demand, fromStripe, isMissing, type Place } from './client.ts';

export interface Intent {
  readonly reference: string;
  /** The payment that it belongs to, as we have named it there; '' for one that is not ours. */
  readonly attempt: string;
  /** As Stripe counts it. */
  readonly amount: number;
  readonly currency: string;
  readonly answer: Outcome | { outcome: 'not_found' };
  /** Empty and 'none' where they were not asked for. */
  readonly refunds: readonly IntentRefund[];
  readonly dispute: DisputeState;
}

export interface IntentRefund {
  readonly reference: string;
  /** The refund that it belongs to, as we have named it there; '' for one that was made at Stripe. */
  readonly refund: string;
  readonly amountCents: number;
  readonly answer: Outcome;
}

/** Of all disputes of a payment together. Mere inquiries count for nothing: they take no money away. */
export type DisputeState = 'none' | 'open' | 'won' | 'lost';

/** @param aftermath whether refunds and disputes are read, too */
export async function readIntent(stripe: Stripe, { account, id }: Place, aftermath: boolean): Promise<Intent | null> {
  const options = { stripeAccount: account };
  const found = await demand(stripe.paymentIntents.retrieve(id, { expand: ['latest_charge'] }, options).catch((error: unknown) => {
    if (isMissing(error)) return null;
    throw error;
  }));
  if (!found) return null;
  const reference = `${account}/${id}`;
  const { amount, amount_received: received, status, currency, metadata } = found;
  const about = { payment_intent: id, limit: 100 };
  const refunds = aftermath ? (await demand(stripe.refunds.list(about, options))).data : [];
  const disputes = aftermath ? (await demand(stripe.disputes.list(about, options))).data : [];
  return {
    reference, attempt: metadata['attempt'] ?? '', amount: status === 'succeeded' ? received : amount, currency,
    answer: answerOf(reference, found), refunds: refunds.map((refund) => describe(account, refund)), dispute: together(disputes),
  };
}

/** A bank may send money back that had come: then the charge has failed after all. */
function answerOf(reference: string, intent: Stripe.PaymentIntent): Intent['answer'] {
  const { latest_charge: charge } = intent;
  const isBack = intent.status === 'succeeded' && charge && typeof charge !== 'string' && charge.status === 'failed';
  return isBack ? { outcome: 'declined', reference, message: wordsFor({ code: charge.failure_code ?? undefined }) } : outcomeOf(reference, intent);
}

function describe(account: string, refund: Stripe.Refund): IntentRefund {
  return {
    reference: `${account}/${refund.id}`, refund: refund.metadata?.['refund'] ?? '', amountCents: fromStripe(refund.amount, refund.currency), answer: refundOutcome(account, refund),
  };
}

function together(disputes: readonly Stripe.Dispute[]): DisputeState {
  const has = (...states: string[]) => disputes.some(({ status }) => states.includes(status));
  if (has('lost', 'appeal_needs_response', 'appeal_under_review')) return 'lost';
  if (has('needs_response', 'under_review')) return 'open';
  return has('won') ? 'won' : 'none';
}
