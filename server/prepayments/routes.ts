import { randomUUID } from 'node:crypto';
import type { Request } from 'express';
import { z } from 'zod';
import { readBalances } from '../ledger/read-balances.ts';
import { amountField } from '../money/amount-field.ts';
import { toCents } from '../money/money.ts';
import { listMethods, type SavedMethodRow } from '../payment-methods/payment-method.ts';
import { readRules } from '../payment-attempts/payment-rules.ts';
import { findUnsettled, paymentPath } from '../payments/payment.ts';
import { takePayment } from '../payment-attempts/take-payment.ts';
import { NotFound } from '../platform/errors.ts';
import { readForm, refuse, text, uuid } from '../platform/forms.ts';
import { page, seeOther, type Page, type Reply } from '../platform/replies.ts';
import { get, post } from '../platform/routes.ts';
import { setFlash } from '../platform/session.ts';
import { findStaffPayment } from '../staff-payments/staff-payment.ts';
import { showStaffPayment } from '../staff-payments/routes.ts';
import { reactivateAccount } from '../suspension/reactivate.ts';
import type { CustomerRequest, StaffRequest } from '../tenancy/people.ts';
import { again } from '../walk/walk.ts';
import { applyPrepayment } from './apply-prepayment.ts';

const choice = z.object({ amount: z.string().trim().max(20).catch(''), method: z.string().max(60).catch('') });
const readChoice = (req: Request) => choice.parse((req.method === 'POST' ? req.body : req.query) ?? {});

async function chooseAmount(req: CustomerRequest): Promise<Reply> {
  return page('prepayments/amount', { title: req.t('prepayments.title'), ...(await readTill(req)) });
}

/** Repeats amount and method before money moves. */
async function review(req: CustomerRequest): Promise<Reply> {
  const till = await readTill(req);
  const cents = toCents(till.amount, req.tenant.site.currency);
  const method = till.methods.find(({ id }) => id === till.method);
  if (cents === null || cents <= 0) return askAgain(req, 'amount', req.t(cents === null ? 'forms.not-an-amount' : 'payments.part-nothing'));
  if (!method) return askAgain(req, 'method', req.t('checkout.choose-method'));
  return page('prepayments/review', { title: req.t('prepayments.title'), ...till, cents, method, requestKey: randomUUID() });
}

/** Reserve, charge, settle: the same walk as for invoices. */
async function prepay(req: CustomerRequest): Promise<Reply> {
  await req.outside.limits.take('forms', `${req.tenant.id} ${req.person.signInId}`);
  const { amount, method, requestKey } = readForm(prepayForm(req.tenant.site.currency), req.body, req.t);
  if (amount === null || amount <= 0) refuse('amount', req.t('payments.part-nothing'));
  const { tenant, outside, t, account, person } = req;
  const number = await takePayment({ tenant, outside, t, enter: (work) => again(req, work) }, {
    accountId: account.id, requestKey, methodId: method, invoices: [], purpose: 'prepayment', amountCents: amount, contactId: account.contactId, loginRef: person.loginRef,
  });
  return seeOther(paymentPath(tenant.site, number));
}

const prepayForm = (currency: string) => z.object({ amount: amountField(currency), method: z.string('forms.wrong').max(60), requestKey: uuid });

async function readTill(req: CustomerRequest) {
  const { site } = req.tenant;
  const rules = await readRules(req.account.id, site);
  const methods = await listMethods(req.account, site.today());
  const isUsable = ({ gateway, kind, hasExpired }: SavedMethodRow) => gateway === site.gateway && site.methodKinds.includes(kind) && !hasExpired && (kind !== 'bank' || rules.takesBank);
  const [balance] = await readBalances(req.account.id, site.currency);
  return { ...readChoice(req), methods: methods.filter(isUsable), ...(await findUnsettled(req.account)), prepaidCents: balance?.prepaymentCents ?? 0, owedCents: balance?.owedCents ?? 0, mustAskStaff: rules.mustAskStaff };
}

async function askAgain(req: CustomerRequest, field: string, message: string): Promise<Reply> {
  req.errors = { ...req.errors, [field]: req.errors?.[field] ?? message };
  return ((await chooseAmount(req)) as Page).withStatus(422);
}

/** Staff put waiting money against an invoice. */
async function apply(req: StaffRequest): Promise<Reply> {
  const payment = await findStaffPayment(String(req.params['number']));
  if (!payment) throw new NotFound('no such payment');
  const { applied, invoice, requestKey: key } = readForm(z.object({ applied: amountField(payment.currency), invoice: text(60, { anyNumber: true }), requestKey: uuid }), req.body, req.t);
  if (applied === null || applied <= 0) refuse('applied', req.t('payments.part-nothing'));
  await applyPrepayment({ key, accountId: payment.accountId, paymentId: payment.id, invoiceNumber: invoice, amountCents: applied, postedOn: req.tenant.site.today() }, req.t);
  await reactivateAccount(req.outside, req.tenant, payment.accountId);
  setFlash(req, 'success', req.t('prepayments.applied', { amount: req.formats.money(applied, payment.currency), number: invoice }));
  return seeOther(`/staff/payments/${encodeURIComponent(payment.number)}`);
}

export const prepaymentRoutes = [
  get('/billing/prepayment', chooseAmount),
  get('/billing/prepayment/review', review),
  post('/billing/prepayment', prepay, { outside: true, page: review }),
];
export const applicationRoutes = [post('/staff/payments/:number/application', apply, { area: 'invoices', page: showStaffPayment })];
