import { findReader } from '../accounts/find-reader.ts';
import { answerInWords } from '../gateways/answer-words.ts';
import { queueMail } from '../messages/mail.ts';
import { read } from '../platform/database.ts';
import { notMeBlocks } from '../own-changes/note-change.ts';
import { originOf, type Outside } from '../tenancy/outside.ts';
import type { CustomerRequest } from '../tenancy/people.ts';
import type { Tenant } from '../tenancy/tenant.ts';

/** To whoever changed it, in the transaction that does. `token`: by which they say that it was not them. */
export async function sendChanged(req: CustomerRequest, change: 'on' | 'off' | 'changed', token: string, method?: { readonly brand: string; readonly last4: string }): Promise<void> {
  const { account, person, outside, tenant, t } = req;
  if (!account.contactEmail) return;
  const values = { name: tenant.site.displayName, brand: method?.brand ?? '', last4: method?.last4 ?? '' };
  await queueMail(outside, tenant, {
    type: 'Autopay', to: account.contactEmail, recipient: account.contactName, locale: person.locale, accountId: account.id, contactId: account.contactId,
    subject: t(`autopay.mail-${change}-subject`, values),
    blocks: [
      { text: t('autopay.mail-hello', { name: account.contactName }) },
      { text: t(`autopay.mail-${change}-text`, values) },
      { link: t('autopay.mail-see'), url: `${originOf(outside, tenant.slug)}/billing/autopay` },
      ...notMeBlocks(req, t, token),
    ],
  });
}

/** A charge that brought nothing. */
export interface FailedCharge {
  readonly accountId: string;
  readonly runOn: string;
  readonly currency: string;
  /** In words that a payer may read, or a key of them. */
  readonly reason: string;
}

/** Says what was not paid and why, links to a page that pays it now, and tells when it is tried again. In the transaction that closes the charge. */
export async function sendNotCharged(outside: Outside, tenant: Tenant, { accountId, runOn, currency, reason }: FailedCharge): Promise<void> {
  const reader = await findReader(accountId);
  if (!reader) return;
  const { site } = tenant;
  const t = site.translate(site.language(reader.locale));
  const { money, date } = site.formats(reader.locale);
  const invoices = await read<{ number: string; cents: number; stage: string; nextOn: string | null }>('autopay-not-charged', notCharged, [accountId, runOn, currency, site.autopayRetryDays]);
  const [first] = invoices;
  if (!first) return;
  const amount = money(invoices.reduce((sum, { cents }) => sum + cents, 0), currency);
  const nextOn = invoices.map((invoice) => invoice.nextOn).filter((day) => day !== null).toSorted()[0];
  const origin = originOf(outside, tenant.slug);
  await queueMail(outside, tenant, {
    type: 'Autopay', to: reader.email, recipient: reader.name, locale: reader.locale, accountId, contactId: reader.contactId,
    subject: t('autopay.mail-failed-subject', { amount, name: site.displayName }),
    blocks: [
      { text: t('autopay.mail-hello', { name: reader.name }) },
      { text: t('autopay.mail-failed-text', { amount, reason: reason.startsWith('payments.') ? t(reason) : answerInWords(reason, t) }) },
      ...invoices.map(({ number, cents }) => ({ text: t('payments.receipt-invoice', { number, amount: money(cents, currency) }) })),
      ...(first.stage === 'suspended' && site.reactivatesByItself ? [{ text: t('autopay.mail-suspended') }] : []),
      { link: t('autopay.mail-pay'), url: `${origin}${payPath(tenant, invoices)}` },
      { text: nextOn ? t('autopay.mail-next', { day: date(nextOn) }) : t('autopay.mail-last') },
      { link: t('autopay.mail-other-method'), url: `${origin}/billing/autopay` },
    ],
  });
}

function payPath({ site }: Tenant, invoices: readonly { readonly number: string }[]): string {
  if (!site.mayPay('selected')) return '/billing/pay';
  return `/billing/pay?${new URLSearchParams(invoices.slice(0, 50).map(({ number }): [string, string] => ['invoice', number])).toString()}`;
}

/** The invoices of one charge that are still open, and when each of them is tried next. */
const notCharged = `select i.number, i.total_cents - i.paid_cents as cents, a.stage,
    (select case when ($4::int[])[count(*)::int] is not null then min(r.run_on) + ($4::int[])[count(*)::int] end
       from app.autopay_tries r where (r.tenant_id, r.invoice_id) = (i.tenant_id, i.id)) as "nextOn"
  from app.autopay_tries tried join app.visible_invoices i on (i.tenant_id, i.id) = (tried.tenant_id, tried.invoice_id)
  join app.accounts a on (a.tenant_id, a.id) = (i.tenant_id, i.account_id)
 where tried.account_id = $1 and tried.run_on = $2::date and i.currency = $3 and i.paid_cents < i.total_cents order by i.due_on nulls last, i.number`;
