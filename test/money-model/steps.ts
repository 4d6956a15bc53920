import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { constantFrom, nat, noBias, tuple, type AsyncCommand } from 'fast-check';
import { reconcileAttempt, reconcilePayments } from '../../server/payment-attempts/reconcile-payments.ts';
import { reservePayment, submitPayment } from '../../server/payment-attempts/reserve-payment.ts';
import { settlePayment } from '../../server/payment-attempts/settle-payment.ts';
import { takePayment } from '../../server/payment-attempts/take-payment.ts';
import { read } from '../../server/platform/database.ts';
import { applyPrepayment } from '../../server/prepayments/apply-prepayment.ts';
import { reconcileRefunds } from '../../server/refunds/reconcile-refunds.ts';
import { refundPayment } from '../../server/refunds/refund-payment.ts';
import { reversePayment, winDispute } from '../../server/refunds/return-payment.ts';
import { applyCredit, takeOff } from '../../server/staff-credits/apply-credit.ts';
import { issueCredit, voidCredit } from '../../server/staff-credits/credit.ts';
import { voidInvoice } from '../../server/staff-invoices/void-invoice.ts';
import { recordPayment } from '../../server/staff-payments/record-payment.ts';
import { reactivateAccount } from '../../server/suspension/reactivate.ts';
import { suspendOverdue } from '../../server/suspension/suspend-overdue.ts';
import { bankMs, type Books, type Credit, type Method } from './books.ts';
import { isDone, type Counter } from './counter.ts';

/** Three numbers that say which of what there is, how much of it, and in which way. */
type Pick = readonly [number, number, number];
/** False: there is nothing to do it to. */
type Do = (books: Books, counter: Counter, pick: Pick) => Promise<boolean>;

const one = <T>(from: readonly T[], at: number): T | undefined => from[at % from.length];
/** A share of the sum; now and then a cent too much, or nothing. */
const shareOf = (cents: number, at: number): number => (at % 20 === 0 ? cents + 1 : at % 20 === 1 ? 0 : at % 3 === 0 ? cents : Math.max(1, Math.floor((cents * (at % 100)) / 100)));
const cards = ['visa', 'visa', 'visa', 'declined', 'silent_after', 'silent_before', 'slow', 'bank', 'bank_returned'];

const openInvoice: Do = async (books, counter, [a, b]) => {
  const [totalCents, due] = [1 + (a % 200) * 50, [-30, -5, 0, 1, 2, 5, null][b % 7] ?? null];
  books.invoices.push({ number: await counter.invoice(totalCents, due), totalCents, due, status: 'sent', tries: [] });
  return true;
};

const addMethod: Do = async (books, counter, [a]) => {
  const number = one(cards, a) ?? 'visa';
  books.methods.push({ id: await counter.method(number), number, isRemoved: false, isDefault: !books.methods.some(({ isDefault }) => isDefault) });
  return true;
};

interface Wish {
  readonly key: string;
  readonly method: Method;
  readonly invoices: Books['invoices'];
  readonly amountCents: number;
}

/** Mostly something that can be paid; sometimes all invoices, paid and void ones, too. */
function wish(books: Books, [a, b, c]: Pick): Wish | undefined {
  const method = one(books.methods, c);
  const from = a % 11 === 0 ? books.invoices : books.open();
  const invoices = a % 3 === 0 ? from : from.filter((_, at) => (a >> at) % 2 === 1);
  if (!method || invoices.length === 0) return undefined;
  const roomCents = invoices.reduce((total, invoice) => total + books.openOf(invoice), 0);
  return { key: randomUUID(), method, invoices, amountCents: b % 2 === 0 ? roomCents : shareOf(roomCents, b) };
}

function orderOf(books: Books, accountId: string, { key, method, invoices, amountCents }: Wish) {
  return { accountId, requestKey: key, methodId: method.id, amountCents, invoices: invoices.map((invoice) => ({ number: invoice.number, openCents: books.openOf(invoice) })) };
}

const pay: Do = async (books, counter, pick) => {
  const wanted = wish(books, pick);
  if (!wanted) return false;
  const order = orderOf(books, counter.accountId, wanted);
  const isHeld = wanted.method.number === 'slow' && !counter.pending;
  const times = isHeld ? 1 : 1 + (pick[2] % 2);
  const done = isHeld ? [await isDone(counter.payHeld(order))] : await Promise.all(Array.from({ length: times }, () => isDone(takePayment(counter.till, order))));
  const payment = books.reserve(wanted);
  assert.deepEqual(done, done.map(() => payment !== null), 'whether the payment was taken');
  if (!payment) return true;
  payment.state = 'submitted';
  if (!isHeld) books.settle(payment, books.charge(payment));
  return true;
};

