import type { MailBlock } from '../messages/mail.ts';
import type { Translate } from '../platform/text.ts';
import { addressIn, mailTo, type Addressee, type Sender } from '../links/link-mail.ts';

/** To the address on file, so that nobody's password changes unnoticed. `forgotPath`: where a new one is asked for. `more`: what it ends with. */
export async function mailPasswordChanged(sender: Sender, to: Addressee, forgotPath = '/password/forgot', more: (t: Translate) => readonly MailBlock[] = () => []): Promise<void> {
  await mailTo(sender, to, (t) => ({
    type: 'Portal Password',
    subject: t('passwords.mail-changed-subject'),
    blocks: [
      { text: t('passwords.mail-changed-text', { portal: sender.tenant.site.portalName }) },
      { link: t('passwords.mail-changed-link'), url: addressIn(sender, forgotPath) },
      ...more(t),
    ],
  }));
}
