import type { Stripe } from 'stripe';
import { Unavailable } from '../../platform/errors.ts';
import { GatewayMisuse } from '../gateway.ts';

export interface StripeSettings {
  /** '' when this installation has no Stripe: then nothing is reached. */
  readonly secretKey: string;
  readonly webhookSecret: string;
  readonly apiBase: string;
  /** Two calls in a row must end before the reconciler may fence (see patienceSeconds). */
  readonly timeoutMs?: number;
}

/** What Stripe calls something of a connected account: 'acct_1/pi_2'. The account stays with it when the organization changes its own. */
export interface Place {
  readonly account: string;
  readonly id: string;
}

export async function connectStripe({ secretKey, apiBase, timeoutMs = 20_000 }: StripeSettings): Promise<Stripe> {
  const [{ Stripe }, http, https] = await Promise.all([import('stripe'), import('node:http'), import('node:https')]);
  const { protocol, hostname, port } = new URL(secretKey ? apiBase : 'http://stripe.invalid');
  const isPlain = protocol === 'http:';
  return new Stripe(secretKey || 'none', {
    host: hostname, port: port || (isPlain ? 80 : 443), protocol: isPlain ? 'http' : 'https', timeout: timeoutMs, telemetry: false, maxNetworkRetries: 0,
    // A kept line may be dead by the next call, and then nobody could say whether a charge went through it.
    httpClient: Stripe.createNodeHttpClient(isPlain ? new http.Agent({ keepAlive: false }) : new https.Agent({ keepAlive: false })),
  });
}

/** Throws GatewayMisuse. */
export function demandPlace(reference: string): Place {
  const place = placeOf(reference);
  if (!place) throw new GatewayMisuse('not a reference of Stripe');
  return place;
}

export function placeOf(text: string): Place | null {
  const [, account, id] = /^(acct_\w{1,60})\/((?:pi|re|cs)_\w{1,250})$/.exec(text) ?? [];
  return account && id ? { account, id } : null;
}

/** Stripe has read the request and refuses it: our mistake, or something that is not there any more. It has done nothing. */
export function isRefusal(error: unknown): error is Stripe.errors.StripeError {
  return isOfStripe(error) && error.statusCode !== undefined
    && error.statusCode >= 400 && error.statusCode < 500 && error.statusCode !== 409 && error.statusCode !== 429;
}

/** By the name that each of its errors carries: the SDK itself comes with the first call. */
export function isOfStripe(error: unknown, kind = 'Stripe'): error is Stripe.errors.StripeError {
  return error instanceof Error && String((error as { type?: unknown }).type).startsWith(kind);
}

export function isMissing(error: unknown): boolean {
  return isRefusal(error) && (error.statusCode === 404 || error.code === 'resource_missing');
}

/** For what can wait: whatever goes wrong is a 503. */
export async function demand<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    throw new Unavailable(`stripe: ${(error as Error).message}`);
  }
}

// Stripe counts these in hundredths, although they have no smaller coin.
const inHundredths = new Set(['ISK', 'UGX']);

export function toStripe(amountCents: number, currency: string): { amount: number; currency: string } {
  return { amount: inHundredths.has(currency) ? amountCents * 100 : amountCents, currency: currency.toLowerCase() };
}

export function fromStripe(amount: number, currency: string): number {
  return inHundredths.has(currency.toUpperCase()) ? Math.round(amount / 100) : amount;
}