const prepay: Do = async (books, counter, [a, b, c]) => {
  const method = one(books.methods.filter(({ number }) => number !== 'slow'), c);
  if (!method) return false;
  const wanted = { key: randomUUID(), method, invoices: [], amountCents: a % 7 === 0 ? 0 : 1 + b * 10, isPrepayment: true };
  const done = await isDone(takePayment(counter.till, { ...orderOf(books, counter.accountId, wanted), purpose: 'prepayment' }));
  const payment = books.reserve(wanted);
  assert.equal(done, payment !== null, 'whether the prepayment was taken');
  if (payment) {
    payment.state = 'submitted';
    books.settle(payment, books.charge(payment));
  }
  return true;
};

const sendFormAgain: Do = async (books, counter, pick) => {
  const payment = one(books.payments.filter(({ number }) => number), pick[0]);
  const method = one(books.methods, pick[1]);
  if (!payment || !method) return false;
  await takePayment(counter.till, { ...orderOf(books, counter.accountId, { key: payment.key, method, invoices: books.open(), amountCents: 1 }) });
  return true;
};

/** The process ends after reserving, after submitting or after charging. */
const killWhilePaying: Do = async (books, counter, pick) => {
  const wanted = wish(books, pick);
  if (!wanted || wanted.method.number === 'slow' || wanted.method.number.startsWith('silent')) return false;
  const { sandbox } = counter.house.outside.gateways;
  const order = orderOf(books, counter.accountId, wanted);
  let reserved: Awaited<ReturnType<typeof reservePayment>> | undefined;
  const done = await isDone(counter.inside(async () => (reserved = await reservePayment(counter.till, sandbox, order))));
  const payment = books.reserve(wanted);
  assert.equal(done, payment !== null, 'whether the payment was reserved');
  if (!payment || !reserved?.charge || pick[1] % 3 === 0) return true;
  const { id, charge } = reserved;
  assert.ok(await counter.inside(() => submitPayment(id)));
  payment.state = 'submitted';
  if (pick[1] % 3 === 1) return true;
  await sandbox.charge(charge);
  books.charge(payment);
  return true;
};

/** The gateway answers the one that it has kept waiting. */
const answerLate: Do = async (books, counter) => {
  const payment = books.payments.findLast(({ number, gateway }) => number === 'slow' && gateway !== 'approved');
  if (!counter.pending || !payment) return false;
  await counter.release();
  books.settle(payment, books.charge(payment));
  return true;
};

const reconcile: Do = async (books, counter, [a]) => {
  const { outside, world } = counter.house;
  const isPatient = a % 4 === 0;
  await reconcilePayments(outside, world.id, isPatient ? {} : { olderThanSeconds: 0 });
  if (!isPatient) for (const payment of books.payments) if (['created', 'submitted', 'unknown', 'processing'].includes(payment.state)) books.reconcile(payment);
  return true;
};

/** Three at once look at the gateway for one payment, as its page and a webhook do, whatever has become of it since. */
const hearAgain: Do = async (books, counter, [a]) => {
  const payment = one(books.payments, a);
  if (!payment) return false;
  const { outside, tenant } = counter.house;
  const attempt = { id: await counter.idOf(payment.key), gateway: payment.number && 'sandbox', reference: null, state: payment.state, ageSeconds: 1 };
  await Promise.all([1, 2, 3].map(() => reconcileAttempt(outside, tenant, attempt)));
  const answer = payment.state === 'created' ? null : books.lookup(payment);
  if (payment.number && answer) books.settle(payment, answer);
  return true;
};

/** Somebody says too late that it was never charged. */
const hearFalseNews: Do = async (books, counter, [a, b]) => {
  const payment = one(books.payments.filter(({ state }) => !['created', 'submitted', 'unknown', 'processing', 'failed'].includes(state)), a);
  if (!payment) return false;
  const { outside, tenant } = counter.house;
  const outcome = b % 2 ? 'declined' : 'succeeded';
  const id = await counter.idOf(payment.key);
  await counter.inside(() => settlePayment(outside, tenant, id, { outcome, reference: 'other', message: '' }));
  return true;
};

const clearBank: Do = async (books, counter) => {
  books.clock += bankMs;
  counter.house.hand.now += bankMs;
  return true;
};

const takeCash: Do = async (books, counter, [a, b]) => {
  const { outside, tenant, staffId } = counter.house;
  const brought = { accountId: counter.accountId, requestKey: randomUUID(), kind: 'cash', label: '', amountCents: 1 + a * 7, currency: 'USD', paysInvoices: b % 4 > 0, staffId } as const;
  await Promise.all(Array.from({ length: 1 + (b % 2) }, () => counter.inside(() => recordPayment(outside, tenant, brought))));
  books.cash(brought.requestKey, brought.amountCents, brought.paysInvoices);
  return true;
};

