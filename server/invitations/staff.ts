import { contactPath, personOf, showContact } from '../contacts/staff.ts';
import { NotOffered } from '../platform/errors.ts';
import { refuse } from '../platform/forms.ts';
import { seeOther, type Reply } from '../platform/replies.ts';
import { post } from '../platform/routes.ts';
import { setFlash } from '../platform/session.ts';
import { recordPortalLog } from '../portal-log/portal-log.ts';
import type { StaffRequest } from '../tenancy/people.ts';
import { sendInvitation } from './invite.ts';

/** S3-1, S3-3: invites, or invites again; the older invitation dies. */
async function invite(req: StaffRequest): Promise<Reply> {
  if (!req.tenant.site.enters('invitation')) throw new NotOffered('invitation');
  const { person } = await personOf(req);
  if (person.hasPassword) refuse('', req.t('invitations.has-password'));
  await sendInvitation(req, person);
  await recordPortalLog({ kind: 'invitation-sent', message: `Portal invitation sent to ${person.email}`, contactId: person.contactId, staffId: req.staff.staffId });
  setFlash(req, 'success', req.t('invitations.sent', { email: person.email }));
  return seeOther(contactPath(req));
}

export const staffInvitationRoutes = [post('/staff/contacts/:id/invitation', invite, { area: 'accounts', page: showContact })];
