import { randomInt } from 'node:crypto';
import { addressIn, mailTo, type Sender } from '../links/link-mail.ts';
import type { Person } from '../logins/people.ts';
import { setPassword } from '../passwords/set-password.ts';
import { recordPortalLog } from '../portal-log/portal-log.ts';

/** S1-103: eight lower-case letters and digits, none that looks like another (0 and o, 1, i and l). */
export function newTemporaryPassword(): string {
  return Array.from({ length: 8 }, () => alphabet[randomInt(alphabet.length)]).join('');
}

const alphabet = 'abcdefghjkmnpqrstuvwxyz23456789';

/** Puts it in place of the person's password, which ends a lock, and mails it. Returns the user id; null when the address is somebody else's username. */
export async function giveTemporaryPassword(sender: Sender, person: Person, given: { readonly password: string; readonly hash: string; readonly staffId: string }): Promise<string | null> {
  const { site } = sender.tenant;
  const login = await setPassword(site, person, given.hash, site.hoursOf.temporaryPassword);
  if (!login) return null;
  await mailTo(sender, person, (t) => ({
    type: 'Portal Password',
    renewal: 'temporary',
    subject: t('temporary-passwords.mail-subject'),
    blocks: [
      { text: t('temporary-passwords.mail-reset') },
      { text: t('temporary-passwords.mail-user-id', { id: login.loginId }) },
      { label: t('temporary-passwords.mail-password'), secret: given.password },
      { text: t('temporary-passwords.mail-case') },
      { text: t('temporary-passwords.mail-temporary') },
      { link: t('temporary-passwords.mail-login'), url: addressIn(sender, '/login') },
      { text: t('temporary-passwords.mail-valid', { count: site.hoursOf.temporaryPassword }) },
    ],
  }));
  await recordPortalLog({ kind: 'password-reset-by-staff', message: `Portal password reset by staff for UserID: ${login.loginId}`, contactId: person.contactId, loginRef: login.loginRef, staffId: given.staffId });
  return login.loginId;
}
