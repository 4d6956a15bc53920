import type { Stripe } from 'stripe';
import type { Outcome } from '../gateway.ts';

/** What became of a Payment Intent; not_found while nobody has charged it and a confirmation could still come. */
export function outcomeOf(reference: string, intent: Pick<Stripe.PaymentIntent, 'status' | 'last_payment_error'>): Outcome | { outcome: 'not_found' } {
  const { status, last_payment_error: problem } = intent;
  if (status === 'succeeded') return { outcome: 'succeeded', reference, message: 'Approved' };
  if (status === 'processing') return { outcome: 'processing', reference, message: 'Bank payment under way' };
  if (status === 'canceled') return { outcome: 'declined', reference, message: problem ? wordsFor(problem) : 'Payment cancelled' };
  if (status === 'requires_payment_method' && problem) return { outcome: 'declined', reference, message: wordsFor(problem) };
  return { outcome: 'not_found' };
}

/** What became of a refund. Bank refunds take days. */
export function refundOutcome(account: string, refund: Pick<Stripe.Refund, 'id' | 'status'>): Outcome {
  const reference = `${account}/${refund.id}`;
  if (refund.status === 'succeeded') return { outcome: 'succeeded', reference, message: 'Refunded' };
  if (refund.status === 'pending') return { outcome: 'processing', reference, message: 'Refund under way' };
  return { outcome: 'declined', reference, message: 'Not refunded' };
}

export const askYourself = 'Your bank wants you to confirm this payment. Use another payment method or call your bank';
export const noSuchMethod = 'Payment method no longer available';
export const unanswered = { outcome: 'unknown', message: 'The payment service has not answered' } as const;
export const unreached = { outcome: 'not_reached', message: 'The payment service cannot be reached' } as const;

/** A decline in words that a payer may read. Stolen, lost and suspected cards are not called so: the reader may be the thief. */
export function wordsFor({ code, decline_code: reason }: { readonly code?: string | undefined; readonly decline_code?: string | undefined }): string {
  return words[reason ?? ''] ?? words[code ?? ''] ?? 'Card declined';
}

const words: Readonly<Record<string, string>> = {
  insufficient_funds: 'Insufficient funds',
  withdrawal_count_limit_exceeded: 'The limit of the card is reached',
  card_velocity_exceeded: 'The limit of the card is reached',
  expired_card: 'Expired card',
  incorrect_cvc: 'Wrong security code',
  invalid_cvc: 'Wrong security code',
  incorrect_number: 'Wrong card number',
  card_not_supported: 'The card does not allow this payment',
  currency_not_supported: 'The card does not take this currency',
  processing_error: 'The bank could not process the card. Try again later',
  try_again_later: 'The bank could not process the card. Try again later',
  authentication_required: askYourself,
  debit_not_authorized: 'The bank account does not allow this payment',
  bank_account_restricted: 'The bank account does not allow this payment',
  account_closed: 'The bank account is closed',
  no_account: 'The bank account was not found',
  payment_method_provider_decline: 'Declined by the bank',
  payment_intent_payment_attempt_failed: 'Declined by the bank',
};
