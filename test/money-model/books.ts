import { createHash } from 'node:crypto';
import type { PaymentState } from '../../server/payments/payment.ts';

export type Outcome = 'succeeded' | 'declined' | 'processing' | 'unknown' | 'failed';

export interface Invoice {
  readonly number: string;
  readonly totalCents: number;
  /** Days from today; null: none, then it counts as due. */
  readonly due: number | null;
  status: 'sent' | 'void';
  /** The days on which autopay has tried it. */
  tries: number[];
}

export interface Method {
  readonly id: string;
  /** The sandbox's test number: how it behaves. */
  readonly number: string;
  isRemoved: boolean;
  isDefault: boolean;
}

export interface Payment {
  readonly key: string;
  readonly amountCents: number;
  /** null: cash. */
  readonly number: string | null;
  readonly planned: readonly { readonly invoice: Invoice; readonly cents: number }[];
  state: PaymentState;
  refundedCents: number;
  unappliedCents: number;
  /** What the gateway has done; bank money clears later. */
  gateway: 'nothing' | 'approved' | 'declined' | 'clears' | 'returns' | 'fenced';
  readyAt: number;
  openRefundCents: number;
  disputedParts: { invoice: Invoice; cents: number }[];
}

export interface Credit {
  readonly key: string;
  readonly amountCents: number;
  balanceCents: number;
  isVoid: boolean;
}

/** Money that stands on an invoice. With an id it was put there by a step of its own, and can be taken off again. */
export interface Part {
  readonly id: string | null;
  readonly source: Payment | Credit;
  readonly invoice: Invoice;
  readonly cents: number;
}

interface Charge {
  readonly day: number;
  readonly invoices: readonly Invoice[];
  attempt: number;
  result: string | null;
}

export const bankMs = 60_000;
const retryDays = [1, 3, 7];
const undecided: readonly PaymentState[] = ['created', 'submitted', 'unknown'];
const notToday = (due: number | null) => due ?? -40;

/** What an account's money should be, kept in memory by the simplest rules: the product has to come to the same. */
export class Books {
  readonly invoices: Invoice[] = [];
  readonly methods: Method[] = [];
  readonly payments: Payment[] = [];
  readonly credits: Credit[] = [];
  readonly charges: Charge[] = [];
  parts: Part[] = [];
  isSuspended = false;
  autopay: Method | null = null;
  day = 0;
  clock = 0;
  /** Makes the keys of autopay's payments foreseeable. */
  readonly dayName: (day: number) => string;
  readonly accountId: string;

  constructor(accountId: string, dayName: (day: number) => string) {
    this.accountId = accountId;
    this.dayName = dayName;
  }

  paidOf(invoice: Invoice): number {
    return sum(this.parts.filter((part) => part.invoice === invoice).map(({ cents }) => cents));
  }

  openOf(invoice: Invoice): number {
    return invoice.status === 'sent' ? invoice.totalCents - this.paidOf(invoice) : 0;
  }

  open(): Invoice[] {
    return inOrder(this.invoices.filter((invoice) => this.openOf(invoice) > 0), this.invoices);
  }

  plannedFor(invoice: Invoice, states: readonly PaymentState[]): boolean {
    return this.payments.some((payment) => states.includes(payment.state) && payment.planned.some((plan) => plan.invoice === invoice));
  }

  isBusy(): boolean {
    return this.payments.some(({ state }) => undecided.includes(state));
  }

  /** null: refused. */
  reserve({ key, method, invoices, amountCents, isPrepayment = false }: { key: string; method: Method; invoices: readonly Invoice[]; amountCents: number; isPrepayment?: boolean }): Payment | null {
    if (method.isRemoved || this.isBusy() || amountCents <= 0) return null;
    const isPayable = (invoice: Invoice) => this.openOf(invoice) > 0 && !this.plannedFor(invoice, ['processing']);
    const roomCents = sum(invoices.map((invoice) => this.openOf(invoice)));
    if (!isPrepayment && (invoices.length === 0 || !invoices.every(isPayable) || amountCents > roomCents)) return null;
    let leftCents = amountCents;
    const planned = isPrepayment ? [] : inOrder(invoices, this.invoices).map((invoice) => {
      const cents = Math.min(leftCents, this.openOf(invoice));
      leftCents -= cents;
      return { invoice, cents };
    }).filter(({ cents }) => cents > 0);
    return this.#add({ key, amountCents, number: method.number, planned, state: 'created' });
  }