const voidAnInvoice: Do = async (books, counter, [a]) => {
  const invoice = one(books.invoices, a);
  if (!invoice) return false;
  const done = await isDone(counter.inside(() => voidInvoice(invoice.number, 'wrong', counter.staff())));
  assert.equal(done, books.voidInvoice(invoice), 'whether the invoice was voided');
  return true;
};

const issue: Do = async (books, counter, [a]) => {
  const credit = { key: randomUUID(), amountCents: 1 + a * 5, reference: '', currency: 'USD' };
  const number = await counter.inside(() => issueCredit(counter.accountId, credit, counter.staff()));
  assert.equal(await counter.inside(() => issueCredit(counter.accountId, credit, counter.staff())), number);
  books.credits.push({ ...credit, balanceCents: credit.amountCents, isVoid: false });
  return true;
};

const numberOfCredit = async (counter: Counter, { key }: Credit): Promise<string> => {
  const [row] = await counter.inside(() => read<{ number: string }>('model-credit', 'select number from app.credits where id = $1', [key]));
  return row?.number ?? '';
};

const spendCredit: Do = async (books, counter, [a, b, c]) => {
  const [credit, invoice] = [one(books.credits, a), one(books.invoices, b)];
  if (!credit || !invoice) return false;
  const number = await numberOfCredit(counter, credit);
  const application = { key: randomUUID(), invoice: invoice.number, amountCents: shareOf(Math.min(credit.balanceCents, books.openOf(invoice)), c) };
  const apply = () => isDone(counter.inside(() => applyCredit(number, application, counter.staff())));
  const done = await Promise.all([apply(), apply()]);
  const may = books.applyStep(application.key, credit, invoice, application.amountCents);
  assert.deepEqual(done, [may, may], 'whether the credit was applied');
  return true;
};

const voidACredit: Do = async (books, counter, [a]) => {
  const credit = one(books.credits, a);
  if (!credit) return false;
  const number = await numberOfCredit(counter, credit);
  assert.equal(await isDone(counter.inside(() => voidCredit(number, counter.staff()))), books.voidCredit(credit), 'whether the credit was voided');
  return true;
};

const spendPrepayment: Do = async (books, counter, [a, b, c]) => {
  const [payment, invoice] = [one(books.payments.filter(({ unappliedCents }) => c % 9 === 0 || unappliedCents > 0), a), one(c % 10 === 0 ? books.invoices : books.open(), b)];
  if (!payment || !invoice) return false;
  const { outside, tenant } = counter.house;
  const key = randomUUID();
  const amountCents = shareOf(Math.min(payment.unappliedCents, books.openOf(invoice)), c);
  const paymentId = await counter.idOf(payment.key);
  const apply = () => isDone(counter.inside(async () => {
    await applyPrepayment({ key, accountId: counter.accountId, paymentId, invoiceNumber: invoice.number, amountCents, postedOn: tenant.site.today() }, counter.till.t);
    await reactivateAccount(outside, tenant, counter.accountId);
  }));
  const done = await Promise.all([apply(), apply()]);
  const may = books.applyStep(key, payment, invoice, amountCents);
  assert.deepEqual(done, [may, may], 'whether the prepayment was applied');
  return true;
};

const takeOffAgain: Do = async (books, counter, [a]) => {
  const part = one(books.parts.filter(({ id }) => id), a);
  if (!part?.id) return false;
  const { id, invoice } = part;
  await Promise.all([1, 2].map(() => counter.inside(() => takeOff(invoice.number, id, counter.staff()))));
  books.takeOff(part);
  return true;
};

const refund: Do = async (books, counter, [a, b, c]) => {
  const payment = one(books.payments.filter((made) => c % 5 === 0 || books.refundableOf(made) > 0), a);
  if (!payment) return false;
  const { hand, staffId } = counter.house;
  const amountCents = shareOf(Math.max(0, books.refundableOf(payment)), b);
  hand.losesRefunds = c % 4 === 1;
  const paymentId = await counter.idOf(payment.key);
  const order = { accountId: counter.accountId, paymentId, requestKey: randomUUID(), amountCents, reason: '', staffId };
  const done = await Promise.all(Array.from({ length: 1 + (c % 2) }, () => isDone(refundPayment(counter.till, order))));
  const may = amountCents >= 1 && amountCents <= books.refundableOf(payment);
  assert.deepEqual(done, done.map(() => may), 'whether it was refunded');
  if (may && hand.losesRefunds && payment.number) payment.openRefundCents += amountCents;
  else if (may) books.bookRefund(payment, amountCents);
  hand.losesRefunds = false;
  return true;
};

const reconcileAllRefunds: Do = async (books, counter) => {
  const { outside, tenant } = counter.house;
  await reconcileRefunds(outside, tenant, { olderThanSeconds: 0 });
  for (const payment of books.payments) {
    if (payment.openRefundCents > 0) books.bookRefund(payment, payment.openRefundCents);
    payment.openRefundCents = 0;
  }
  return true;
};

