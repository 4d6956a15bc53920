import { issueLink } from '../links/link.ts';
import { mailTo, secretLink, type Sender } from '../links/link-mail.ts';

export const staffInvitationPath = '/staff/invitation';
export const staffResetPath = '/staff/password/reset';

export interface StaffAddressee {
  readonly staffId: string;
  readonly name: string;
  readonly email: string;
  readonly locale?: string | null;
}

/** The first password of a member of staff; an older invitation dies. */
export async function sendStaffInvitation(sender: Sender, to: StaffAddressee): Promise<void> {
  const hours = sender.tenant.site.hoursOf.invitation;
  const token = await issueLink({ kind: 'staff_invitation', email: to.email, owner: { staffId: to.staffId }, hours });
  await mailTo(sender, to, (t) => ({
    type: 'Staff Invitation',
    subject: t('staff-access.mail-invitation-subject'),
    blocks: [
      { text: t('staff-access.mail-invitation-text', { name: to.name, organization: sender.tenant.name }) },
      secretLink(sender, t('staff-access.mail-invitation-link'), staffInvitationPath, token),
      { text: t('links.mail-valid', { count: hours }) },
    ],
  }));
}

export async function sendStaffReset(sender: Sender, to: StaffAddressee): Promise<void> {
  const hours = sender.tenant.site.hoursOf.reset;
  const token = await issueLink({ kind: 'staff_reset', email: to.email, owner: { staffId: to.staffId }, hours });
  await mailTo(sender, to, (t) => ({
    type: 'Staff Password',
    subject: t('resets.mail-reset-subject'),
    blocks: [
      { text: t('staff-access.mail-reset-text', { portal: sender.tenant.site.portalName }) },
      secretLink(sender, t('resets.mail-reset-link'), staffResetPath, token),
      { text: `${t('links.mail-valid', { count: hours })} ${t('resets.mail-ignore')}` },
    ],
  }));
}
