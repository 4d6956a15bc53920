import { findReader } from '../accounts/find-reader.ts';
import { queueMail } from '../messages/mail.ts';
import { read } from '../platform/database.ts';
import { originOf, type Outside } from '../tenancy/outside.ts';
import { demandTenant, type Tenant } from '../tenancy/tenant.ts';
import { withTenant } from '../tenancy/tenant-transaction.ts';

interface EndingCard extends Record<string, unknown> {
  readonly accountId: string;
  readonly kind: 'month' | 'week';
  readonly brand: string;
  readonly last4: string;
  /** A card is good to the end of this day. */
  readonly endsOn: string;
  readonly isAutopay: boolean;
}

/** B-10: one mail 30 days and one 7 days before a saved card ends, each of them once however often this runs. Returns how many were written. */
export async function sendCardNotices(outside: Outside, tenantId: string): Promise<number> {
  const tenant = await demandTenant(tenantId);
  if (tenant.site.gateway === 'none') return 0;
  for (let sent = 0; ;) {
    const cards = await withTenant(tenantId, () => tellSome(outside, tenant));
    if (!cards) return sent;
    sent += cards;
  }
}

async function tellSome(outside: Outside, tenant: Tenant): Promise<number> {
  const cards = await read<EndingCard>('card-notices', noticesText, [tenant.site.today(), tenant.site.gateway]);
  for (const card of cards) await tell(outside, tenant, card);
  return cards.length;
}

async function tell(outside: Outside, tenant: Tenant, card: EndingCard): Promise<void> {
  const reader = await findReader(card.accountId);
  if (!reader) return;
  const { site } = tenant;
  const t = site.translate(site.language(reader.locale));
  const values = { brand: card.brand, last4: card.last4, day: site.formats(reader.locale).date(card.endsOn), name: site.displayName };
  await queueMail(outside, tenant, {
    type: 'Card expiry', to: reader.email, recipient: reader.name, locale: reader.locale, accountId: card.accountId, contactId: reader.contactId,
    subject: t('card-notices.subject', values),
    blocks: [
      { text: t('card-notices.hello', { name: reader.name }) },
      { text: t('card-notices.text', values) },
      ...(card.isAutopay ? [{ text: t('card-notices.autopay') }] : []),
      { link: t('card-notices.link'), url: `${originOf(outside, tenant.slug)}/billing/methods` },
    ],
  });
}

/** Marks and returns a hundred at a time; the row's key lets nobody be told twice. Accounts that are closed are told nothing. */
const noticesText = `with ending as (
    select m.id, m.account_id, m.brand, m.last4, a.autopay, (make_date(m.exp_year, m.exp_month, 1) + interval '1 month - 1 day')::date as ends_on
      from app.payment_methods m join app.accounts a on (a.tenant_id, a.id) = (m.tenant_id, m.account_id) and a.stage in ('active', 'suspended')
     where m.removed_at is null and m.kind = 'card' and m.gateway = $2
       and (m.exp_year, m.exp_month) in (select extract(year from day)::int, extract(month from day)::int from unnest(array[$1::date, $1::date + 15, $1::date + 30]) day)),
  due as (
    select *, case when ends_on - $1::date <= 7 then 'week' else 'month' end as kind from ending where ends_on - $1::date between 0 and 30),
  told as (
    insert into app.card_notices (account_id, method_id, kind)
    select account_id, id, kind from due where not exists (select 1 from app.card_notices n where n.method_id = due.id and n.kind = due.kind)
     order by id limit 100 on conflict do nothing returning method_id, kind)
  select due.account_id as "accountId", due.kind, due.brand, due.last4, due.ends_on as "endsOn", due.autopay as "isAutopay"
    from told join due on due.id = told.method_id order by due.id`;
