import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** Stripe's objects, as far as the portal reads them. */
export interface PeerIntent {
  readonly id: string;
  status: string;
  readonly amount: number;
  amount_received: number;
  readonly currency: string;
  readonly payment_method: string;
  readonly metadata: Record<string, string>;
  last_payment_error: object | null;
  [field: string]: unknown;
}

export interface PeerRefund {
  readonly id: string;
  status: string;
  readonly amount: number;
  readonly payment_intent: string;
  readonly metadata: Record<string, string>;
  [field: string]: unknown;
}

export interface PeerDispute {
  readonly id: string;
  status: string;
  readonly reason: string;
  readonly payment_intent: string;
  [field: string]: unknown;
}

/** What goes wrong at the next call of a kind: nothing is done, or it is done, and then silence, a cut line or a 500. */
export interface Fault {
  readonly call: 'create' | 'confirm' | 'retrieve' | 'cancel' | 'refund' | 'detach' | 'expire' | 'list';
  readonly when: 'before' | 'after';
  readonly how: 'silence' | 'cut' | '500';
}

interface Answer {
  readonly status: number;
  readonly body: object;
}

/** A connected account, with everything it was ever asked. */
export class PeerAccount {
  readonly intents = new Map<string, PeerIntent>();
  readonly sessions = new Map<string, Record<string, unknown>>();
  readonly refunds = new Map<string, PeerRefund>();
  readonly disputes = new Map<string, PeerDispute>();
  readonly detached = new Set<string>();
  readonly faults: Fault[] = [];
  readonly calls: string[] = [];
  readonly answered = new Map<string, { parameters: string; answer: Answer }>();

  /** Money that has really moved. */
  get charged(): PeerIntent[] {
    return [...this.intents.values()].filter(({ status }) => status === 'succeeded');
  }
}

/** A local Stripe that speaks its wire format over HTTP: form-encoded requests, idempotency keys, Stripe-Account, typed errors. */
export async function startPeer() {
  const accounts = new Map<string, PeerAccount>();
  const account = (id: string) => accounts.get(id) ?? accounts.set(id, new PeerAccount()).get(id)!;
  const server = createServer((req, res) => void serve(req, res, account));
  server.listen(0, '127.0.0.1').unref();
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, account };
}

async function serve(req: IncomingMessage, res: ServerResponse, accountOf: (id: string) => PeerAccount): Promise<void> {
  const { pathname, searchParams } = new URL(req.url ?? '', 'http://peer');
  const account = accountOf(String(req.headers['stripe-account']));
  const parameters = `${pathname} ${await text(req)}`;
  const form = new URLSearchParams(parameters.slice(pathname.length + 1));
  const call = callOf(req.method ?? '', pathname);
  account.calls.push(call);
  const at = account.faults.findIndex((fault) => fault.call === call);
  const [fault] = at < 0 ? [] : account.faults.splice(at, 1);
  if (fault?.when === 'before') return misbehave(res, fault);
  const answer = answerOnce(account, String(req.headers['idempotency-key'] ?? ''), parameters, () => work(account, req.method ?? '', pathname, form, searchParams));
  if (fault) return misbehave(res, fault);
  res.writeHead(answer.status, { 'content-type': 'application/json' }).end(JSON.stringify(answer.body));
}

function callOf(method: string, path: string): string {
  if (method === 'GET' && /\/(refunds|disputes)$/.test(path)) return 'list';
  if (path.endsWith('/refunds')) return 'refund';
  return /\/(confirm|cancel|detach|expire)$/.exec(path)?.[1] ?? (method === 'POST' ? 'create' : 'retrieve');
}

function misbehave(res: ServerResponse, { how }: Fault): void {
  if (how === 'cut') res.destroy();
  if (how === '500') res.writeHead(500, { 'content-type': 'application/json' }).end(JSON.stringify({ error: { type: 'api_error', message: 'An unknown error occurred' } }));
}

/** The same key gives the first answer again; with other parameters it is an error. */
function answerOnce(account: PeerAccount, key: string, parameters: string, act: () => Answer): Answer {
  const first = key ? account.answered.get(key) : undefined;
  if (first && first.parameters !== parameters) return refuse('idempotency_error', '', 'Keys for idempotent requests can only be used with the same parameters they were first used with.');
  const answer = first?.answer ?? act();
  if (key && !first) account.answered.set(key, { parameters, answer: structuredClone(answer) });
  return answer;
}

