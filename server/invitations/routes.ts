import { doorRoutes, type Door } from '../links/door.ts';
import { drop } from '../links/carried-token.ts';
import { isMailedEnough, useLink, type Link } from '../links/link.ts';
import { isTaken } from '../logins/login.ts';
import { findPerson } from '../logins/people.ts';
import { sendFirst } from '../resets/answer-request.ts';
import { givePassword, passwordDoor, type Chosen } from '../passwords/choose-password.ts';
import { refuse } from '../platform/forms.ts';
import { page, seeOther, type Reply } from '../platform/replies.ts';
import { get } from '../platform/routes.ts';
import { recordPortalLog } from '../portal-log/portal-log.ts';
import type { PublicRequest } from '../tenancy/people.ts';
import { withTenant } from '../tenancy/tenant-transaction.ts';
import { invitationConfirmationPath, invitationPath, sendInvitationConfirmation, sendPendingConfirmation } from './invite.ts';

/** S3-4: the password is chosen. With a second mail it only waits until that is confirmed. */
async function accept(req: PublicRequest, _link: Link, token: string, chosen: Chosen): Promise<Reply> {
  const isConfirmed = !req.tenant.site.confirmsInvitations;
  const isDone = await withTenant(req.tenant.id, async () => {
    const used = await useLink('invitation', token);
    if (!used?.contactId) return false;
    if (isConfirmed) await givePassword(req, used, chosen);
    else if (chosen.username !== undefined && (await isTaken(chosen.username))) refuse('username', req.t('passwords.username-taken'));
    else await sendInvitationConfirmation(req, { ...used, contactId: used.contactId }, waiting(chosen));
    await recordPortalLog({ kind: 'invitation-accepted', message: `Portal invitation accepted by ${used.email}`, contactId: used.contactId });
    return true;
  });
  if (!isDone) return seeOther(invitationPath);
  if (!isConfirmed) return seeOther('/invitations/accepted');
  drop(req, 'invitation');
  return seeOther('/password/ready');
}

function waiting({ passwordHash, username }: Chosen) {
  return { passwordHash, ...(username === undefined ? {} : { username }) };
}

/** S3-5: Confirm. Opening the link alone confirms nothing: mail scanners open links, too. */
async function confirm(req: PublicRequest, _link: Link, token: string): Promise<Reply> {
  const isDone = await withTenant(req.tenant.id, async () => {
    const used = await useLink('confirm_invitation', token);
    const { passwordHash, username } = used?.payload ?? {};
    if (!used || passwordHash === undefined) return false;
    await givePassword(req, used, { passwordHash, username });
    return true;
  });
  if (!isDone) return seeOther(invitationConfirmationPath);
  drop(req, 'confirm_invitation');
  drop(req, 'invitation');
  return seeOther('/password/ready');
}

/** A new invitation; or the confirmation once more, where only that is missing. */
async function renew(req: PublicRequest, link: Link): Promise<void> {
  const person = await findPerson(link.contactId ?? '');
  if (person && !person.hasPassword) await sendFirst(req, person, ['invitation']);
}

async function confirmAgain(req: PublicRequest, link: Link): Promise<void> {
  const person = await findPerson(link.contactId ?? '');
  if (person && !person.hasPassword && !(await isMailedEnough(person.contactId))) await sendPendingConfirmation(req, person);
}

function showAccepted(req: PublicRequest): Reply {
  return page('invitations/accepted', { title: req.t('invitations.accepted-title'), renewal: `${invitationPath}/renewal` });
}

const confirmation: Door = {
  kind: 'confirm_invitation',
  path: invitationConfirmationPath,
  show: (req) => page('invitations/confirm', { title: req.t('invitations.confirm-title'), action: invitationConfirmationPath }),
  use: confirm,
  renew: confirmAgain,
};

export const invitationRoutes = [
  get('/invitations/accepted', showAccepted),
  ...doorRoutes(confirmation),
  ...doorRoutes(passwordDoor({ kind: 'invitation', path: invitationPath, words: 'invitations.choose', accept, renew })),
];
