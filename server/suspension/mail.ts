import { findReader } from '../accounts/find-reader.ts';
import { queueMail } from '../messages/mail.ts';
import { read } from '../platform/database.ts';
import { originOf, type Outside } from '../tenancy/outside.ts';
import type { Tenant } from '../tenancy/tenant.ts';

/** In the current transaction, as the change that it tells. */
export function sendSuspended(outside: Outside, tenant: Tenant, accountId: string): Promise<void> {
  return send(outside, tenant, accountId, 'suspended');
}

export function sendReactivated(outside: Outside, tenant: Tenant, accountId: string): Promise<void> {
  return send(outside, tenant, accountId, 'reactivated');
}

async function send(outside: Outside, tenant: Tenant, accountId: string, news: 'suspended' | 'reactivated'): Promise<void> {
  const reader = await findReader(accountId);
  if (!reader) return;
  const { site } = tenant;
  const t = site.translate(site.language(reader.locale));
  const { money, date } = site.formats(reader.locale);
  const sums = await read<{ currency: string; cents: number; since: string }>('past-due-sums', pastDue, [accountId, site.today()]);
  const origin = originOf(outside, tenant.slug);
  await queueMail(outside, tenant, {
    type: 'Account', to: reader.email, recipient: reader.name, locale: reader.locale, accountId, contactId: reader.contactId,
    subject: t(`suspension.${news}-subject`, { name: site.displayName }),
    blocks: [
      { text: t('suspension.hello', { name: reader.name }) },
      { text: t(`suspension.${news}-text`, { name: site.displayName }) },
      ...sums.map(({ currency, cents, since }) => ({ text: t('suspension.past-due', { amount: money(cents, currency), day: date(since) }) })),
      news === 'suspended' ? { link: t('suspension.pay'), url: `${origin}/billing/pay?scope=overdue` } : { link: t('suspension.open'), url: `${origin}/` },
    ],
  });
}

const pastDue = `select currency, sum(total_cents - paid_cents)::bigint as cents, min(due_on) as since from app.visible_invoices
  where account_id = $1 and paid_cents < total_cents and due_on < $2::date group by currency order by currency`;
