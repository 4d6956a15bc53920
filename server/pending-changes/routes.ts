import { z } from 'zod';
import { readDetails, saveDetails, type Changeable, type ContactDetails } from '../contacts/details.ts';
import { addressIn, mailTo } from '../links/link-mail.ts';
import { NotFound } from '../platform/errors.ts';
import { readForm, refuse, uuid } from '../platform/forms.ts';
import { page, seeOther, type Reply } from '../platform/replies.ts';
import { get, post } from '../platform/routes.ts';
import { setFlash } from '../platform/session.ts';
import { recordPortalLog } from '../portal-log/portal-log.ts';
import { signChanges } from '../staff-contacts/save-contact.ts';
import type { StaffRequest } from '../tenancy/people.ts';
import { decide, findPending, type PendingChange } from './pending-change.ts';

const area = 'accounts';
const path = '/staff/pending-changes/:id';
export const pendingRoutes = [get(path, show, { area }), post(path, settle, { area, page: show })];

/** What somebody wants to change, beside what stands there. */
async function show(req: StaffRequest): Promise<Reply> {
  const { change, details } = await demand(req);
  const fields = (Object.keys(change.wanted) as (keyof Changeable)[]).map((name) => ({ name, before: details[name], after: change.wanted[name] ?? '' }));
  return page('pending-changes/change', { title: req.t('pending-changes.title', { name: nameOf(details) }), change, fields: fields.filter(({ before, after }) => before !== after) });
}

async function settle(req: StaffRequest): Promise<Reply> {
  const { change, details } = await demand(req);
  const { decision } = readForm(z.object({ decision: z.enum(['approved', 'refused'], 'forms.wrong') }), req.body, req.t);
  if (!(await decide(change.id, decision, req.staff.staffId))) refuse('', req.t('pending-changes.decided'));
  await signChanges(req.staff.name);
  if (decision === 'approved') await saveDetails(details, change.wanted);
  const { accountId, contactId, what } = change;
  await recordPortalLog({ kind: `profile-change-${decision}`, message: `Change of ${what} ${decision} by staff`, accountId, contactId, staffId: req.staff.staffId });
  await tell(req, details, decision, change);
  setFlash(req, 'success', req.t(`pending-changes.is-${decision}`));
  return seeOther('/staff/tasks');
}

async function tell(req: StaffRequest, details: ContactDetails, decision: 'approved' | 'refused', { accountId, contactId, what, locale }: PendingChange): Promise<void> {
  if (!details.email) return;
  await mailTo(req, { name: nameOf(details), email: details.email, locale, accountId, contactId }, (t) => ({
    type: 'Account',
    subject: t(`pending-changes.mail-${decision}`, { what: t(`accounts.${what}`) }),
    blocks: [{ text: `${t(`pending-changes.mail-${decision}`, { what: t(`accounts.${what}`) })}.` }, { link: t('own-changes.mail-see'), url: addressIn(req, '/account') }],
  }));
}

async function demand(req: StaffRequest): Promise<{ change: PendingChange; details: ContactDetails }> {
  const id = uuid.safeParse(req.params['id']);
  const change = id.success ? await findPending(id.data) : undefined;
  const details = change && (await readDetails(change.contactId));
  if (!details) throw new NotFound('no such change');
  return { change, details };
}

const nameOf = ({ firstName, lastName }: ContactDetails): string => `${firstName} ${lastName}`.trim();
