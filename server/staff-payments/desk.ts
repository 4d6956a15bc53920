import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { listPayable, type PayableInvoice } from '../checkout/payable-invoices.ts';
import { sumCents } from '../money/allocate.ts';
import { amountField } from '../money/amount-field.ts';
import { closeEarlierPage } from '../payment-attempts/fence.ts';
import { readRules } from '../payment-attempts/payment-rules.ts';
import { takePayment } from '../payment-attempts/take-payment.ts';
import { listMethods } from '../payment-methods/payment-method.ts';
import { read } from '../platform/database.ts';
import { NotFound } from '../platform/errors.ts';
import { readForm, refuse, text, uuid } from '../platform/forms.ts';
import { page, seeOther, type Reply } from '../platform/replies.ts';
import { get, post } from '../platform/routes.ts';
import { setFlash } from '../platform/session.ts';
import type { StaffRequest } from '../tenancy/people.ts';
import { again } from '../walk/walk.ts';
import { recordPayment } from './record-payment.ts';
import { area } from './routes.ts';

interface DeskAccount {
  readonly id: string;
  readonly number: string;
  readonly name: string;
  readonly paysBy: string;
}

/** Where staff take money for an account: charge a saved method, or write down what somebody has brought. */
async function showDesk(req: StaffRequest): Promise<Reply> {
  const account = await accountOf(req);
  const { site } = req.tenant;
  const methods = (await listMethods(account, site.today())).filter(({ gateway, hasExpired }) => gateway === site.gateway && !hasExpired);
  const open = await openOf(req, account);
  return page('staff-payments/desk', { title: req.t('staff-payments.take'), account, methods, scopes: scopesOf(open), open, requestKey: randomUUID() });
}

/** S0-46. */
async function charge(req: StaffRequest): Promise<Reply> {
  const { method, scope, shown, requestKey } = readForm(chargeForm, req.body, req.t);
  const { tenant, outside, t, staff } = req;
  if (tenant.site.gateway === 'none') throw new NotFound('there is no gateway');
  const { account, invoices } = await again(req, async () => {
    const found = await accountOf(req);
    return { account: found, invoices: scopesOf(await openOf(req, found))[scope] };
  });
  const order = { accountId: account.id, requestKey, methodId: method, staffId: staff.staffId, invoices: invoices.map(({ number, openCents }) => ({ number, openCents })) };
  const isRepeat = (await again(req, () => read('desk-sent', 'select 1 from app.payments where account_id = $1 and request_key = $2', [account.id, requestKey]))).length > 0;
  if (!isRepeat && sumCents(invoices.map(({ openCents }) => openCents)) !== shown) refuse('scope', t('checkout.changed'));
  const number = await takePayment({ tenant, outside, t, enter: (work) => again(req, work) }, order);
  return seeOther(`/staff/payments/${encodeURIComponent(number)}`);
}

const chargeForm = z.object({
  method: z.string('forms.wrong').max(60),
  choice: z.string('staff-payments.choose').regex(/^(overdue|balance) \d{1,15}$/, 'staff-payments.choose'),
  requestKey: uuid,
}).transform(({ choice, ...rest }) => {
  const [scope, cents] = choice.split(' ');
  return { ...rest, scope: scope as 'overdue' | 'balance', shown: Number(cents) };
});

async function record(req: StaffRequest): Promise<Reply> {
  const account = await again(req, () => accountOf(req));
  const { currency } = req.tenant.site;
  const { amount, kind, label, pays, requestKey } = readForm(recordForm(currency), req.body, req.t);
  if (amount === null || amount <= 0) refuse('amount', req.t('payments.part-nothing'));
  if (kind === 'bank_draft') await again(req, () => demandDraft(req, account));
  const brought = { accountId: account.id, requestKey, kind, label, amountCents: amount, currency, paysInvoices: pays === 'invoices', staffId: req.staff.staffId };
  const { tenant, outside } = req;
  await closeEarlierPage({ tenant, outside, enter: (work) => again(req, work) }, brought);
  const number = await again(req, () => recordPayment(outside, tenant, brought));
  setFlash(req, 'success', req.t('staff-payments.recorded', { amount: req.formats.money(amount, currency), name: account.name }));
  return seeOther(`/staff/payments/${encodeURIComponent(number)}`);
}

const recordForm = (currency: string) => z.object({
  amount: amountField(currency),
  kind: z.enum(['cash', 'check', 'bank_draft', 'other'], 'forms.wrong'),
  label: text(60).optional().transform((typed) => typed ?? ''),
  pays: z.enum(['invoices', 'nothing'], 'forms.wrong'),
  requestKey: uuid,
});

/** S0-32: whoever draws it, a bank draft pays nothing while something is overdue, where the organization says so. */
async function demandDraft({ tenant: { site }, t }: StaffRequest, account: DeskAccount): Promise<void> {
  if (!site.keepsBankDrafts) refuse('kind', t('payments.kind-not-taken'));
  if (!(await readRules(account.id, site)).takesBank) refuse('kind', t('payments.no-bank-for-overdue'));
}

async function openOf(req: StaffRequest, account: DeskAccount): Promise<PayableInvoice[]> {
  const payable = (await listPayable(account, req.tenant.site.today())).filter(({ isBeingPaid }) => !isBeingPaid);
  const currency = payable.find((invoice) => invoice.currency === req.tenant.site.currency)?.currency ?? payable[0]?.currency;
  return payable.filter((invoice) => invoice.currency === currency);
}

function scopesOf(open: readonly PayableInvoice[]): Record<'overdue' | 'balance', readonly PayableInvoice[]> {
  return { overdue: open.filter(({ isPastDue }) => isPastDue), balance: open };
}

async function accountOf(req: StaffRequest): Promise<DeskAccount> {
  const [account] = await read<DeskAccount & Record<string, unknown>>('desk-account', 'select id, number, name, pays_by as "paysBy" from app.accounts where number = $1', [String(req.params['number'])]);
  if (!account) throw new NotFound('no such account');
  return account;
}

export const deskRoutes = [
  get('/staff/accounts/:number/payment', showDesk, { area }),
  post('/staff/accounts/:number/payment', record, { area, page: showDesk, outside: true }),
  post('/staff/accounts/:number/charge', charge, { area, page: showDesk, outside: true }),
];
