import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { sumCents } from '../money/allocate.ts';
import { toCents } from '../money/money.ts';
import { listMethods, type SavedMethodRow } from '../payment-methods/payment-method.ts';
import { findUnsettled, paymentPath, wasSent } from '../payments/payment.ts';
import { openPayPage } from '../payment-attempts/pay-page.ts';
import { demandPart, offersPage, readRules, type PayingRules } from '../payment-attempts/payment-rules.ts';
import { takePayment } from '../payment-attempts/take-payment.ts';
import { Refused } from '../platform/errors.ts';
import { list, readForm, refuse, uuid } from '../platform/forms.ts';
import { page, seeOther, type Page, type Reply } from '../platform/replies.ts';
import { get, post } from '../platform/routes.ts';
import { together } from '../platform/together.ts';
import type { CustomerRequest } from '../tenancy/people.ts';
import { again } from '../walk/walk.ts';
import { choiceQuery, readChoice, select, type Choice } from './choice.ts';
import { readFilter, showsInvoice } from './filter.ts';
import { listPayable, type PayableInvoice } from './payable-invoices.ts';

/** Which step follows which is the organization's choice; review and success always come last. */
const orders = { invoices_first: ['invoices', 'method', 'review'], method_first: ['method', 'invoices', 'review'] } as const;
type Step = 'invoices' | 'method' | 'review';

function startPaying(req: CustomerRequest): Promise<Reply> {
  return req.tenant.site.payOrder === 'method_first' ? chooseMethod(req) : chooseInvoices(req);
}

async function chooseInvoices(req: CustomerRequest): Promise<Reply> {
  const wizard = await readWizard(req);
  const { filter, filterErrors, isFiltered } = readFilter(req);
  const shown = wizard.open.filter((invoice) => showsInvoice(invoice, filter));
  return draw(req, 'invoices', wizard, { shown, filterErrors, isFiltered });
}

async function chooseMethod(req: CustomerRequest): Promise<Reply> {
  const wizard = await readWizard(req);
  const fault = req.tenant.site.payOrder === 'invoices_first' && !req.errors ? selectionFault(req, wizard) : '';
  if (fault) return askAgain(req, 'invoice', fault, chooseInvoices);
  return draw(req, 'method', wizard, { methods: usableMethods(req, wizard), hasPage: hasPage(req, wizard.rules) });
}

/** Why what is chosen cannot be paid together, in the payer's words; '' when it can. */
function selectionFault({ t }: CustomerRequest, { selected, missing }: Wizard): string {
  if (!selected.length) return t(missing ? 'checkout.paid-since' : 'checkout.choose-invoice');
  return new Set(selected.map(({ currency }) => currency)).size > 1 ? t('checkout.one-currency') : '';
}

/** Repeats every choice. What is missing is asked for first, on its own page. */
async function review(req: CustomerRequest): Promise<Reply> {
  const wizard = await readWizard(req);
  if (wizard.rules.mustAskStaff) return chooseInvoices(req);
  const methods = usableMethods(req, wizard);
  const method = methods.find(({ id, isUsable }) => isUsable && id === wizard.choice.methodId);
  const fault = selectionFault(req, wizard);
  if (fault) return askAgain(req, 'invoice', fault, chooseInvoices);
  const { amountCents, error } = readPart(wizard.choice.amount, wizard.selected, req);
  if (error) return askAgain(req, 'amount', error, chooseInvoices);
  if (!method && !(wizard.choice.methodId === payPage && hasPage(req, wizard.rules))) return askAgain(req, 'method', req.t(methods.some(({ id, isLateBank }) => isLateBank && id === wizard.choice.methodId) ? 'payments.no-bank-for-overdue' : 'checkout.choose-method'), chooseMethod);
  return draw(req, 'review', wizard, { method, amountCents, requestKey: randomUUID() });
}

/** Reserves, charges, settles; whatever became of it stands on the payment's page, which is safe to reload. */
async function pay(req: CustomerRequest): Promise<Reply> {
  await req.outside.limits.take('forms', `${req.tenant.id} ${req.person.signInId}`);
  const { method, requestKey, shown, amount } = readForm(payForm, req.body, req.t);
  const amountCents = await again(req, async () => {
    await demandSelection(req, requestKey, shown);
    return amount === '' ? undefined : demandAmount(req, amount, shown);
  });
  const { tenant, outside, t, account, person, origin, formats } = req;
  const till = { tenant, outside, t, enter: <T>(work: () => Promise<T>) => again(req, work) };
  const order = { accountId: account.id, requestKey, invoices: shown, amountCents, contactId: account.contactId, loginRef: person.loginRef };
  if (method !== payPage) return seeOther(paymentPath(tenant.site, await takePayment(till, { ...order, methodId: method })));
  const { number, url } = await openPayPage(till, { ...order, origin, locale: formats.locale });
  return seeOther(url ?? paymentPath(tenant.site, number));
}

/** What stands in the place of a saved method: the gateway's own page, where nothing is saved. */
const payPage = 'page';

function hasPage({ tenant: { site }, outside }: CustomerRequest, rules: PayingRules): boolean {
  return site.gateway !== 'none' && offersPage(site, outside.gateways[site.gateway], rules);
}

