import { queueMail } from '../messages/mail.ts';
import { readerOf } from '../payments/mail.ts';
import { paymentPath } from '../payments/payment.ts';
import { originOf, type Outside } from '../tenancy/outside.ts';
import type { Tenant } from '../tenancy/tenant.ts';
import type { RefundRecord } from './settle-refund.ts';

/** Goes to whoever paid, in the transaction that books the refund. */
export async function sendRefundMail(outside: Outside, tenant: Tenant, refund: RefundRecord): Promise<void> {
  const reader = await readerOf(refund);
  if (!reader) return;
  const { site } = tenant;
  const t = site.translate(site.language(reader.locale));
  const amount = site.formats(reader.locale).money(refund.amountCents, refund.currency);
  await queueMail(outside, tenant, {
    type: 'Refund', to: reader.email, recipient: reader.name, locale: reader.locale, accountId: refund.accountId, contactId: reader.contactId,
    subject: t('refunds.mail-subject', { amount, name: site.displayName }),
    blocks: [
      { text: t('payments.receipt-hello', { name: reader.name }) },
      { text: t('refunds.mail-text', { amount, number: refund.payment }) },
      { link: t('payments.receipt-link'), url: `${originOf(outside, tenant.slug)}${paymentPath(site, refund.payment)}` },
    ],
  });
}
