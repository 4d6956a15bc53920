import { addressIn, mailTo, secretLink, type Sender } from '../links/link-mail.ts';
import type { MailBlock } from '../messages/mail.ts';
import type { Translate } from '../platform/text.ts';
import { recordLine, type PortalLogLine } from '../portal-log/portal-log.ts';
import { deviceInWords } from '../sign-ins/device.ts';
import type { CustomerRequest } from '../tenancy/people.ts';
import { keepChange, type NewChange } from './change.ts';

export const notMePath = '/not-me';

/** Writes the line of the portal log, and what stood there before. Returns the token for the mail that tells of it. */
export async function noteChange(req: CustomerRequest, line: Pick<PortalLogLine, 'kind' | 'message'>, change: Pick<NewChange, 'kind' | 'before' | 'after'>): Promise<string> {
  const who = { accountId: req.account.id, contactId: req.account.contactId, loginRef: req.person.loginRef };
  const logId = await recordLine({ ...line, ...who });
  return keepChange(req.outside, { ...who, ...change, logId });
}

/** What a mail about a change ends with. */
export function notMeBlocks(sender: Sender, t: Translate, token: string): MailBlock[] {
  return [{ text: t('own-changes.mail-not-you') }, secretLink(sender, t('own-changes.mail-link'), notMePath, token), { text: t('own-changes.mail-hours') }];
}

/** Tells of a change that no other mail tells of. `text`: the key of its sentence. */
export async function mailChange(req: CustomerRequest, text: string, token: string, values: Readonly<Record<string, string>> = {}): Promise<void> {
  const { account, person, formats } = req;
  if (!account.contactEmail) return;
  await mailTo(req, { name: account.contactName, email: account.contactEmail, locale: person.locale, accountId: account.id, contactId: account.contactId }, (t) => ({
    type: 'Account',
    subject: t(text, values),
    blocks: [
      { text: `${t(text, values)}.` },
      { text: t('sign-ins.mail-when', { at: formats.dateTime(new Date()), device: deviceInWords(req.get('user-agent') ?? '', t) }) },
      { link: t('own-changes.mail-see'), url: addressIn(req, '/account/history') },
      ...notMeBlocks(req, t, token),
    ],
  }));
}