/** 'INV-1042 8500': what the review page said is open on that invoice. */
const shownInvoice = z.string().regex(/^\S{1,60} [1-9]\d{0,15}$/, 'forms.wrong');
const payForm = z.object({
  requestKey: uuid,
  method: z.string('forms.wrong').max(60),
  amount: z.string('forms.wrong').trim().max(20, 'forms.not-an-amount').default(''),
  shown: list(shownInvoice).transform((lines) => lines.map((line) => {
    const [number = '', cents = ''] = line.split(' ');
    return { number, openCents: Number(cents) };
  })),
});

/** Words that name no invoices stand for what they mean now: the payer has seen exactly that. A form sent twice is not asked again. */
async function demandSelection(req: CustomerRequest, requestKey: string, shown: readonly { number: string }[]): Promise<void> {
  const { choice, selected } = await readWizard(req);
  if (!choice.scope && req.tenant.site.mayPay('selected')) return;
  const numbers = new Set(selected.map(({ number }) => number));
  const isTheSame = numbers.size === shown.length && shown.every(({ number }) => numbers.has(number));
  if (!isTheSame && !(await wasSent(req.account, requestKey))) refuse('invoice', req.t('checkout.changed'));
}

/** In minor units; the currency is that of what is chosen. Throws Refused. */
async function demandAmount(req: CustomerRequest, amount: string, shown: readonly { number: string; openCents: number }[]): Promise<number> {
  const open = await listPayable(req.account, req.tenant.site.today());
  const currency = open.find(({ number }) => number === shown[0]?.number)?.currency ?? req.tenant.site.currency;
  const cents = toCents(amount, currency);
  if (cents === null) refuse('amount', req.t('forms.not-an-amount'));
  if (cents <= 0) refuse('amount', req.t('payments.part-nothing'));
  return cents;
}

/** A part of what is chosen, where one was typed. */
function readPart(amount: string, selected: readonly PayableInvoice[], req: CustomerRequest): { amountCents: number; error?: string } {
  const totalCents = sumCents(selected.map(({ openCents }) => openCents));
  const amountCents = amount === '' ? totalCents : toCents(amount, selected[0]?.currency ?? req.tenant.site.currency);
  if (amountCents === null) return { amountCents: 0, error: req.t('forms.not-an-amount') };
  try {
    if (amountCents !== totalCents) demandPart(req.tenant.site, amountCents, totalCents, req.t);
    return { amountCents };
  } catch (error) {
    if (error instanceof Refused) return { amountCents, error: error.errors['amount'] ?? '' };
    throw error;
  }
}

async function readWizard(req: CustomerRequest) {
  const { site } = req.tenant;
  const choice = readChoice(req);
  const [open, rules, unsettled, saved] = await together(
    () => listPayable(req.account, site.today()),
    () => readRules(req.account.id, site),
    () => findUnsettled(req.account),
    () => listMethods(req.account, site.today()),
  );
  const { invoices: selected, missing } = select(open, choice, site);
  return { choice, open, selected, missing, rules, saved, ...unsettled };
}

type Wizard = Awaited<ReturnType<typeof readWizard>>;

function usableMethods({ tenant: { site } }: CustomerRequest, { rules: { takesBank }, saved }: Wizard): (SavedMethodRow & { isUsable: boolean; isLateBank: boolean })[] {
  return saved.map((method) => ({ ...method, isLateBank: method.kind === 'bank' && !takesBank, isUsable: (takesBank || method.kind !== 'bank') && method.gateway === site.gateway && site.methodKinds.includes(method.kind) && !method.hasExpired }));
}

function draw(req: CustomerRequest, step: Step, wizard: Wizard, data: object): Page {
  const { choice, open, selected } = wizard;
  const order: readonly Step[] = orders[req.tenant.site.payOrder];
  const at = order.indexOf(step);
  const currency = selected[0]?.currency ?? req.tenant.site.currency;
  const totalCents = sumCents(selected.map(({ openCents }) => openCents));
  const beforeCents = sumCents(open.filter((invoice) => invoice.currency === currency).map(({ openCents }) => openCents));
  if (wizard.rules.mustAskStaff) return page('checkout/ask-staff', { title: req.t('checkout.title') });
  return page(`checkout/${step}`, {
    title: req.t('checkout.title'), ...wizard, ...data, order, step: at + 1, currency, totalCents, beforeCents,
    nextPath: `/billing/pay/${order[at + 1] ?? ''}`, linkTo: (to: Step, changed: Partial<Choice> = {}) => `/billing/pay/${to}?${choiceQuery({ ...choice, ...changed })}`,
  });
}

async function askAgain(req: CustomerRequest, field: string, message: string, show: (req: CustomerRequest) => Promise<Reply>): Promise<Reply> {
  req.errors = { ...req.errors, [field]: req.errors?.[field] ?? message };
  return ((await show(req)) as Page).withStatus(422);
}

export const checkoutRoutes = [
  get('/billing/pay', startPaying),
  get('/billing/pay/invoices', chooseInvoices),
  get('/billing/pay/method', chooseMethod),
  get('/billing/pay/review', review),
  post('/billing/pay', pay, { outside: true, page: review }),
];