  /** The gateway is asked; returns what it says, if it says anything. */
  charge(payment: Payment): Outcome {
    if (payment.gateway === 'fenced') return 'declined';
    const behaviour = { declined: 'declined', insufficient: 'declined', bank: 'clears', bank_returned: 'returns', silent_before: 'nothing' } as const;
    payment.gateway = behaviour[payment.number as keyof typeof behaviour] ?? 'approved';
    payment.readyAt = this.clock + bankMs;
    return payment.number?.startsWith('silent') ? 'unknown' : (this.lookup(payment) ?? 'unknown');
  }

  lookup({ gateway, readyAt }: Payment): Outcome | null {
    if (gateway === 'nothing') return null;
    if (gateway === 'approved') return 'succeeded';
    if (gateway === 'declined' || gateway === 'fenced') return 'declined';
    if (this.clock < readyAt) return 'processing';
    return gateway === 'clears' ? 'succeeded' : 'declined';
  }

  settle(payment: Payment, outcome: Outcome): void {
    const { state } = payment;
    const moves = state === 'submitted' || (state === 'created' && outcome === 'failed') || (state === 'unknown' && outcome !== 'unknown')
      || (state === 'processing' && outcome !== 'processing' && outcome !== 'unknown') || (state === 'failed' && outcome === 'succeeded');
    if (!moves) return;
    payment.state = outcome;
    if (outcome === 'succeeded') this.#book(payment);
  }

  /** What a look at the gateway leads to; what it has never heard of is fenced. */
  reconcile(payment: Payment): void {
    if (payment.state === 'created') return this.settle(payment, 'failed');
    const answer = this.lookup(payment);
    if (answer) return this.settle(payment, answer);
    payment.gateway = 'fenced';
    this.settle(payment, 'failed');
  }

