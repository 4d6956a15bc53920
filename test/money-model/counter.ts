import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { chargeAccount, columns, workCharge, type Charge } from '../../server/autopay/charge-account.ts';
import { enrol, leave } from '../../server/autopay/enrolment.ts';
import type { Gateway } from '../../server/gateways/gateway.ts';
import { readBalances } from '../../server/ledger/read-balances.ts';
import { postJournal } from '../../server/ledger/post-journal.ts';
import { removeMethod } from '../../server/payment-methods/change-method.ts';
import { keepMethod } from '../../server/payment-methods/save-method.ts';
import { takePayment, type Till } from '../../server/payment-attempts/take-payment.ts';
import { Refused } from '../../server/platform/errors.ts';
import { read, run } from '../../server/platform/database.ts';
import type { CustomerRequest, StaffRequest } from '../../server/tenancy/people.ts';
import type { Outside } from '../../server/tenancy/outside.ts';
import { findTenant, type Tenant } from '../../server/tenancy/tenant.ts';
import { withTenant } from '../../server/tenancy/tenant-transaction.ts';
import { Sandboxes } from '../gateways/sandbox/running-sandbox.ts';
import { testPortal } from '../support/portal.ts';
import { makeAccount, makeContact, makeStaff, makeWorld, type World } from '../support/world.ts';
import { bankMs, Books } from './books.ts';

const settings = {
  'payments.partial': true, 'billing.prepayments': true, 'payments.bank_for_overdue': true, 'suspension.enabled': true, 'suspension.after_days': 1,
  'autopay.run_hour': 0, 'autopay.retry_days': '1, 3, 7',
} as const;

/** One organization before one sandbox gateway, whose clock, slowness and silence are in the test's hand. */
export interface House {
  readonly world: World;
  readonly tenant: Tenant;
  readonly outside: Outside;
  readonly staffId: string;
  readonly sandboxUrl: string;
  readonly hand: Hand;
  close(): Promise<void>;
}

interface Hand {
  now: number;
  /** Slow charges wait for release() from now on. */
  isHolding: boolean;
  held: () => void;
  release: () => void;
  losesRefunds: boolean;
}

export async function openHouse(): Promise<House> {
  const sandboxes = new Sandboxes();
  const hand: Hand = { now: Date.now(), isHolding: false, held: () => undefined, release: () => undefined, losesRefunds: false };
  const pause = () => (hand.isHolding ? new Promise<void>((resolve) => {
    hand.release = resolve;
    hand.held();
  }) : Promise.resolve());
  const { url, gateway } = await sandboxes.start({ now: () => hand.now, pause, bankMs });
  const world = await makeWorld('lawncare', settings);
  const tenant = await findTenant(world.slug);
  if (!tenant) throw new Error('no tenant');
  const { outside } = await testPortal();
  const gateways = { ...outside.gateways, sandbox: inHand(gateway, hand) };
  return { world, tenant, outside: { ...outside, gateways }, staffId: await makeStaff(world), sandboxUrl: url, hand, close: () => sandboxes.end() };
}

/** The sandbox itself; only nobody waits until a silent number's time is over, or hears the answer to a refund that is to be lost. */
function inHand(real: Gateway, hand: Hand): Gateway {
  return {
    ...real,
    charge: async (request) => {
      if (!request.token.startsWith('test_silent')) return real.charge(request);
      void real.charge(request).catch(() => undefined);
      while (request.token.startsWith('test_silent_after') && (await real.lookup(request.key)).outcome === 'not_found');
      return { outcome: 'unknown', message: 'no answer' };
    },
    refund: async (request) => {
      const answer = await real.refund(request);
      return hand.losesRefunds ? { outcome: 'unknown', message: 'no answer' } : answer;
    },
  };
}

/** Where one account's money is moved, by the functions that the routes call. */
export class Counter {
  readonly house: House;
  readonly accountId: string;
  readonly contactId: string;
  readonly till: Till;
  /** A payment that the gateway has not answered yet. */
  pending: Promise<unknown> | null = null;
  made = 0;

  constructor(house: House, accountId: string, contactId: string) {
    this.house = house;
    this.accountId = accountId;
    this.contactId = contactId;
    this.till = { tenant: house.tenant, outside: house.outside, t: (key) => key, enter: (work) => this.inside(work) };
  }

  inside<T>(work: () => Promise<T>): Promise<T> {
    return withTenant(this.house.world.id, work);
  }

  staff(body: object = {}): StaffRequest {
    const { tenant, outside, staffId } = this.house;
    return { tenant, outside, body, staff: { staffId }, t: (key: string) => key, formats: tenant.site.formats() } as unknown as StaffRequest;
  }

  customer(): CustomerRequest {
    const { tenant, outside } = this.house;
    const account = { id: this.accountId, contactId: this.contactId, contactEmail: null };
    return { tenant, outside, account, person: { loginRef: null, accounts: [] }, t: (key: string) => key } as unknown as CustomerRequest;
  }

  day(day: number): string {
    return new Date(Date.parse(this.house.tenant.site.today()) + day * 86_400_000).toISOString().slice(0, 10);
  }

