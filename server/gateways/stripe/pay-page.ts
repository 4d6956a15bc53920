import type { Stripe } from 'stripe';
import type { Outcome, PaidWith, PayPage, PayPageRequest } from '../gateway.ts';
import { outcomeOf, unanswered } from './answers.ts';
import { demand, isMissing, isRefusal, toStripe, type Place } from './client.ts';
import { brandName, stripeKind } from './methods.ts';

/** Stripe's hosted page for paying once. Its Payment Intent is made by Stripe when somebody pays: until then the session is all there is. */
export async function openPayPage(stripe: Stripe, account: string, request: PayPageRequest): Promise<PayPage> {
  const { key, tenantId, amountCents, currency, description, kinds, returnUrl, leaveUrl, expiresAt, locale } = request;
  const { amount, currency: code } = toStripe(amountCents, currency);
  const metadata = { attempt: key, tenant: tenantId };
  const session = await demand(stripe.checkout.sessions.create(
    {
      mode: 'payment', client_reference_id: key, metadata, payment_intent_data: { description, metadata },
      line_items: [{ quantity: 1, price_data: { currency: code, unit_amount: amount, product_data: { name: description } } }],
      // What was asked for is what is booked: no other currency on the page.
      adaptive_pricing: { enabled: false }, allowed_payment_method_types: kinds.map((kind) => stripeKind[kind]), locale: locale.startsWith('es') ? 'es' : 'en',
      ...(kinds.includes('bank') ? { payment_method_options: { us_bank_account: { verification_method: 'instant' as const } } } : {}),
      success_url: returnUrl, cancel_url: leaveUrl, expires_at: Math.floor(expiresAt.getTime() / 1000),
    },
    { stripeAccount: account, idempotencyKey: `${key}:page` },
  ));
  if (!session.url) throw new Error('Stripe opened a page without an address');
  return { url: session.url, reference: `${account}/${session.id}` };
}

/** Where it can be paid; null once it is paid, closed or gone. Throws Unavailable. */
export async function findPayPage(stripe: Stripe, { account, id }: Place): Promise<string | null> {
  const session = await demand(stripe.checkout.sessions.retrieve(id, {}, { stripeAccount: account }).catch((error: unknown) => {
    if (isMissing(error)) return null;
    throw error;
  }));
  return session?.status === 'open' ? session.url : null;
}

export async function lookupPage(stripe: Stripe, { account, id }: Place): Promise<Outcome | { outcome: 'not_found'; isClosed: boolean }> {
  try {
    const session = await stripe.checkout.sessions.retrieve(id, { expand: ['payment_intent.latest_charge'] }, { stripeAccount: account });
    if (session.status !== 'complete') return { outcome: 'not_found', isClosed: session.status === 'expired' };
    const intent = session.payment_intent;
    if (!intent || typeof intent === 'string') return unanswered;
    const outcome = outcomeOf(`${account}/${intent.id}`, intent);
    if (outcome.outcome === 'not_found') return unanswered;
    return outcome.outcome === 'succeeded' || outcome.outcome === 'processing' ? { ...outcome, ...paidWith(intent) } : outcome;
  } catch {
    return unanswered;
  }
}

/** A session that has expired can never be paid. */
export async function cancelPage(stripe: Stripe, place: Place): Promise<{ cancelled: true } | { cancelled: false; answer: Outcome }> {
  try {
    const { status } = await stripe.checkout.sessions.expire(place.id, {}, { stripeAccount: place.account });
    return status === 'expired' ? { cancelled: true } : { cancelled: false, answer: unanswered };
  } catch (error) {
    if (!isRefusal(error)) return { cancelled: false, answer: unanswered };
  }
  const answer = await lookupPage(stripe, place);
  if (answer.outcome !== 'not_found') return { cancelled: false, answer };
  return answer.isClosed ? { cancelled: true } : { cancelled: false, answer: unanswered };
}

function paidWith({ latest_charge: charge }: Stripe.PaymentIntent): { paidWith?: PaidWith } {
  const details = charge && typeof charge !== 'string' ? charge.payment_method_details : null;
  const { card, us_bank_account: bank } = details ?? {};
  if (card?.last4) return { paidWith: { kind: 'card', brand: brandName(card.brand ?? 'unknown'), last4: card.last4 } };
  return bank?.last4 ? { paidWith: { kind: 'bank', brand: bank.bank_name ?? 'Bank account', last4: bank.last4 } } : {};
}
