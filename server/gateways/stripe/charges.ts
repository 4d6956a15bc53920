import type { Stripe } from 'stripe';
import { GatewayMisuse, type ChargeRequest, type NotFound, type Outcome, type RefundRequest } from '../gateway.ts';
import { askYourself, noSuchMethod, outcomeOf, refundOutcome, unanswered, unreached, wordsFor } from './answers.ts';
import { demandPlace, isMissing, isOfStripe, isRefusal, toStripe, type Place } from './client.ts';
import { stripeKind, type Token } from './methods.ts';
import { cancelPage, lookupPage } from './pay-page.ts';

/** Opening moves no money, so that whatever goes wrong there has surely not charged; what matters is confirmed under a name that is kept. */
export async function chargeIntent(stripe: Stripe, request: ChargeRequest, method: Token): Promise<Outcome> {
  const { opened } = request;
  if (!opened) throw new GatewayMisuse('Stripe charges nothing whose reference is not kept');
  const intent = await openIntent(stripe, request, method);
  if ('outcome' in intent) return intent;
  const place = { account: method.account, id: intent.id };
  if (!(await opened(`${place.account}/${place.id}`))) return unreached;
  return confirmIntent(stripe, place, request.key);
}

export async function lookupIntent(stripe: Stripe, reference: string | null | undefined): Promise<Outcome | NotFound> {
  // Nothing is confirmed before its reference is kept.
  if (!reference) return { outcome: 'not_found' };
  try {
    const { account, id } = demandPlace(reference);
    if (id.startsWith('cs_')) return await lookupPage(stripe, { account, id });
    if (id.startsWith('re_')) return refundOutcome(account, await stripe.refunds.retrieve(id, {}, { stripeAccount: account }));
    return outcomeOf(reference, await stripe.paymentIntents.retrieve(id, {}, { stripeAccount: account }));
  } catch (error) {
    if (error instanceof GatewayMisuse) throw error;
    return unanswered;
  }
}

/** A cancelled intent can never be confirmed. Without a reference there is nothing to cancel: the attempt's lock holds the fence. */
export async function cancelIntent(stripe: Stripe, reference: string | null | undefined): Promise<{ cancelled: true } | { cancelled: false; answer: Outcome }> {
  if (!reference) return { cancelled: true };
  const { account, id } = demandPlace(reference);
  if (id.startsWith('cs_')) return cancelPage(stripe, { account, id });
  try {
    const { status } = await stripe.paymentIntents.cancel(id, {}, { stripeAccount: account });
    return status === 'canceled' ? { cancelled: true } : { cancelled: false, answer: unanswered };
  } catch (error) {
    if (!isRefusal(error)) return { cancelled: false, answer: unanswered };
  }
  return readAgain(stripe, { account, id });
}

export async function refundIntent(stripe: Stripe, { key, reference, amountCents }: RefundRequest): Promise<Outcome> {
  const { account, id } = demandPlace(reference);
  try {
    const { currency } = await stripe.paymentIntents.retrieve(id, {}, { stripeAccount: account });
    const { amount } = toStripe(amountCents, currency.toUpperCase());
    const options = { stripeAccount: account, idempotencyKey: `${key}:refund` };
    return refundOutcome(account, await stripe.refunds.create({ payment_intent: id, amount, metadata: { refund: key } }, options));
  } catch (error) {
    if (isOfStripe(error, 'StripeIdempotencyError')) throw new GatewayMisuse(error.message);
    if (isMissing(error)) return { outcome: 'declined', reference: null, message: 'No payment to refund' };
    if (isRefusal(error)) return { outcome: 'declined', reference: null, message: refusedRefunds[error.code ?? ''] ?? 'Not refunded' };
    return isUnreached(error) ? unreached : unanswered;
  }
}

const refusedRefunds: Readonly<Record<string, string>> = {
  charge_already_refunded: 'More than was paid', amount_too_large: 'More than was paid', charge_disputed: 'The payment is disputed', insufficient_funds: 'Not enough money to refund',
};

async function openIntent(stripe: Stripe, request: ChargeRequest, { account, customer, kind, method }: Token): Promise<Stripe.PaymentIntent | Outcome> {
  const { key, tenantId, amountCents, currency, description } = request;
  try {
    return await stripe.paymentIntents.create(
      { ...toStripe(amountCents, currency), customer, payment_method: method, allowed_payment_method_types: [stripeKind[kind]], description, metadata: { attempt: key, tenant: tenantId } },
      { stripeAccount: account, idempotencyKey: `${key}:create` },
    );
  } catch (error) {
    if (isOfStripe(error, 'StripeCardError')) return { outcome: 'declined', reference: null, message: wordsFor(error) };
    if (isMissing(error)) return { outcome: 'declined', reference: null, message: noSuchMethod };
    if (isRefusal(error)) throw new GatewayMisuse(`Stripe refused to open a payment: ${error.message}`);
    return unreached;
  }
}

async function confirmIntent(stripe: Stripe, place: Place, key: string): Promise<Outcome> {
  const reference = `${place.account}/${place.id}`;
  try {
    const intent = await stripe.paymentIntents.confirm(place.id, { off_session: true }, { stripeAccount: place.account, idempotencyKey: `${key}:confirm` });
    const outcome = outcomeOf(reference, intent);
    return outcome.outcome === 'not_found' ? withdraw(stripe, reference, askYourself) : outcome;
  } catch (error) {
    if (isOfStripe(error, 'StripeCardError')) return { outcome: 'declined', reference, message: wordsFor(error) };
    return isRefusal(error) ? withdraw(stripe, reference, isMissing(error) ? noSuchMethod : 'The payment could not be made') : unanswered;
  }
}

/** It would stay open without anybody who could finish it, so it is closed before it is called declined. */
async function withdraw(stripe: Stripe, reference: string, message: string): Promise<Outcome> {
  const fenced = await cancelIntent(stripe, reference);
  return fenced.cancelled ? { outcome: 'declined', reference, message } : fenced.answer;
}

async function readAgain(stripe: Stripe, { account, id }: Place): Promise<{ cancelled: true } | { cancelled: false; answer: Outcome }> {
  try {
    const intent = await stripe.paymentIntents.retrieve(id, {}, { stripeAccount: account });
    const answer = outcomeOf(`${account}/${id}`, intent);
    if (intent.status === 'canceled') return { cancelled: true };
    return { cancelled: false, answer: answer.outcome === 'not_found' ? unanswered : answer };
  } catch {
    return { cancelled: false, answer: unanswered };
  }
}

function isUnreached(error: unknown): boolean {
  const code = ((error as { detail?: unknown }).detail as NodeJS.ErrnoException | undefined)?.code ?? '';
  return ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'].includes(code);
}
