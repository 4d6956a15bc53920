import { z } from 'zod';
import { findAccount } from '../account-record/account-record.ts';
import { recordFrame } from '../account-record/record-page.ts';
import { readBalances } from '../ledger/read-balances.ts';
import { amountField } from '../money/amount-field.ts';
import { NotFound } from '../platform/errors.ts';
import { readForm, required, text, uuid } from '../platform/forms.ts';
import { page, seeOther, type Reply } from '../platform/replies.ts';
import { get, post } from '../platform/routes.ts';
import { setFlash } from '../platform/session.ts';
import type { StaffRequest } from '../tenancy/people.ts';
import { pageSize, rangeOf, readPage, readQuery } from '../transactions/history-query.ts';
import { wordLine } from '../transactions/line-words.ts';
import { newKey, readAccountMoney } from './account-money.ts';
import { applyCredit, takeOff } from './apply-credit.ts';
import { findCredit, issueCredit, voidCredit } from './credit.ts';
import { pageForStaff } from './page-for-staff.ts';

const area = 'invoices';
const creditPath = (number: string) => `/staff/credits/${encodeURIComponent(number)}`;

/** Everything about an account's money on one page. */
async function showMoney(req: StaffRequest): Promise<Reply> {
  const { site } = req.tenant;
  const account = await demandAccount(req);
  const balances = await readBalances(account.id, site.currency);
  const query = readQuery(req.query, req.t);
  const { lines, next } = await readPage(account.id, rangeOf(query, balances.map(({ currency }) => currency)), 'newest', { size: pageSize, after: query.after });
  const money = await readAccountMoney(account.id);
  return page('staff-credits/money', { title: account.name, ...(await recordFrame(req, account)), account, balances, money, query, lines: lines.map((line) => wordLine(line, req, pageForStaff)), next, key: await newKey() });
}

async function issue(req: StaffRequest): Promise<Reply> {
  const account = await demandAccount(req);
  const { key, currency, reference } = readForm(creditForm, req.body, req.t);
  const { amount } = readForm(amountForm(currency), req.body, req.t);
  const number = await issueCredit(account.id, { key, amountCents: amount, currency, reference }, req);
  setFlash(req, 'success', req.t('staff-credits.issued', { number }));
  return seeOther(creditPath(number));
}

async function showCredit(req: StaffRequest): Promise<Reply> {
  const credit = await findCredit(String(req.params['number']));
  const { invoices } = await readAccountMoney(credit.accountId);
  return page('staff-credits/credit', { title: credit.number, credit, invoices: invoices.filter(({ currency }) => currency === credit.currency), key: await newKey() });
}

async function apply(req: StaffRequest): Promise<Reply> {
  const number = String(req.params['number']);
  const { currency } = await findCredit(number);
  const form = z.object({ key: uuid, invoice: required(100, { anyNumber: true }) });
  const { key, invoice } = readForm(form, req.body, req.t);
  const { amount } = readForm(amountForm(currency), req.body, req.t);
  await applyCredit(number, { key, invoice, amountCents: amount }, req);
  setFlash(req, 'success', req.t('staff-credits.applied', { number, invoice }));
  return seeOther(creditPath(number));
}

async function voidOne(req: StaffRequest): Promise<Reply> {
  const number = String(req.params['number']);
  await voidCredit(number, req);
  setFlash(req, 'info', req.t('staff-credits.voided', { number }));
  return seeOther(creditPath(number));
}

async function takeOffInvoice(req: StaffRequest): Promise<Reply> {
  const number = String(req.params['number']);
  const { allocation } = readForm(z.object({ allocation: uuid }), req.body, req.t);
  await takeOff(number, allocation, req);
  setFlash(req, 'info', req.t('staff-credits.taken-off', { number }));
  return seeOther(`/staff/invoices/${encodeURIComponent(number)}`);
}

async function demandAccount(req: StaffRequest) {
  const account = await findAccount(String(req.params['number']));
  if (!account) throw new NotFound('no such account');
  return account;
}

const currencies = new Set(Intl.supportedValuesOf('currency'));
const creditForm = z.object({ key: uuid, currency: z.string('forms.wrong').trim().toUpperCase().refine((code) => currencies.has(code), 'staff-invoices.no-currency'), reference: text(200) });
const amountForm = (currency: string) => z.object({ amount: amountField(currency).refine((cents) => cents !== null, 'forms.required').transform(Number).refine((cents) => cents > 0, 'staff-credits.above-zero') });

export const staffCreditRoutes = [
  get('/staff/accounts/:number/billing', showMoney, { area }),
  post('/staff/accounts/:number/credits', issue, { area, page: showMoney }),
  get('/staff/credits/:number', showCredit, { area }),
  post('/staff/credits/:number/applications', apply, { area, page: showCredit }),
  post('/staff/credits/:number/voiding', voidOne, { area, page: showCredit }),
  post('/staff/invoices/:number/removals', takeOffInvoice, { area }),
];
