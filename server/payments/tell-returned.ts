import { answerInWords } from '../gateways/answer-words.ts';
import { queueMail } from '../messages/mail.ts';
import type { SettledPayment } from '../payment-attempts/settle-payment.ts';
import { makeTask } from '../staff-tasks/staff-task.ts';
import { originOf, type Outside } from '../tenancy/outside.ts';
import type { Tenant } from '../tenancy/tenant.ts';
import { readerOf } from './mail.ts';
import { paymentPath } from './payment.ts';

/** Money that was on its way, or had come, and did not stay: whoever paid gets a letter, and staff a task. Doing it twice changes nothing for staff. */
export async function tellReturned(outside: Outside, tenant: Tenant, payment: SettledPayment, why: 'returned' | 'disputed', message: string): Promise<void> {
  const { accountId, contactId, amountCents, currency, number } = payment;
  const isNew = await makeTask({ kind: why, accountId, contactId, source: payment.id, details: { amountCents, currency, payment: number, message } });
  const reader = isNew ? await readerOf(payment) : undefined;
  if (!reader) return;
  const { site } = tenant;
  const t = site.translate(site.language(reader.locale));
  const amount = site.formats(reader.locale).money(amountCents, currency);
  await queueMail(outside, tenant, {
    type: 'Payment Returned', to: reader.email, recipient: reader.name, locale: reader.locale, accountId, contactId: reader.contactId,
    subject: t(`payments.${why}-subject`, { amount, name: site.displayName }),
    blocks: [
      { text: t('payments.receipt-hello', { name: reader.name }) },
      { text: t(`payments.${why}-text`, { amount, number, message: answerInWords(message, t) }) },
      { link: t('payments.receipt-link'), url: `${originOf(outside, tenant.slug)}${paymentPath(site, number)}` },
    ],
  });
}
