import { issueLink } from '../links/link.ts';
import { addressIn, mailTo, secretLink, type Sender } from '../links/link-mail.ts';
import type { Person } from '../logins/people.ts';

export const signUpPath = '/signup/password';

/** S2-33: the mail with the link to set up the password. */
export async function sendSignUp(sender: Sender, person: Person): Promise<void> {
  const hours = sender.tenant.site.hoursOf.signUp;
  const token = await issueLink({ kind: 'sign_up', email: person.email, owner: person, hours });
  await mailTo(sender, person, (t) => ({
    type: 'Portal Sign Up',
    renewal: 'sign_up',
    subject: t('sign-up.mail-subject'),
    blocks: [
      { text: t('sign-up.mail-text', { portal: sender.tenant.site.portalName }) },
      secretLink(sender, t('sign-up.mail-link'), signUpPath, token),
      { text: `${t('links.mail-valid', { count: hours })} ${t('sign-up.mail-ignore')}` },
    ],
  }));
}

/** To somebody who has a password already: only the reader of the mail learns it. */
export async function sendKnownAlready(sender: Sender, person: Person): Promise<void> {
  await mailTo(sender, person, (t) => ({
    type: 'Portal Sign Up',
    subject: t('sign-up.mail-subject'),
    blocks: [
      { text: t('sign-up.mail-known', { portal: sender.tenant.site.portalName }) },
      { text: t('links.mail-user-id', { id: person.loginId ?? '' }) },
      { link: t('passwords.log-in'), url: addressIn(sender, '/login') },
      { link: t('sign-up.mail-known-link'), url: addressIn(sender, '/password/forgot') },
    ],
  }));
}
