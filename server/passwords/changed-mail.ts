import { addressIn, mailTo, type Addressee, type Sender } from '../links/link-mail.ts';

/** To the address on file, so that nobody's password changes unnoticed. `forgotPath`: where a new one is asked for. */
export async function mailPasswordChanged(sender: Sender, to: Addressee, forgotPath = '/password/forgot'): Promise<void> {
  await mailTo(sender, to, (t) => ({
    type: 'Portal Password',
    subject: t('passwords.mail-changed-subject'),
    blocks: [
      { text: t('passwords.mail-changed-text', { portal: sender.tenant.site.portalName }) },
      { link: t('passwords.mail-changed-link'), url: addressIn(sender, forgotPath) },
    ],
  }));
}
