import { mailTo } from '../links/link-mail.ts';
import type { PortalLogKind } from '../portal-log/kinds.ts';
import { recordPortalLog } from '../portal-log/portal-log.ts';
import { deviceInWords } from './device.ts';
import { holderOf, type HolderRequest } from './holder.ts';

export interface SecurityChange {
  readonly kind: PortalLogKind;
  /** The line of the portal log; the user id is added to it. */
  readonly message: string;
  /** The key of the mail's sentence. */
  readonly text: string;
}

/** Writes a change of how somebody signs in into the portal log, and tells the person by mail: who did not do it has to know. In the current transaction. */
export async function tellHolder(req: HolderRequest, { kind, message, text }: SecurityChange): Promise<void> {
  const { loginRef, staffId, accountId, contactId, userId, name, email } = holderOf(req);
  await recordPortalLog({ kind, message: `${message} for UserID: ${userId}`, loginRef: loginRef ?? undefined, staffId: staffId ?? undefined, accountId, contactId });
  if (!email) return;
  const { tenant, formats } = req;
  const way = [tenant.site.contact.phone, tenant.site.contact.email].filter(Boolean).join(', ') || tenant.site.displayName;
  await mailTo(req, { name, email, locale: req.person?.locale ?? null, accountId, contactId }, (t) => ({
    type: 'Sign-in Security',
    subject: t(text),
    blocks: [
      { text: `${t(text)}.` },
      { text: t('sign-ins.mail-when', { at: formats.dateTime(new Date()), device: deviceInWords(req.get('user-agent') ?? '', t) }) },
      { text: t('sign-ins.mail-not-you', { way }) },
    ],
  }));
}