  cash(key: string, amountCents: number, paysInvoices: boolean): void {
    let leftCents = amountCents;
    const planned = paysInvoices ? this.open().map((invoice) => {
      const cents = Math.min(leftCents, this.openOf(invoice));
      leftCents -= cents;
      return { invoice, cents };
    }).filter(({ cents }) => cents > 0) : [];
    this.settle(this.#add({ key, amountCents, number: null, planned, state: 'processing' }), 'succeeded');
  }

  leftOf(payment: Payment): number {
    return payment.unappliedCents + sum(this.parts.filter(({ source }) => source === payment).map(({ cents }) => cents));
  }

  refundableOf(payment: Payment): number {
    if (!hasMoney(payment)) return 0;
    return Math.min(payment.amountCents - payment.refundedCents, this.leftOf(payment)) - payment.openRefundCents;
  }

  bookRefund(payment: Payment, cents: number): void {
    this.#takeBack(payment, cents);
    payment.refundedCents += cents;
    payment.state = payment.refundedCents >= payment.amountCents ? 'refunded' : 'partially_refunded';
  }

  /** Whether it may be. */
  reverse(payment: Payment, to: 'returned' | 'disputed'): boolean {
    const isLost = payment.state === 'disputed' && to === 'returned';
    if (payment.openRefundCents > 0 || !(isLost || hasMoney(payment))) return false;
    payment.state = to;
    if (!isLost) payment.disputedParts = this.#takeBack(payment, this.leftOf(payment));
    return true;
  }

  win(payment: Payment): boolean {
    if (payment.state !== 'disputed') return false;
    payment.state = payment.refundedCents > 0 ? 'partially_refunded' : 'succeeded';
    payment.unappliedCents = this.#apply(payment, payment.amountCents - payment.refundedCents, payment.disputedParts);
    this.#reactivate();
    return true;
  }

  applyStep(id: string, source: Payment | Credit, invoice: Invoice, cents: number): boolean {
    const isCredit = 'balanceCents' in source;
    const room = this.openOf(invoice);
    const left = isCredit ? (source.isVoid ? 0 : source.balanceCents) : hasMoney(source) ? source.unappliedCents : 0;
    const isTaken = isCredit && this.plannedFor(invoice, [...undecided, 'processing']);
    if (cents <= 0 || cents > room || cents > left || isTaken) return false;
    if (isCredit) source.balanceCents -= cents;
    else source.unappliedCents -= cents;
    this.parts.push({ id, source, invoice, cents });
    this.#reactivate();
    return true;
  }

  takeOff(part: Part): void {
    if (part.id === null) return;
    this.parts = this.parts.filter((other) => other !== part);
    if ('balanceCents' in part.source) part.source.balanceCents += part.cents;
    else part.source.unappliedCents += part.cents;
  }

  voidCredit(credit: Credit): boolean {
    if (credit.isVoid) return true;
    if (credit.balanceCents < credit.amountCents) return false;
    credit.isVoid = true;
    return true;
  }

  voidInvoice(invoice: Invoice): boolean {
    if (invoice.status === 'void') return true;
    if (this.paidOf(invoice) > 0 || this.plannedFor(invoice, [...undecided, 'processing'])) return false;
    invoice.status = 'void';
    this.#reactivate();
    return true;
  }

  removeMethod(method: Method): boolean {
    const others = this.methods.filter((other) => !other.isRemoved && other !== method);
    if (method.isRemoved || (this.autopay && others.length === 0)) return false;
    Object.assign(method, { isRemoved: true, isDefault: false });
    const newest = others.at(-1);
    if (newest && !others.some(({ isDefault }) => isDefault)) newest.isDefault = true;
    return true;
  }

  suspend(): void {
    const waits = (invoice: Invoice) => this.plannedFor(invoice, ['submitted', 'unknown', 'processing']);
    if (this.open().some((invoice) => invoice.due !== null && invoice.due < -1 && !waits(invoice))) this.isSuspended = true;
  }

  /** One look of autopay at the account on the model's day. */
  runAutopay(): void {
    const planned = this.#plan();
    if (planned) this.#carry(planned);
    for (const charge of this.charges) this.#carry(charge);
  }

  get owedCents(): number {
    return sum(this.invoices.map((invoice) => this.openOf(invoice)));
  }

  get prepaidCents(): number {
    return sum(this.payments.map(({ unappliedCents }) => unappliedCents));
  }

  get creditCents(): number {
    return sum(this.credits.map(({ balanceCents, isVoid }) => (isVoid ? 0 : balanceCents)));
  }

  #add(payment: Pick<Payment, 'key' | 'amountCents' | 'number' | 'planned' | 'state'>): Payment {
    const added: Payment = { ...payment, refundedCents: 0, unappliedCents: 0, gateway: 'nothing', readyAt: 0, openRefundCents: 0, disputedParts: [] };
    this.payments.push(added);
    return added;
  }

