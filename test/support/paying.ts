import type { Response } from 'supertest';
import type { Gateway } from '../../server/gateways/gateway.ts';
import { sandboxGateway } from '../../server/gateways/sandbox/sandbox.ts';
import type { SettingsDocument } from '../../server/settings/schema.ts';
import { testPortal } from './portal.ts';
import type { Visitor } from './visitor.ts';
import { makeInvoice, signedInFamily, sql, type Family, type World } from './world.ts';

export interface Payer extends Family {
  readonly methodId: string;
}

/** A signed-in family with a saved card (one of the sandbox's ready-made tokens) and two open invoices: INV-1 of 85.00 and INV-2 of 120.00. */
export async function aPayer(number = 'visa', pack = 'studio', settings: Partial<SettingsDocument> = {}): Promise<Payer> {
  const family = await signedInFamily(pack, settings);
  const methodId = await saveMethod(family, number);
  await makeInvoice(family.world, family.accountId, { number: 'INV-1', total_cents: 8500 });
  await makeInvoice(family.world, family.accountId, { number: 'INV-2', total_cents: 12_000, due_on: '2099-01-01' });
  return { ...family, methodId };
}

export async function saveMethod({ world, accountId }: Pick<Family, 'world' | 'accountId'>, number: string, columns: Readonly<Record<string, unknown>> = {}): Promise<string> {
  const kind = number.startsWith('bank') ? 'bank' : 'card';
  const row = { account_id: accountId, gateway: 'sandbox', token: `test_${number}:${crypto.randomUUID()}`, kind, brand: kind === 'bank' ? 'Sandbox Bank' : 'Visa', last4: '4242', exp_month: 12, exp_year: 2099, ...columns };
  const names = Object.keys(row);
  const [saved] = await sql<{ id: string }>(world, `insert into app.payment_methods (${names.join(', ')}) values (${names.map((_, at) => `$${at + 1}`).join(', ')}) returning id`, Object.values(row));
  return saved?.id ?? '';
}

export const choose = (methodId: string, ...numbers: string[]): string =>
  new URLSearchParams([...numbers.map((number): [string, string] => ['invoice', number]), ['method', methodId]]).toString();

/** The hidden fields of the review page, as a browser would send them. */
export async function reviewForm(visitor: Visitor, query: string): Promise<Record<string, string | string[]>> {
  return fieldsOf(await visitor.get(`/billing/pay/review?${query}`));
}

export function fieldsOf({ text }: Response): Record<string, string | string[]> {
  const form = /<form method="post" action="\/billing\/pay"[\s\S]*?<\/form>/.exec(text)?.[0] ?? '';
  const fields = [...form.matchAll(/name="([^"]+)" value="([^"]*)"/g)].map(([, name = '', value = '']) => ({ name, value }));
  const all = (wanted: string) => fields.filter(({ name }) => name === wanted).map(({ value }) => value);
  return { ...Object.fromEntries(fields.map(({ name, value }) => [name, value])), shown: all('shown'), invoice: all('invoice') };
}

/** Walks from the review page to the payment's own page. */
export async function pay(visitor: Visitor, query: string): Promise<Response> {
  const answer = await visitor.post('/billing/pay', await reviewForm(visitor, query));
  return answer.status === 303 ? visitor.get(answer.headers['location'] ?? '') : answer;
}

export interface SandboxCharge {
  readonly key: string;
  readonly tenantId: string;
  readonly outcome: string;
  readonly amountCents: number;
}

/** What the gateway has been asked to charge for this organization. */
export async function chargesOf({ id }: World): Promise<SandboxCharge[]> {
  const { sandboxUrl } = await testPortal();
  const all = (await (await fetch(`${sandboxUrl}/charges`)).json()) as SandboxCharge[];
  return all.filter(({ tenantId }) => tenantId === id);
}

export interface Booked extends Record<string, unknown> {
  readonly number: string;
  readonly state: string;
  readonly amountCents: number;
  readonly unappliedCents: number;
}

export const paymentsOf = (world: World): Promise<Booked[]> =>
  sql<Booked>(world, `select number, state, amount_cents as "amountCents", unapplied_cents as "unappliedCents" from app.payments order by id`);

export async function paidOf(world: World): Promise<Record<string, number>> {
  const rows = await sql<{ number: string; paid: number }>(world, 'select number, paid_cents as paid from app.invoices order by number');
  return Object.fromEntries(rows.map(({ number, paid }) => [number, paid]));
}

/** Ledger sums of one organization's payments, by ledger. */
export async function ledgerOf(world: World): Promise<Record<string, number>> {
  const rows = await sql<{ ledger: string; sum: number }>(world, 'select ledger, sum(amount_cents)::bigint as sum from app.ledger_entries group by ledger order by ledger');
  return Object.fromEntries(rows.map(({ ledger, sum }) => [ledger, sum]));
}

/** Puts another gateway before the portal while the work goes on. */
export async function withGateway<T>(gateway: Gateway, work: () => Promise<T>): Promise<T> {
  const gateways = (await testPortal()).outside.gateways as { sandbox: Gateway };
  const usual = gateways.sandbox;
  gateways.sandbox = gateway;
  try {
    return await work();
  } finally {
    gateways.sandbox = usual;
  }
}

/** The sandbox's silent numbers never answer: the portal then waits only so long. */
export async function withPatience<T>(timeoutMs: number, work: () => Promise<T>): Promise<T> {
  return withGateway(sandboxGateway((await testPortal()).sandboxUrl, { timeoutMs }), work);
}

/** As if the payments had been begun so long ago: the reconciler leaves the young ones in peace. */
export const ageAttempts = (world: World, seconds = 120): Promise<unknown> =>
  sql(world, `update app.payments set created_at = created_at - make_interval(secs => $1)`, [seconds]);
