import { mailTo } from '../links/link-mail.ts';
import type { PortalLogKind } from '../portal-log/kinds.ts';
import { recordPortalLog } from '../portal-log/portal-log.ts';
import type { NewChange } from '../own-changes/change.ts';
import { noteChange, notMeBlocks } from '../own-changes/note-change.ts';
import { deviceInWords } from './device.ts';
import type { CustomerRequest } from '../tenancy/people.ts';
import { holderOf, type HolderRequest } from './holder.ts';

export interface SecurityChange {
  readonly kind: PortalLogKind;
  /** The line of the portal log; the user id is added to it. */
  readonly message: string;
  /** The key of the mail's sentence. */
  readonly text: string;
  /** Of a customer: what can be taken back by who did not do it. */
  readonly change?: Pick<NewChange, 'kind' | 'before' | 'after'>;
}

/** Writes a change of how somebody signs in into the portal log, and tells the person by mail: who did not do it has to know. In the current transaction. */
export async function tellHolder(req: HolderRequest, { kind, message, text, change }: SecurityChange): Promise<void> {
  const { loginRef, staffId, accountId, contactId, userId, name, email } = holderOf(req);
  const line = { kind, message: `${message} for UserID: ${userId}` };
  const token = change && !req.staff ? await noteChange(req as CustomerRequest, line, change) : undefined;
  if (!token) await recordPortalLog({ ...line, loginRef: loginRef ?? undefined, staffId: staffId ?? undefined, accountId, contactId });
  if (!email) return;
  const { tenant, formats } = req;
  const way = [tenant.site.contact.phone, tenant.site.contact.email].filter(Boolean).join(', ') || tenant.site.displayName;
  await mailTo(req, { name, email, locale: (req.staff ?? req.person)?.locale, accountId, contactId }, (t) => ({
    type: 'Sign-in Security',
    subject: t(text),
    blocks: [
      { text: `${t(text)}.` },
      { text: t('sign-ins.mail-when', { at: formats.dateTime(new Date()), device: deviceInWords(req.get('user-agent') ?? '', t) }) },
      ...(token ? notMeBlocks(req, t, token) : [{ text: t('sign-ins.mail-not-you', { way }) }]),
    ],
  }));
}