const reverse = (to: 'returned' | 'disputed'): Do => async (books, counter, [a, b]) => {
  const payment = one(books.payments.filter(({ state }) => b % 5 === 0 || ['succeeded', 'partially_refunded', 'disputed'].includes(state)), a);
  if (!payment) return false;
  const { outside, tenant } = counter.house;
  const id = await counter.idOf(payment.key);
  const done = await Promise.all([1, 2].map(() => counter.inside(() => reversePayment(outside, tenant, id, { to, message: '' }))));
  assert.equal(done.filter((each) => each).length, books.reverse(payment, to) ? 1 : 0, `how often it was ${to}`);
  return true;
};

const win: Do = async (books, counter, [a, b]) => {
  const payment = one(books.payments.filter(({ state }) => b % 7 === 0 || state === 'disputed'), a);
  if (!payment) return false;
  const { outside, tenant } = counter.house;
  const id = await counter.idOf(payment.key);
  const done = await Promise.all([1, 2].map(() => counter.inside(() => winDispute(outside, tenant, id))));
  assert.equal(done.filter((each) => each).length, books.win(payment) ? 1 : 0, 'how often it was won');
  return true;
};

const switchAutopay: Do = async (books, counter, [a, b]) => {
  const method = b % 4 === 0 ? null : one(books.methods.filter(({ isRemoved }) => !isRemoved), a);
  if (method === undefined) return false;
  await counter.enrol(method?.id ?? null);
  books.autopay = method;
  return true;
};

const runAutopay: Do = async (books, counter, [a]) => {
  books.day += a % 4;
  await counter.autopay(books.day);
  books.runAutopay();
  return true;
};

const deleteMethod: Do = async (books, counter, [a]) => {
  const method = one(books.methods.filter(({ isRemoved }) => !isRemoved), a);
  if (!method) return false;
  assert.equal(await isDone(counter.removeMethod(method.id)), books.removeMethod(method), 'whether the method was deleted');
  return true;
};

const suspend: Do = async (books, counter) => {
  await suspendOverdue(counter.house.outside, counter.house.world.id);
  books.suspend();
  return true;
};

const actions = {
  openInvoice, addMethod, pay, prepay, sendFormAgain, killWhilePaying, answerLate, reconcile, hearAgain, hearFalseNews, clearBank, takeCash, voidAnInvoice, issue, spendCredit, voidACredit,
  spendPrepayment, takeOffAgain, refund, reconcileAllRefunds, returnPayment: reverse('returned'), dispute: reverse('disputed'), win, switchAutopay, runAutopay, deleteMethod, suspend,
};
type Name = keyof typeof actions;
const often: readonly Name[] = ['openInvoice', 'openInvoice', 'pay', 'pay', 'pay', 'pay', 'refund', 'dispute', 'win', 'win', 'spendPrepayment', 'spendCredit', 'runAutopay', 'switchAutopay', 'reconcile'];

/** How often each has been done; what finds nothing to do it to opens an invoice instead, so that every step is one. */
export const tally: Partial<Record<Name, number>> = {};

class Step implements AsyncCommand<Books, Counter> {
  readonly name: Name;
  readonly pick: Pick;

  constructor(name: Name, pick: Pick) {
    [this.name, this.pick] = [name, pick];
  }

  check(): boolean {
    return true;
  }

  async run(books: Books, counter: Counter): Promise<void> {
    const wasDone = await actions[this.name](books, counter, this.pick);
    if (!wasDone) await openInvoice(books, counter, this.pick);
    const name = wasDone ? this.name : 'openInvoice';
    tally[name] = (tally[name] ?? 0) + 1;
    await counter.compare(books);
  }

  toString(): string {
    return `${this.name}(${this.pick.join(', ')})`;
  }
}

const number = noBias(nat(999));
export const aStep = tuple(noBias(constantFrom(...(Object.keys(actions) as Name[]), ...often)), number, number, number).map(([name, ...pick]) => new Step(name, pick));

/** A card that pays and three invoices, so that the first steps find something. */
export async function begin(books: Books, counter: Counter): Promise<void> {
  await addMethod(books, counter, [0, 0, 0]);
  for (const at of [1, 2, 3]) await openInvoice(books, counter, [at * 40, at, 0]);
}

/** Every answer comes, the bank has paid, the reconcilers have looked: nothing is undecided any more. */
export async function bringToAnEnd(books: Books, counter: Counter): Promise<void> {
  for (const last of [answerLate, clearBank, reconcile, reconcileAllRefunds]) await last(books, counter, [1, 1, 1]);
  await counter.compare(books);
  assert.ok(!books.isBusy());
}