  async invoice(totalCents: number, due: number | null): Promise<string> {
    const number = `${this.accountId.slice(-12)}-${(this.made += 1)}`;
    await this.inside(async () => {
      const [made] = await run<{ id: string }>(
        `insert into app.invoices (account_id, number, issued_on, due_on, currency, total_cents, status, sent_at) values ($1, $2, $3, $4, 'USD', $5, 'sent', now()) returning id`,
        [this.accountId, number, this.day(-40), due === null ? null : this.day(due), totalCents]);
      const legs = [{ ledger: 'receivable', amountCents: totalCents }, { ledger: 'revenue', amountCents: -totalCents }] as const;
      await postJournal({ accountId: this.accountId, kind: 'invoice', sourceId: made?.id ?? '', currency: 'USD', postedOn: this.day(-40), memo: number, legs });
    });
    return number;
  }

  async method(number: string): Promise<string> {
    const kind = number.startsWith('bank') ? 'bank' : 'card';
    const saved = { token: `test_${number}:${randomUUID()}`, kind, brand: 'Visa', last4: '4242', expMonth: 12, expYear: 2099 } as const;
    return (await this.inside(() => keepMethod(this.customer(), this.accountId, this.house.outside.gateways.sandbox, saved))) ?? '';
  }

  async removeMethod(id: string): Promise<void> {
    const { token } = await this.inside(() => removeMethod(this.customer(), id));
    await this.house.outside.gateways.sandbox.detach(token);
  }

  async enrol(methodId: string | null): Promise<void> {
    await this.inside(() => (methodId ? enrol(this.customer(), methodId) : leave(this.customer())));
  }

  /** Returns when it is paid, refused or held by the gateway. */
  async payHeld(order: Parameters<typeof takePayment>[1]): Promise<void> {
    const { hand } = this.house;
    const held = Promise.withResolvers<void>();
    Object.assign(hand, { isHolding: true, held: held.resolve });
    const paying = takePayment(this.till, order);
    await Promise.race([paying, held.promise]).finally(() => (hand.isHolding = false));
    this.pending = paying;
  }

  async release(): Promise<void> {
    this.house.hand.release();
    await this.pending;
    this.pending = null;
  }

  async autopay(day: number): Promise<void> {
    const shop = { outside: this.house.outside, tenant: this.house.tenant };
    const on = this.day(day);
    await this.inside(() => run('insert into app.autopay_runs (run_on) values ($1) on conflict do nothing', [on]));
    await chargeAccount(shop, this.accountId, on);
    const open = await this.inside(() => run<Charge>(`select ${columns} from app.autopay_charges where account_id = $1 and closed_at is null order by run_on`, [this.accountId]));
    for (const charge of open) await workCharge(shop, charge);
  }

  async idOf(key: string): Promise<string> {
    const [row] = await this.inside(() => read<{ id: string }>('model-payment', 'select id from app.payments where account_id = $1 and request_key = $2', [this.accountId, key]));
    if (!row) throw new Error(`there is no payment ${key}`);
    return row.id;
  }

  /** The product and the model say the same about everything. */
  async compare(books: Books): Promise<void> {
    const [found, balances] = await this.inside(async () => {
      const [row] = await read<{ books: object }>('model-books', booksText, [this.accountId]);
      return [row?.books, await readBalances(this.accountId, 'USD')] as const;
    });
    const [balance] = balances;
    assert.deepEqual({ ...found, owed: balance?.owedCents, prepaid: balance?.prepaymentCents, credit: balance?.creditCents }, expected(books));
  }
}

export async function openCounter(house: House): Promise<{ counter: Counter; books: Books }> {
  const accountId = await makeAccount(house.world);
  const counter = new Counter(house, accountId, await makeContact(house.world, accountId));
  return { counter, books: new Books(counter.accountId, (day) => counter.day(day)) };
}

/** Whether the product did it; anything but a refusal is a fault. */
export async function isDone(work: Promise<unknown>): Promise<boolean> {
  try {
    await work;
    return true;
  } catch (error) {
    if (error instanceof Refused) return false;
    throw error;
  }
}

function expected(books: Books): object {
  const { invoices, payments, credits, charges, methods } = books;
  return {
    invoices: Object.fromEntries(invoices.map((invoice) => [invoice.number, `${invoice.status} ${books.paidOf(invoice)}`])),
    payments: Object.fromEntries(payments.map(({ key, state, amountCents, refundedCents, unappliedCents }) => [key, `${state} ${amountCents} ${refundedCents} ${unappliedCents}`])),
    credits: Object.fromEntries(credits.map(({ key, balanceCents, isVoid }) => [key, `${isVoid} ${balanceCents}`])),
    charges: Object.fromEntries(charges.map(({ day, attempt, result }) => [books.dayName(day), `${result ?? 'open'} ${attempt}`])),
    usual: methods.find(({ isDefault }) => isDefault)?.id ?? null,
    stage: books.isSuspended ? 'suspended' : 'active',
    owed: books.owedCents, prepaid: books.prepaidCents, credit: books.creditCents,
  };
}

const booksText = `select jsonb_build_object(
    'invoices', (select coalesce(jsonb_object_agg(number, status || ' ' || paid_cents), '{}') from app.invoices where account_id = $1),
    'payments', (select coalesce(jsonb_object_agg(request_key, concat_ws(' ', state, amount_cents, refunded_cents, unapplied_cents)), '{}') from app.payments where account_id = $1),
    'credits', (select coalesce(jsonb_object_agg(id, (voided_at is not null)::text || ' ' || balance_cents), '{}') from app.credits where account_id = $1),
    'charges', (select coalesce(jsonb_object_agg(run_on, coalesce(result, 'open') || ' ' || attempt), '{}') from app.autopay_charges where account_id = $1),
    'usual', (select id from app.payment_methods where account_id = $1 and is_default),
    'stage', (select stage from app.accounts where id = $1)) as books`;