function work(account: PeerAccount, method: string, path: string, form: URLSearchParams, query: URLSearchParams): Answer {
  const [, , noun = '', second = '', third = ''] = path.split('/');
  if (form.has('payment_method_types[0]')) return refuse('invalid_request_error', 'payment_method_types_no_longer_supported', 'payment_method_types is no longer supported');
  if (noun === 'payment_intents') return intentWork(account, second, third, form, query);
  if (noun === 'refunds') return refundWork(account, method === 'POST' ? form : null, second, query);
  if (noun === 'disputes') return listOf(account.disputes, query);
  if (noun === 'payment_methods') return account.detached.has(second) ? missing(second) : (account.detached.add(second), { status: 200, body: { id: second } });
  if (path.startsWith('/v1/checkout/sessions')) return sessionWork(account, third, path.split('/')[5] ?? '', form, query);
  return missing(path);
}

function intentWork(account: PeerAccount, id: string, verb: string, form: URLSearchParams, query: URLSearchParams): Answer {
  if (!id) return createIntent(account, form);
  const intent = account.intents.get(id);
  if (!intent) return missing(id);
  if (verb === 'confirm') return confirm(intent);
  if (verb !== 'cancel') return { status: 200, body: query.has('expand[0]') ? withCharge(intent) : intent };
  if (!intent.status.startsWith('requires_')) return refuse('invalid_request_error', 'payment_intent_unexpected_state', `You cannot cancel this PaymentIntent because it has a status of ${intent.status}.`);
  intent.status = 'canceled';
  return { status: 200, body: intent };
}

/** As Stripe answers when the latest charge is asked for, too. */
const withCharge = (intent: PeerIntent) => ({ ...intent, latest_charge: { object: 'charge', status: intent.status === 'succeeded' ? 'succeeded' : 'failed', ...(intent['charge'] as object | undefined) } });

const listOf = (things: ReadonlyMap<string, { readonly payment_intent: string }>, query: URLSearchParams): Answer =>
  ({ status: 200, body: { object: 'list', has_more: false, data: [...things.values()].filter((thing) => thing.payment_intent === query.get('payment_intent')) } });

function createIntent(account: PeerAccount, form: URLSearchParams): Answer {
  const method = form.get('payment_method') ?? '';
  if (account.detached.has(method) || method === 'pm_gone') return refuse('invalid_request_error', 'resource_missing', `No such PaymentMethod: '${method}'`);
  const metadata = Object.fromEntries(['attempt', 'tenant'].map((name) => [name, form.get(`metadata[${name}]`) ?? '']));
  const intent: PeerIntent = {
    id: newId('pi'), object: 'payment_intent', status: 'requires_confirmation', amount: Number(form.get('amount')), amount_received: 0, currency: form.get('currency') ?? '',
    payment_method: method, customer: form.get('customer'), metadata, last_payment_error: null,
  };
  account.intents.set(intent.id, intent);
  return { status: 200, body: intent };
}

const declines: Readonly<Record<string, object>> = {
  pm_insufficient: { type: 'card_error', code: 'card_declined', decline_code: 'insufficient_funds', message: 'Your card has insufficient funds.' },
  pm_stolen: { type: 'card_error', code: 'card_declined', decline_code: 'stolen_card', message: 'Your card was declined.' },
  pm_expired: { type: 'card_error', code: 'expired_card', message: 'Your card has expired.' },
  pm_authentication: { type: 'card_error', code: 'authentication_required', decline_code: 'authentication_required', message: 'Your card was declined. This transaction requires authentication.' },
};

function confirm(intent: PeerIntent): Answer {
  if (intent.status !== 'requires_confirmation') return refuse('invalid_request_error', 'payment_intent_unexpected_state', `This PaymentIntent's status is ${intent.status}.`);
  const decline = declines[intent.payment_method];
  if (decline) {
    Object.assign(intent, { status: 'requires_payment_method', last_payment_error: decline });
    return { status: 402, body: { error: { ...decline, payment_intent: intent } } };
  }
  if (intent.payment_method === 'pm_action') intent.status = 'requires_action';
  else if (intent.payment_method === 'pm_bank') intent.status = 'processing';
  else clear(intent);
  return { status: 200, body: intent };
}

/** The bank has paid. */
export function clear(intent: PeerIntent): void {
  Object.assign(intent, { status: 'succeeded', amount_received: intent.amount });
}

/** The bank has not paid. */
export function bounce(intent: PeerIntent): void {
  Object.assign(intent, { status: 'requires_payment_method', last_payment_error: { code: 'account_closed', message: 'The customer’s bank account has been closed.' } });
}

function refundWork(account: PeerAccount, form: URLSearchParams | null, id: string, query: URLSearchParams): Answer {
  if (!form && !id) return listOf(account.refunds, query);
  if (!form) return account.refunds.has(id) ? { status: 200, body: account.refunds.get(id)! } : missing(id);
  const intent = account.intents.get(form.get('payment_intent') ?? '');
  if (intent?.status !== 'succeeded') return missing('charge');
  const before = [...account.refunds.values()].filter((refund) => refund.payment_intent === intent.id && refund.status !== 'failed').reduce((sum, { amount }) => sum + amount, 0);
  const amount = Number(form.get('amount'));
  if (before + amount > intent.amount_received) return refuse('invalid_request_error', before === intent.amount_received ? 'charge_already_refunded' : 'amount_too_large', 'Refund amount is greater than unrefunded amount on charge.');
  const refund = giveBack(account, intent, amount, { refund: form.get('metadata[refund]') ?? '' });
  return { status: 200, body: refund };
}

