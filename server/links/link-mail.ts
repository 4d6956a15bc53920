import { queueMail, type MailBlock } from '../messages/mail.ts';
import type { MailType, Renewal } from '../messages/types.ts';
import type { Translate } from '../platform/text.ts';
import { originOf, type Outside } from '../tenancy/outside.ts';
import type { Tenant } from '../tenancy/tenant.ts';

/** Whose portal a mail speaks for, and through what it leaves. */
export interface Sender {
  readonly outside: Outside;
  readonly tenant: Tenant;
}

/** Who gets it. */
export interface Addressee {
  readonly name: string;
  readonly email: string;
  readonly locale?: string | null | undefined;
  readonly accountId?: string | undefined;
  readonly contactId?: string | undefined;
}

interface Words {
  readonly type: MailType;
  readonly renewal?: Renewal;
  readonly subject: string;
  readonly blocks: readonly MailBlock[];
}

/** Queues a mail about signing in, in its reader's language. The subject begins with the portal's name (S1-102). */
export async function mailTo(sender: Sender, to: Addressee, words: (t: Translate) => Words): Promise<void> {
  const { outside, tenant } = sender;
  const { type, renewal, subject, blocks } = words(tenant.site.translate(tenant.site.language(to.locale)));
  await queueMail(outside, tenant, { type, renewal, to: to.email, recipient: to.name, locale: to.locale, accountId: to.accountId, contactId: to.contactId, subject: `${tenant.site.portalName} - ${subject}`, blocks });
}

/** An address of the portal: made from stored names, never from what a request claims. */
export function addressIn({ outside, tenant }: Sender, path: string): string {
  return `${originOf(outside, tenant.slug)}${path}`;
}

export function secretLink(sender: Sender, label: string, path: string, token: string): MailBlock {
  return { link: label, url: addressIn(sender, `${path}/${token}`), isSecret: true };
}
