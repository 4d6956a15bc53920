import { randomBytes } from 'node:crypto';
import type { Response } from 'supertest';
import request from 'supertest';
import { Stripe } from 'stripe';
import { stripeAccountOf } from '../../../server/gateways/stripe/accounts.ts';
import { stripeGateway, type StripeGateway } from '../../../server/gateways/stripe/stripe.ts';
import { claimStripeAccount } from '../../../server/tasks/tenant/stripe.ts';
import { aPayer, saveMethod, type Payer } from '../../support/paying.ts';
import { testPortal } from '../../support/portal.ts';
import { startPeer, type PeerAccount } from './peer.ts';

export const secret = 'whsec_that_only_the_tests_know';
const settings = { secretKey: 'sk_test_of_the_peer', webhookSecret: secret, timeoutMs: 1000 };
let peer: ReturnType<typeof startPeer> | undefined;

export async function peerUrl(): Promise<string> {
  peer ??= startPeer();
  return (await peer).url;
}

/** The portal's Stripe is the local peer from now on. */
export async function withPeer() {
  peer ??= startPeer();
  const { url, account } = await peer;
  const { outside } = await testPortal();
  const gateway = stripeGateway({ ...settings, apiBase: url }, stripeAccountOf);
  Object.assign(outside.gateways, { stripe: gateway });
  return { account, gateway, outside };
}

export interface StripePayer extends Payer {
  readonly acct: string;
  readonly account: PeerAccount;
  readonly gateway: StripeGateway;
}

/** A family as in paying.ts, whose organization has its own connected account, with a saved method that behaves as its name says. */
export async function aStripePayer(method = 'pm_visa', pack = 'studio'): Promise<StripePayer> {
  const { account, gateway } = await withPeer();
  const acct = newAccount();
  const payer = await aPayer('visa', pack, { 'payments.gateway': 'stripe', 'payments.stripe_account': acct, 'payments.method_types': ['card', 'bank'] });
  const kind = method === 'pm_bank' ? 'bank' : 'card';
  await give(payer.world.slug, acct);
  const methodId = await saveMethod(payer, 'visa', { gateway: 'stripe', kind, token: `${acct}/cus_1/${kind}/${method}` });
  return { ...payer, methodId, acct, account: account(acct), gateway };
}

/** As the operator does. */
export async function give(slug: string, acct: string): Promise<string | undefined> {
  return claimStripeAccount((await testPortal()).database.ownerUrl, slug, acct);
}

export const newAccount = (): string => `acct_${randomBytes(8).toString('hex')}`;

/** A gateway of its own on a new account, for what needs no portal. */
export async function aGateway() {
  peer ??= startPeer();
  const { url, account } = await peer;
  const acct = newAccount();
  const gateway = stripeGateway({ ...settings, apiBase: url }, () => Promise.resolve(acct));
  const order = (method = 'pm_visa', more: object = {}) => ({
    key: crypto.randomUUID(), tenantId: 'tenant', amountCents: 8500, currency: 'USD', token: `${acct}/cus_1/card/${method}`, description: 'PAY-1', opened: () => Promise.resolve(true), ...more,
  });
  return { acct, account: account(acct), gateway, request: order };
}

export interface EventGiven {
  readonly id?: string;
  readonly type?: string;
  readonly account?: string | undefined;
  readonly livemode?: boolean;
  readonly object?: object;
}

let events = 0;

/** The body of a webhook about an intent or something else, as Stripe would write it. */
export function eventOf(acct: string, object: object, given: EventGiven = {}): string {
  events += 1;
  return JSON.stringify({
    id: `evt_${process.pid}_${events}`, object: 'event', api_version: '2026-10-28.endive', created: Math.floor(Date.now() / 1000), livemode: false,
    type: 'payment_intent.succeeded', account: acct, data: { object }, ...given,
  });
}

export function sign(payload: string, { key = secret, ageSeconds = 0 } = {}): string {
  return Stripe.webhooks.generateTestHeaderString({ payload, secret: key, timestamp: Math.floor(Date.now() / 1000) - ageSeconds });
}

export async function send(body: string, signature: string | null = sign(body), host = 'localhost:3000'): Promise<Response> {
  const { app } = await testPortal();
  const post = request(app).post('/hooks/stripe').set('Host', host).set('Content-Type', 'application/json');
  return (signature === null ? post : post.set('Stripe-Signature', signature)).send(body);
}
