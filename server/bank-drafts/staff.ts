import { z } from 'zod';
import { read } from '../platform/database.ts';
import { NotFound } from '../platform/errors.ts';
import { readForm, refuse } from '../platform/forms.ts';
import { page, seeOther, type Reply } from '../platform/replies.ts';
import { get, post } from '../platform/routes.ts';
import { setFlash } from '../platform/session.ts';
import { recordPortalLog } from '../portal-log/portal-log.ts';
import type { StaffRequest } from '../tenancy/people.ts';
import { findDraft, openNumber, removeDraft, saveDraft } from './bank-draft.ts';
import { draftForm } from './forms.ts';

interface PayingAccount {
  readonly id: string;
  readonly number: string;
  readonly name: string;
  /** S0-34: the regular way of paying. */
  readonly paysBy: 'card' | 'bank_draft';
}

async function showPaying(req: StaffRequest): Promise<Reply> {
  const account = await accountOf(req);
  return page('bank-drafts/staff', { title: req.t('bank-drafts.paying'), record: account, draft: await findDraft(account.id) });
}

async function choosePaying(req: StaffRequest): Promise<Reply> {
  const { paysBy } = readForm(z.object({ paysBy: z.enum(['card', 'bank_draft'], 'forms.wrong') }), req.body, req.t);
  const account = await accountOf(req);
  await read('choose-paying', 'update app.accounts set pays_by = $2 where id = $1', [account.id, paysBy]);
  if (paysBy !== account.paysBy) await log(req, account, `Billing information changed: Regular way of paying: ${paysBy === 'card' ? 'card' : 'bank draft'}`);
  setFlash(req, 'success', req.t('bank-drafts.pays-by-saved'));
  return seeOther(pathOf(account));
}

async function save(req: StaffRequest): Promise<Reply> {
  const account = await draftAccountOf(req);
  const given = readForm(draftForm(req.tenant.site.currency, !(await findDraft(account.id))), req.body, req.t);
  const saved = await saveDraft(account.id, given, req.outside.keys);
  if (!saved) refuse('secretNumber', req.t('bank-drafts.wrong-number'));
  const last4 = (await findDraft(account.id))?.last4 ?? '';
  await log(req, account, `Billing information changed: Bank account ${saved}; Last 4: ${last4}`);
  setFlash(req, 'success', req.t('bank-drafts.saved', { last4 }));
  return seeOther(pathOf(account));
}

async function remove(req: StaffRequest): Promise<Reply> {
  const account = await draftAccountOf(req);
  const last4 = await removeDraft(account.id);
  if (last4 === undefined) throw new NotFound('no bank account is on file');
  await log(req, account, `Billing information changed: Bank account deleted; Last 4: ${last4}`);
  setFlash(req, 'info', req.t('bank-drafts.removed', { last4 }));
  return seeOther(pathOf(account));
}

/** The one place where the whole number is shown: asked for by a press, and never without a line in the log. */
async function showNumber(req: StaffRequest): Promise<Reply> {
  const account = await draftAccountOf(req);
  const draft = await findDraft(account.id);
  const number = draft && (await openNumber(account.id, req.outside.keys));
  if (!number) throw new NotFound('no bank account is on file');
  await log(req, account, `Bank account number shown; Last 4: ${draft.last4}`);
  return page('bank-drafts/number', { title: req.t('bank-drafts.number'), record: account, draft, shown: number });
}

/** Where the organization keeps no bank accounts, these addresses are none. */
async function draftAccountOf(req: StaffRequest): Promise<PayingAccount> {
  if (!req.tenant.site.keepsBankDrafts) throw new NotFound('bank accounts are not kept');
  return accountOf(req);
}

async function accountOf(req: StaffRequest): Promise<PayingAccount> {
  const [account] = await read<PayingAccount & Record<string, unknown>>('paying-account', 'select id, number, name, pays_by as "paysBy" from app.accounts where number = $1', [String(req.params['number'])]);
  if (!account) throw new NotFound('no such account');
  return account;
}

function log({ staff }: StaffRequest, account: PayingAccount, message: string): Promise<void> {
  return recordPortalLog({ kind: 'billing', message, accountId: account.id, staffId: staff.staffId });
}

const pathOf = ({ number }: PayingAccount) => `/staff/accounts/${encodeURIComponent(number)}/paying`;

const area = 'invoices';
export const staffDraftRoutes = [
  get('/staff/accounts/:number/paying', showPaying, { area }),
  post('/staff/accounts/:number/paying', choosePaying, { area, page: showPaying }),
  post('/staff/accounts/:number/bank-draft', save, { area, page: showPaying }),
  post('/staff/accounts/:number/bank-draft/removal', remove, { area }),
  post('/staff/accounts/:number/bank-draft/showing', showNumber, { area }),
];
