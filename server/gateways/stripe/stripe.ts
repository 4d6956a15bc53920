import type { Gateway, PayPages } from '../gateway.ts';
import { noSuchMethod } from './answers.ts';
import { cancelIntent, chargeIntent, lookupIntent, refundIntent } from './charges.ts';
import { connectStripe, demandPlace, type StripeSettings } from './client.ts';
import { readHook, type Hook } from './hook.ts';
import { detachMethod, openSaving, readSaving, readToken } from './methods.ts';
import { readIntent, type Intent } from './intent.ts';
import { findPayPage, openPayPage } from './pay-page.ts';

export interface StripeGateway extends Gateway {
  readonly payPages: PayPages;
  /** Whether this installation moves real money. */
  readonly isLive: boolean;
  /** null for what Stripe has not signed, or not within the last 300 seconds. */
  readHook(body: Buffer, signature: string): Promise<Hook | null>;
  /** The truth about a Payment Intent, with its refunds and disputes where they are asked for; null when there is none. Throws Unavailable when Stripe cannot be asked. */
  readIntent(account: string, id: string, options?: { aftermath: boolean }): Promise<Intent | null>;
}

/** Stripe through its own SDK, with direct charges in the organization's connected account: `accountOf` says which that is. */
export function stripeGateway(settings: StripeSettings, accountOf: (tenantId: string) => Promise<string>): StripeGateway {
  let connected: ReturnType<typeof connectStripe> | undefined;
  const stripe = () => (connected ??= connectStripe(settings));
  return {
    name: 'stripe',
    abilities: { kinds: ['card', 'bank'], refund: true },
    isLive: /^[sr]k_live_/.test(settings.secretKey),
    charge: async (request) => {
      const method = readToken(request.token);
      // A method that was saved in an earlier account of the organization, or in somebody else's.
      if (method?.account !== (await accountOf(request.tenantId))) return { outcome: 'declined', reference: null, message: noSuchMethod };
      return chargeIntent(await stripe(), request, method);
    },
    lookup: async (_key, reference) => lookupIntent(await stripe(), reference),
    cancel: async (_key, reference) => cancelIntent(await stripe(), reference),
    refund: async (request) => refundIntent(await stripe(), request),
    payPages: {
      open: async (request) => openPayPage(await stripe(), await accountOf(request.tenantId), request),
      find: async (reference) => findPayPage(await stripe(), demandPlace(reference)),
    },
    startSaving: async (request) => openSaving(await stripe(), await accountOf(request.tenantId), request),
    readSaved: async (session) => readSaving(await stripe(), session),
    detach: async (token) => detachMethod(await stripe(), token),
    readHook: async (body, signature) => readHook(await stripe(), settings.webhookSecret, body, signature),
    readIntent: async (account, id, { aftermath } = { aftermath: false }) => readIntent(await stripe(), { account, id }, aftermath),
  };
}