  #book(payment: Payment): void {
    const byAge = payment.planned.toSorted((a, b) => this.invoices.indexOf(a.invoice) - this.invoices.indexOf(b.invoice));
    payment.unappliedCents = this.#apply(payment, payment.amountCents, byAge);
    this.#reactivate();
  }

  /** Returns what found no room. */
  #apply(payment: Payment, amountCents: number, wanted: readonly { readonly invoice: Invoice; readonly cents: number }[]): number {
    let leftCents = amountCents;
    for (const { invoice, cents: wish } of wanted) {
      const cents = Math.min(wish, this.openOf(invoice), leftCents);
      if (cents <= 0) continue;
      this.parts.push({ id: null, source: payment, invoice, cents });
      leftCents -= cents;
    }
    return leftCents;
  }

  /** What waits first, then from the newest invoice on. Returns what it took from which. */
  #takeBack(payment: Payment, cents: number): { invoice: Invoice; cents: number }[] {
    const waiting = Math.min(payment.unappliedCents, cents);
    payment.unappliedCents -= waiting;
    let leftCents = cents - waiting;
    const taken: { invoice: Invoice; cents: number }[] = [];
    const own = this.parts.filter(({ source }) => source === payment).toSorted((a, b) => this.invoices.indexOf(b.invoice) - this.invoices.indexOf(a.invoice));
    for (const part of own) {
      const back = Math.min(part.cents, leftCents);
      if (back === 0) continue;
      leftCents -= back;
      this.parts = this.parts.filter((other) => other !== part);
      if (part.cents > back) this.parts.push({ ...part, id: null, cents: part.cents - back });
      taken.unshift({ invoice: part.invoice, cents: back });
    }
    return taken;
  }

  #reactivate(): void {
    if (!this.open().some(({ due }) => due !== null && due < 0)) this.isSuspended = false;
  }

  #plan(): Charge | undefined {
    if (!this.autopay || this.charges.some(({ day }) => day === this.day)) return undefined;
    const isDue = (invoice: Invoice) => {
      const [first] = invoice.tries.toSorted((a, b) => a - b);
      const retry = retryDays[invoice.tries.length - 1];
      return first === undefined ? notToday(invoice.due) <= this.day : retry !== undefined && first + retry <= this.day;
    };
    const invoices = this.open().filter((invoice) => isDue(invoice) && !this.plannedFor(invoice, ['processing']));
    if (invoices.length === 0) return undefined;
    for (const invoice of invoices) invoice.tries.push(this.day);
    const charge = { day: this.day, invoices, attempt: 1, result: null };
    this.charges.push(charge);
    return charge;
  }

  #carry(charge: Charge): void {
    while (charge.result === null) {
      const key = keyOfCharge(this.accountId, this.dayName(charge.day), charge.attempt);
      const payment = this.payments.find((made) => made.key === key);
      if (payment && [...undecided].includes(payment.state)) return;
      if (payment && payment.state !== 'failed') charge.result = payment.state === 'declined' ? 'declined' : 'paid';
      else if (payment && charge.attempt === 4) this.#giveUp(charge);
      else if (!this.#order(charge, payment ? charge.attempt + 1 : charge.attempt)) return;
    }
  }

  /** Returns whether to look again. */
  #order(charge: Charge, attempt: number): boolean {
    charge.attempt = attempt;
    const invoices = charge.invoices.filter((invoice) => this.openOf(invoice) > 0);
    const there = this.methods.filter(({ isRemoved }) => !isRemoved);
    const method = there.find((each) => each === this.autopay) ?? there.find(({ isDefault }) => isDefault) ?? there.at(-1);
    if (!this.autopay || invoices.length === 0) charge.result = 'nothing_left';
    else if (!method) charge.result = 'no_method';
    if (charge.result || !method) return true;
    const payment = this.reserve({
      key: keyOfCharge(this.accountId, this.dayName(charge.day), attempt), method, invoices, amountCents: sum(invoices.map((invoice) => this.openOf(invoice))),
    });
    if (!payment) return false;
    payment.state = 'submitted';
    this.settle(payment, this.charge(payment));
    return true;
  }

  #giveUp(charge: Charge): void {
    charge.result = 'given_up';
    for (const invoice of this.invoices) invoice.tries = invoice.tries.filter((day) => day !== charge.day);
  }
}

const hasMoney = ({ state }: Payment): boolean => state === 'succeeded' || state === 'partially_refunded';

export function sum(amounts: readonly number[]): number {
  return amounts.reduce((total, amount) => total + amount, 0);
}

/** The most urgent first, then the oldest. */
function inOrder(invoices: readonly Invoice[], all: readonly Invoice[]): Invoice[] {
  return invoices.toSorted((a, b) => (a.due ?? Infinity) - (b.due ?? Infinity) || all.indexOf(a) - all.indexOf(b) || 0);
}

function keyOfCharge(accountId: string, day: string, attempt: number): string {
  const hash = createHash('sha256').update(['autopay', accountId, day, 'USD', attempt].join(' ')).digest('hex');
  return hash.slice(0, 32).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
