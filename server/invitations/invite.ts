import { issueLink, type LinkPayload } from '../links/link.ts';
import { mailTo, secretLink, type Addressee, type Sender } from '../links/link-mail.ts';
import type { Person } from '../logins/people.ts';
import { read } from '../platform/database.ts';

export const invitationPath = '/invitations';
export const invitationConfirmationPath = '/invitations/confirmation';

/** S3-1: the mail that invites. From now on the contact counts as invited; an older invitation dies (S3-3). */
export async function sendInvitation(sender: Sender, person: Person): Promise<void> {
  const hours = sender.tenant.site.hoursOf.invitation;
  await read('mark-invited', 'update app.contacts set invited_at = now() where id = $1', [person.contactId]);
  const token = await issueLink({ kind: 'invitation', email: person.email, owner: person, hours });
  await mailTo(sender, person, (t) => ({
    type: 'Portal Invitation',
    renewal: 'invitation',
    subject: t('invitations.mail-subject'),
    blocks: [
      { text: t('invitations.mail-text', { portal: sender.tenant.site.portalName, name: person.name }) },
      secretLink(sender, t('invitations.mail-link'), invitationPath, token),
      { text: t('links.mail-valid', { count: hours }) },
    ],
  }));
}

interface Invited extends Addressee {
  readonly contactId: string;
  readonly loginRef: string | null;
}

/** S3-5: the second mail. The password that was chosen waits in its link until Confirm is clicked. */
export async function sendInvitationConfirmation(sender: Sender, invited: Invited, payload: LinkPayload): Promise<void> {
  const hours = sender.tenant.site.hoursOf.invitation;
  const token = await issueLink({ kind: 'confirm_invitation', email: invited.email, owner: invited, hours, payload });
  await mailTo(sender, invited, (t) => ({
    type: 'Portal Invitation',
    subject: t('invitations.mail-confirm-subject'),
    blocks: [
      { text: t('invitations.mail-confirm-text', { portal: sender.tenant.site.portalName }) },
      secretLink(sender, t('invitations.confirm'), invitationConfirmationPath, token),
      { text: t('links.mail-valid', { count: hours }) },
    ],
  }));
}

/** S3-6: the confirmation again, for whoever has chosen a password and not confirmed yet. false: nobody waits. */
export async function sendPendingConfirmation(sender: Sender, invited: Invited): Promise<boolean> {
  const [pending] = await read<{ payload: LinkPayload }>(
    'pending-confirmation',
    `select payload from app.links where contact_id = $1 and kind = 'confirm_invitation' and used_at is null and replaced_at is null and payload ? 'passwordHash'`,
    [invited.contactId],
  );
  if (pending) await sendInvitationConfirmation(sender, invited, pending.payload);
  return pending !== undefined;
}
