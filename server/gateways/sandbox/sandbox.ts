import { z } from 'zod';
import { Unavailable } from '../../platform/errors.ts';
import { GatewayMisuse, type Gateway, type Outcome } from '../gateway.ts';

/** The portal's side of the built-in sandbox gateway, which listens at `url` (see server.ts). */
export function sandboxGateway(url: string, { timeoutMs = 10_000 }: { timeoutMs?: number } = {}): Gateway {
  const call: Call = (path, schema, body) => ask(new URL(path, url), timeoutMs, schema, body);
  return {
    name: 'sandbox',
    abilities: { kinds: ['card', 'bank'], refund: true },
    charge: async (request) => moneyOf(await call('/charges', outcome, request)),
    refund: async (request) => moneyOf(await call('/refunds', outcome, request)),
    lookup: async (key) => neverUnreached(moneyOf(await call(`/operations/${encodeURIComponent(key)}`, found))),
    cancel: async (key) => {
      const answer = await call(`/operations/${encodeURIComponent(key)}/cancellation`, cancelled, {});
      return 'answer' in answer ? answer.answer : { cancelled: false, answer: neverUnreached(answer.failure) };
    },
    startSaving: async (request) => demand(await call('/sessions', z.object({ url: z.string() }), request)),
    readSaved: async (session) => demand(await call(`/sessions/${encodeURIComponent(session)}`, saved.nullable())),
    detach: async (token) => {
      demand(await call(`/methods/${encodeURIComponent(token)}/detachment`, z.object({ detached: z.literal(true) }), {}));
    },
  };
}

type Failure = Extract<Outcome, { outcome: 'unknown' | 'not_reached' }>;
type Answer<T> = { answer: T } | { failure: Failure };
type Call = <T>(path: string, schema: z.ZodType<T>, body?: object) => Promise<Answer<T>>;

const message = z.string();
const outcome: z.ZodType<Outcome> = z.discriminatedUnion('outcome', [
  z.object({ outcome: z.enum(['succeeded', 'processing']), reference: z.string(), message }),
  z.object({ outcome: z.literal('declined'), reference: z.string().nullable(), message }),
]);
const found = z.union([outcome, z.object({ outcome: z.literal('not_found') })]);
const cancelled = z.union([
  z.object({ cancelled: z.literal(true) }),
  z.object({ cancelled: z.literal(false), answer: outcome }),
]);
const saved = z.object({
  token: z.string(), kind: z.enum(['card', 'bank']), brand: z.string(), last4: z.string(), expMonth: z.int().nullable(), expYear: z.int().nullable(),
});

async function ask<T>(url: URL, timeoutMs: number, schema: z.ZodType<T>, body?: object): Promise<Answer<T>> {
  try {
    const response = await fetch(url, {
      method: body ? 'POST' : 'GET', redirect: 'error', signal: AbortSignal.timeout(timeoutMs),
      // A kept line may be dead by the next call, and then nobody could say whether a charge went through it.
      headers: { 'connection': 'close', ...(body ? { 'content-type': 'application/json' } : {}) },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    if (response.status >= 400 && response.status < 500) throw new GatewayMisuse(`the sandbox gateway answered ${response.status} to ${url.pathname}`);
    return { answer: schema.parse(await response.json()) };
  } catch (error) {
    if (error instanceof GatewayMisuse) throw error;
    return { failure: failureOf(error) };
  }
}

// The line was never made, so nothing can have been sent.
const unreached = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT']);

function failureOf(error: unknown): Failure {
  const code = ((error as Error).cause as NodeJS.ErrnoException | undefined)?.code ?? '';
  if (unreached.has(code)) return { outcome: 'not_reached', message: 'The payment service cannot be reached' };
  return { outcome: 'unknown', message: 'The payment service has not answered' };
}

function moneyOf<T>(answer: Answer<T>): T | Failure {
  return 'answer' in answer ? answer.answer : answer.failure;
}

/** Nobody home now says nothing about a charge that was asked for earlier. */
function neverUnreached<T extends { outcome: string }>(answer: T): T | Failure {
  return answer.outcome === 'not_reached' ? { outcome: 'unknown', message: 'The payment service cannot be reached' } : answer;
}

function demand<T>(answer: Answer<T>): T {
  if ('failure' in answer) throw new Unavailable(`sandbox gateway: ${answer.failure.message}`);
  return answer.answer;
}
