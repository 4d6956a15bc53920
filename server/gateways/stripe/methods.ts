import type { Stripe } from 'stripe';
import type { MethodKind, SavedMethod, SavingRequest } from '../gateway.ts';
import { demand, isMissing } from './client.ts';

/** What a token says: whose customer, with which method, in which connected account. */
export interface Token {
  readonly account: string;
  readonly customer: string;
  readonly kind: MethodKind;
  readonly method: string;
}

export const stripeKind = { card: 'card', bank: 'us_bank_account' } as const satisfies Record<MethodKind, string>;

export function readToken(token: string): Token | null {
  const [, account, customer, kind, method] = /^(acct_\w+)\/(cus_\w+)\/(card|bank)\/(\w+)$/.exec(token) ?? [];
  return account && customer && method ? { account, customer, kind: kind as MethodKind, method } : null;
}

/** Stripe's hosted page, only for saving: nothing is charged there. */
export async function openSaving(stripe: Stripe, account: string, { tenantId, returnUrl, kinds, locale }: SavingRequest): Promise<{ url: string }> {
  const session = await demand(stripe.checkout.sessions.create(
    {
      mode: 'setup', customer_creation: 'always', allowed_payment_method_types: kinds.map((kind) => stripeKind[kind]), locale: locale.startsWith('es') ? 'es' : 'en',
      // Typed out, because Stripe fills the braces in only when they are not encoded.
      success_url: `${returnUrl}?session=${account}.{CHECKOUT_SESSION_ID}`, cancel_url: returnUrl, metadata: { tenant: tenantId },
      // Bank accounts that need small test payments first would come back unfinished.
      ...(kinds.includes('bank') ? { payment_method_options: { us_bank_account: { verification_method: 'instant' as const } } } : {}),
    },
    { stripeAccount: account },
  ));
  if (!session.url) throw new Error('Stripe opened a page without an address');
  return { url: session.url };
}

/** null for sessions that are unfinished, unknown or no sessions at all. */
export async function readSaving(stripe: Stripe, session: string): Promise<SavedMethod | null> {
  const [, account, id] = /^(acct_\w{1,60})\.(cs_\w{1,250})$/.exec(session) ?? [];
  if (!account || !id) return null;
  const found = await demand(ifThere(stripe.checkout.sessions.retrieve(id, { expand: ['setup_intent.payment_method'] }, { stripeAccount: account })));
  const intent = found?.setup_intent;
  if (found?.status !== 'complete' || !intent || typeof intent === 'string' || intent.status !== 'succeeded') return null;
  const customer = typeof found.customer === 'string' ? found.customer : found.customer?.id;
  const method = intent.payment_method;
  return customer && method && typeof method !== 'string' ? describe(method, `${account}/${customer}`) : null;
}

/** A method that is gone, or of an account that is not connected any more, cannot be charged either way. */
export async function detachMethod(stripe: Stripe, token: string): Promise<void> {
  const read = readToken(token);
  if (read) await demand(ifThere(stripe.paymentMethods.detach(read.method, {}, { stripeAccount: read.account })));
}

function describe({ id, card, us_bank_account: bank }: Stripe.PaymentMethod, owner: string): SavedMethod | null {
  if (card) return { token: `${owner}/card/${id}`, kind: 'card', brand: brandName(card.brand), last4: card.last4, expMonth: card.exp_month, expYear: card.exp_year };
  if (bank?.last4) return { token: `${owner}/bank/${id}`, kind: 'bank', brand: bank.bank_name ?? 'Bank account', last4: bank.last4, expMonth: null, expYear: null };
  return null;
}

const brands: Readonly<Record<string, string>> = { amex: 'American Express', diners: 'Diners Club', jcb: 'JCB', mastercard: 'Mastercard', unionpay: 'UnionPay', unknown: 'Card' };

export const brandName = (brand: string): string => brands[brand] ?? brand.slice(0, 1).toUpperCase() + brand.slice(1);

async function ifThere<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer;
  } catch (error) {
    if (isMissing(error) || /not attached/.test((error as Error).message)) return null;
    throw error;
  }
}