/** A refund, asked for by the portal or made by hand in Stripe's dashboard. */
export function giveBack(account: PeerAccount, intent: PeerIntent, amount: number, metadata: Record<string, string> = {}): PeerRefund {
  const refund = { id: newId('re'), object: 'refund', status: intent.payment_method === 'pm_bank' ? 'pending' : 'succeeded', amount, currency: intent.currency, payment_intent: intent.id, metadata };
  account.refunds.set(refund.id, refund);
  return refund;
}

/** A card holder does not acknowledge the payment. */
export function dispute(account: PeerAccount, intent: PeerIntent, status = 'needs_response'): PeerDispute {
  const made = { id: newId('du'), object: 'dispute', status, reason: 'fraudulent', payment_intent: intent.id };
  account.disputes.set(made.id, made);
  return made;
}

function sessionWork(account: PeerAccount, id: string, verb: string, form: URLSearchParams, query: URLSearchParams): Answer {
  if (!id) return createSession(account, form);
  const session = account.sessions.get(id);
  if (!session) return missing(id);
  if (verb === 'expire' && session['status'] !== 'open') return refuse('invalid_request_error', '', 'Only Checkout Sessions with a status in ["open"] can be expired.');
  if (verb === 'expire') session['status'] = 'expired';
  const intent = account.intents.get(String(session['payment_intent']));
  if (!query.has('expand[0]')) return { status: 200, body: { ...session, setup_intent: 'seti_1' } };
  return { status: 200, body: intent ? { ...session, payment_intent: withCharge(intent) } : session };
}

function createSession(account: PeerAccount, form: URLSearchParams): Answer {
  const given = Object.fromEntries(form);
  const id = newId('cs_test');
  const session: Record<string, unknown> = { object: 'checkout.session', status: 'open', customer: null, setup_intent: null, payment_intent: null, url: `https://checkout.stripe.com/c/pay/${id}`, ...given, id };
  const lifetime = Number(given['expires_at']) - Date.now() / 1000;
  if (given['mode'] === 'payment' && !(lifetime > 1800 && lifetime < 86_400)) return refuse('invalid_request_error', '', 'expires_at must be between 30 minutes and 24 hours from Checkout Session creation.');
  account.sessions.set(id, session);
  return { status: 200, body: session };
}

/** What a payer does on the hosted page for paying once: a card or a bank account of that name. Returns where the browser goes then; null when the page is closed. */
export function payOn(account: PeerAccount, session: Record<string, unknown>, method = 'pm_visa'): string | null {
  if (session['status'] !== 'open') return null;
  const amount = Number(session['line_items[0][price_data][unit_amount]']);
  const details = method === 'pm_bank' ? { type: 'us_bank_account', us_bank_account: { bank_name: 'Peer Bank', last4: '6789' } } : { type: 'card', card: { brand: 'visa', last4: '4242' } };
  const intent: PeerIntent = {
    id: newId('pi'), object: 'payment_intent', status: method === 'pm_bank' ? 'processing' : 'succeeded', amount, amount_received: method === 'pm_bank' ? 0 : amount, currency: String(session['line_items[0][price_data][currency]']),
    payment_method: method, metadata: Object.fromEntries(['attempt', 'tenant'].map((name) => [name, String(session[`payment_intent_data[metadata][${name}]`])])), last_payment_error: null, charge: { payment_method_details: details },
  };
  account.intents.set(intent.id, intent);
  Object.assign(session, { status: 'complete', payment_status: method === 'pm_bank' ? 'unpaid' : 'paid', payment_intent: intent.id });
  return String(session['success_url']);
}

/** What the payer does on the hosted page. Returns where the browser goes then. */
export function finish(session: Record<string, unknown>, method: object): string {
  const setupIntent = { id: newId('seti'), object: 'setup_intent', status: 'succeeded', payment_method: method };
  Object.assign(session, { status: 'complete', customer: newId('cus'), setup_intent: setupIntent });
  return String(session['success_url']).replace('{CHECKOUT_SESSION_ID}', String(session['id']));
}

const newId = (prefix: string): string => `${prefix}_${randomBytes(12).toString('hex')}`;
const missing = (id: string): Answer => refuse('invalid_request_error', 'resource_missing', `No such object: '${id}'`, 404);

function refuse(type: string, code: string, message: string, status = 400): Answer {
  return { status, body: { error: { type, ...(code ? { code } : {}), message } } };
}
