import { queueMail } from '../messages/mail.ts';
import { read } from '../platform/database.ts';
import { originOf } from '../tenancy/outside.ts';
import type { StaffRequest } from '../tenancy/people.ts';
import type { StaffInvoice } from './staff-invoice.ts';

export interface Reader {
  readonly contactId: string;
  readonly name: string;
  readonly email: string;
  readonly locale: string | null;
}

/** The billing contact, else the primary one, else anybody with an address; undefined when nobody has one. */
export async function billingReader(accountId: string): Promise<Reader | undefined> {
  const [reader] = await read<Reader & Record<string, unknown>>(
    'billing-reader',
    `select c.id as "contactId", concat_ws(' ', c.first_name, c.last_name) as name, c.email, l.locale from app.contacts c left join app.logins l on l.id = c.login_ref
      where c.account_id = $1 and c.email <> '' order by c.is_billing desc, c.is_primary desc, c.id limit 1`,
    [accountId],
  );
  return reader;
}

/** Goes out with the transaction that sends the invoice. Returns the address, or null when there is none. */
export async function mailInvoice({ outside, tenant }: StaffRequest, invoice: StaffInvoice): Promise<string | null> {
  const reader = await billingReader(invoice.accountId);
  if (!reader) return null;
  const { site, slug } = tenant;
  const t = site.translate(site.language(reader.locale));
  const { money, date } = site.formats(reader.locale);
  const amount = money(invoice.totalCents, invoice.currency);
  const path = site.hasTab('invoices') ? `/invoices/${encodeURIComponent(invoice.number)}` : '/billing';
  await queueMail(outside, tenant, {
    type: 'Invoice', to: reader.email, recipient: reader.name, accountId: invoice.accountId, contactId: reader.contactId,
    subject: t('staff-invoices.mail-subject', { number: invoice.number, amount, name: site.displayName }),
    blocks: [
      { text: t('staff-invoices.mail-hello', { name: reader.name }) },
      { text: invoice.dueOn ? t('staff-invoices.mail-due', { number: invoice.number, amount, day: date(invoice.dueOn) }) : t('staff-invoices.mail-new', { number: invoice.number, amount }) },
      { link: t('staff-invoices.mail-link'), url: `${originOf(outside, slug)}${path}` },
    ],
  });
  return reader.email;
}
