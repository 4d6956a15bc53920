import { addressIn, type Sender } from '../links/link-mail.ts';
import { queueMail } from '../messages/mail.ts';
import type { Translate } from '../platform/text.ts';
import type { ContactRequest, NewContactRequest } from './contact-request.ts';

/** A copy to whoever asked, and a notice to the organization where it has named an address. */
export async function mailNewRequest(sender: Sender, asked: NewContactRequest, id: string, t: Translate): Promise<void> {
  const { outside, tenant } = sender;
  const quoted = [{ text: asked.subject }, { text: asked.body }];
  const who = { accountId: asked.accountId, contactId: asked.contactId };
  if (asked.email) {
    const subject = t('contact-us.mail-copy-subject', { portal: tenant.site.portalName, subject: asked.subject });
    await queueMail(outside, tenant, { type: 'Contact Us', to: asked.email, recipient: asked.name, locale: asked.locale, ...who, subject, blocks: [{ text: t('contact-us.mail-copy-text', { name: asked.name }) }, ...quoted] });
  }
  const { email } = tenant.site.contact;
  if (!email) return;
  const own = tenant.site.translate(tenant.site.language());
  const from = asked.email ? `${asked.name} <${asked.email}>` : asked.name;
  await queueMail(outside, tenant, {
    type: 'Contact Us', to: email, recipient: tenant.site.displayName, accountId: asked.accountId,
    subject: own('contact-us.mail-notice-subject', { name: asked.name, subject: asked.subject }),
    blocks: [{ text: own('contact-us.mail-notice-text', { from }) }, ...quoted, { link: own('contact-us.mail-notice-link'), url: addressIn(sender, `/staff/inbox/${id}`) }],
  });
}

/** The answer, with what was asked below it, in the language of who asked. */
export async function mailAnswer({ outside, tenant }: Sender, asked: ContactRequest, answer: string, staffName: string): Promise<void> {
  const t = tenant.site.translate(tenant.site.language(asked.locale));
  await queueMail(outside, tenant, {
    type: 'Contact Us', to: asked.email, recipient: asked.name, locale: asked.locale, contactId: asked.contactId ?? undefined,
    subject: t('contact-us.mail-answer-subject', { subject: asked.subject }),
    blocks: [{ text: answer }, { text: staffName }, { text: t('contact-us.mail-answer-quote', { name: asked.name, at: tenant.site.formats(asked.locale).dateTime(asked.createdAt) }) }, { text: asked.body }],
  });
}
