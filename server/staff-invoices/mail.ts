import { findReader } from '../accounts/find-reader.ts';
import { queueMail } from '../messages/mail.ts';
import { originOf } from '../tenancy/outside.ts';
import type { StaffRequest } from '../tenancy/people.ts';
import type { StaffInvoice } from './staff-invoice.ts';

/** Goes out with the transaction that sends the invoice. Returns the address, or null when there is none. */
export async function mailInvoice({ outside, tenant }: StaffRequest, invoice: StaffInvoice): Promise<string | null> {
  const reader = await findReader(invoice.accountId);
  if (!reader) return null;
  const { site, slug } = tenant;
  const t = site.translate(site.language(reader.locale));
  const { money, date } = site.formats(reader.locale);
  const amount = money(invoice.totalCents, invoice.currency);
  const path = site.hasTab('invoices') ? `/invoices/${encodeURIComponent(invoice.number)}` : '/billing';
  await queueMail(outside, tenant, {
    type: 'Invoice', to: reader.email, recipient: reader.name, locale: reader.locale, accountId: invoice.accountId, contactId: reader.contactId,
    subject: t('staff-invoices.mail-subject', { number: invoice.number, amount, name: site.displayName }),
    blocks: [
      { text: t('staff-invoices.mail-hello', { name: reader.name }) },
      { text: invoice.dueOn ? t('staff-invoices.mail-due', { number: invoice.number, amount, day: date(invoice.dueOn) }) : t('staff-invoices.mail-new', { number: invoice.number, amount }) },
      { link: t('staff-invoices.mail-link'), url: `${originOf(outside, slug)}${path}` },
    ],
  });
  return reader.email;
}
