import { issueLink, type LinkPayload } from '../links/link.ts';
import { mailTo, secretLink, type Sender } from '../links/link-mail.ts';
import type { Person } from '../logins/people.ts';

export const resetPath = '/password/reset';
export const confirmationPath = '/password/confirmation';

/** S0-15, S0-19: the mail with the link behind which a password is chosen. */
export async function sendReset(sender: Sender, person: Person): Promise<void> {
  const hours = sender.tenant.site.hoursOf.reset;
  const token = await issueLink({ kind: 'reset', email: person.email, owner: person, hours });
  await mailTo(sender, person, (t) => ({
    type: 'Portal Password',
    renewal: 'reset',
    subject: t('resets.mail-reset-subject'),
    blocks: [
      { text: t(person.hasPassword ? 'resets.mail-reset-text' : 'resets.mail-first-text', { portal: sender.tenant.site.portalName }) },
      ...(person.loginId ? [{ text: t('links.mail-user-id', { id: person.loginId }) }] : []),
      secretLink(sender, t('resets.mail-reset-link'), resetPath, token),
      { text: `${t('links.mail-valid', { count: hours })} ${t('resets.mail-ignore')}` },
    ],
  }));
}

/** C-6: the password is chosen already, its hash waits in the link, and counts once the mailed link is confirmed. */
export async function sendConfirmation(sender: Sender, person: Person, payload: LinkPayload): Promise<void> {
  const hours = sender.tenant.site.hoursOf.reset;
  const token = await issueLink({ kind: 'confirm_password', email: person.email, owner: person, hours, payload });
  await mailTo(sender, person, (t) => ({
    type: 'Portal Password',
    subject: t('resets.mail-confirm-subject'),
    blocks: [
      { text: t('resets.mail-confirm-text', { portal: sender.tenant.site.portalName }) },
      secretLink(sender, t('resets.confirm'), confirmationPath, token),
      { text: `${t('links.mail-valid', { count: hours })} ${t('resets.mail-confirm-ignore')}` },
    ],
  }));
}
