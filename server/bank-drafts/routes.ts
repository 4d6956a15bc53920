import { NotFound } from '../platform/errors.ts';
import { readForm, refuse } from '../platform/forms.ts';
import { page, seeOther, type Reply } from '../platform/replies.ts';
import { get, post } from '../platform/routes.ts';
import { setFlash } from '../platform/session.ts';
import { recordPortalLog } from '../portal-log/portal-log.ts';
import type { CustomerRequest } from '../tenancy/people.ts';
import { findDraft, removeDraft, saveDraft } from './bank-draft.ts';
import { draftForm } from './forms.ts';

async function showDraft(req: CustomerRequest): Promise<Reply> {
  return page('bank-drafts/own', { title: req.t('bank-drafts.title'), draft: await findDraft(req.account.id) });
}

async function save(req: CustomerRequest): Promise<Reply> {
  const draft = await findDraft(req.account.id);
  const given = readForm(draftForm(req.tenant.site.currency, !draft), req.body, req.t);
  const saved = await saveDraft(req.account.id, given, req.outside.keys);
  if (!saved) refuse('secretNumber', req.t('bank-drafts.wrong-number'));
  const last4 = (await findDraft(req.account.id))?.last4 ?? '';
  await log(req, `Bank account ${saved}; Last 4: ${last4}`);
  setFlash(req, 'success', req.t('bank-drafts.saved', { last4 }));
  return seeOther('/billing/bank-draft');
}

async function remove(req: CustomerRequest): Promise<Reply> {
  const last4 = await removeDraft(req.account.id);
  if (last4 === undefined) throw new NotFound('no bank account is on file');
  await log(req, `Bank account deleted; Last 4: ${last4}`);
  setFlash(req, 'info', req.t('bank-drafts.removed', { last4 }));
  return seeOther('/billing/bank-draft');
}

function log({ account, person }: CustomerRequest, what: string): Promise<void> {
  return recordPortalLog({ kind: 'billing', message: `Billing information changed: ${what}`, accountId: account.id, contactId: account.contactId, loginRef: person.loginRef });
}

export const draftRoutes = [
  get('/billing/bank-draft', showDraft),
  post('/billing/bank-draft', save, { page: showDraft }),
  post('/billing/bank-draft/removal', remove),
];
