import { NotFound } from '../platform/errors.ts';
import { page, seeOther, type Reply } from '../platform/replies.ts';
import { get, post } from '../platform/routes.ts';
import { setFlash } from '../platform/session.ts';
import type { CustomerRequest } from '../tenancy/people.ts';
import { recordChanges } from './record-change.ts';
import { readFields, saveValues, type FilledField, type Subject } from './values.ts';

/** S4-53: what the panel "Additional Information" shows of the organization's own fields. */
export async function readShown(req: CustomerRequest): Promise<FilledField[]> {
  return (await readFields(subjectsOf(req))).filter(({ access }) => access !== 'hidden');
}

const path = '/account/additional';

/** S4-54: those that may be changed, on one page. */
export const ownFieldRoutes = [get(path, show), post(path, save, { page: show })];

async function show(req: CustomerRequest): Promise<Reply> {
  const fields = (await readShown(req)).filter(mayChange);
  if (!fields.length) throw new NotFound('no fields to be changed');
  return page('custom-fields/own', { title: req.t('custom-fields.own-title'), fields });
}

async function save(req: CustomerRequest): Promise<Reply> {
  await show(req);
  const changes = await saveValues(subjectsOf(req), req.body as Record<string, unknown>, { t: req.t, change: mayChange, leaveEmpty: false });
  await recordChanges(req, changes, req.account.contactId);
  setFlash(req, 'success', req.t(changes.length ? 'accounts.saved' : 'accounts.nothing-changed'));
  return seeOther('/account');
}

const mayChange = ({ access }: { readonly access: string }): boolean => access === 'edit';

function subjectsOf({ account }: CustomerRequest): Subject[] {
  return [{ noun: 'account', id: account.id, accountId: account.id }, { noun: 'contact', id: account.contactId, accountId: account.id }];
}
