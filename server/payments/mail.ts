import { queueMail } from '../messages/mail.ts';
import type { SettledPayment } from '../payment-attempts/settle-payment.ts';
import { read } from '../platform/database.ts';
import { originOf, type Outside } from '../tenancy/outside.ts';
import type { Tenant } from '../tenancy/tenant.ts';
import { paymentPath } from './payment.ts';

export interface Reader {
  readonly contactId: string;
  readonly name: string;
  readonly email: string;
  readonly locale: string | null;
}

/** Goes to whoever paid, else to the billing contact; in the transaction that books the money, so that neither is without the other. */
export async function sendReceipt(outside: Outside, tenant: Tenant, payment: SettledPayment): Promise<void> {
  const reader = await readerOf(payment);
  if (!reader) return;
  const { site } = tenant;
  const t = site.translate(site.language(reader.locale));
  const { money, date } = site.formats(reader.locale);
  const invoices = await read<{ number: string; amountCents: number }>('receipt-invoices', paidInvoices, [payment.id]);
  const amount = money(payment.amountCents, payment.currency);
  await queueMail(outside, tenant, {
    type: 'Receipt', to: reader.email, recipient: reader.name, locale: reader.locale, accountId: payment.accountId, contactId: reader.contactId,
    subject: t('payments.receipt-subject', { amount, name: site.displayName }),
    blocks: [
      { text: t('payments.receipt-hello', { name: reader.name }) },
      { text: t('payments.receipt-thanks', { amount, day: date(site.today()), number: payment.number }) },
      ...(payment.brand ? [{ text: t('payments.receipt-method', { brand: payment.brand, last4: payment.last4 ?? '' }) }] : []),
      ...invoices.map(({ number, amountCents }) => ({ text: t('payments.receipt-invoice', { number, amount: money(amountCents, payment.currency) }) })),
      { link: t('payments.receipt-link'), url: `${originOf(outside, tenant.slug)}${paymentPath(site, payment.number)}` },
    ],
  });
}

/** Whoever paid, else the billing contact; undefined where nobody has an address. */
export async function readerOf({ accountId, contactId }: Pick<SettledPayment, 'accountId' | 'contactId'>): Promise<Reader | undefined> {
  const [reader] = await read<Reader & Record<string, unknown>>('receipt-reader', findReader, [accountId, contactId]);
  return reader;
}

const findReader = `select c.id as "contactId", concat_ws(' ', c.first_name, c.last_name) as name, c.email, l.locale
    from app.contacts c left join app.logins l on (l.tenant_id, l.id) = (c.tenant_id, c.login_ref)
   where c.account_id = $1 and c.email <> '' and c.may_see_money and c.test_until is null order by c.id = $2 desc nulls last, c.is_billing desc, c.is_primary desc, c.id limit 1`;

const paidInvoices = `select i.number, l.amount_cents as "amountCents" from app.allocations l
    join app.invoices i on (i.tenant_id, i.id) = (l.tenant_id, l.invoice_id)
   where l.payment_id = $1 and l.applied_at is not null and l.reversed_at is null order by i.issued_on, i.number`;
