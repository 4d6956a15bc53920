import { mayEnter } from '../logins/people.ts';
import { read } from '../platform/database.ts';
import type { Site } from '../site/site.ts';
import { mayEnter as mayStaffEnter } from '../staff-users/permissions.ts';
import type { StaffMember } from '../tenancy/people.ts';

/** One thing that waits for somebody: how many, the money in it, and the list of exactly these. */
export interface DigestLine {
  readonly key: 'unsent' | 'locked' | 'refused' | 'cards' | 'invitations' | 'tasks';
  readonly count: number;
  readonly sums: readonly { readonly currency: string; readonly cents: number }[];
  readonly path: string;
  readonly icon: string;
}

type Reader = Pick<StaffMember, 'role' | 'permissions'>;

/** B-8: what the owner should know, without the areas that are closed to this reader. What is zero is no line. */
export async function readDigest(site: Site, reader: Reader): Promise<DigestLine[]> {
  const today = site.today();
  const [found] = await read<{ digest: Counts }>('digest', text, [today, site.unsentReminderDays, site.hoursOf.invitation, site.enters('invitation'), refusedDays, site.gateway]);
  if (!found) throw new Error('no digest');
  const { unsent, ...counts } = found.digest;
  const lines: (DigestLine & { area: string })[] = [
    { key: 'unsent', area: 'invoices', icon: 'eye-slash', count: unsent.customers, sums: unsent.sums, path: `/staff/invoices?status=unsent&to=${before(today, site.unsentReminderDays + 1)}` },
    { key: 'locked', area: 'accounts', icon: 'lock', count: counts.locked, sums: [], path: '/staff/accounts?portal=locked' },
    { key: 'refused', area: 'accounts', icon: 'envelope-x', count: counts.refused, sums: [], path: `/staff/messages?status=failed&from=${before(today, refusedDays)}` },
    { key: 'cards', area: 'invoices', icon: 'credit-card', count: counts.cards, sums: [], path: '/staff/digest/cards' },
    { key: 'invitations', area: 'invitations', icon: 'hourglass', count: counts.invitations, sums: [], path: '/staff/invitations/choice?again=yes' },
    { key: 'tasks', area: 'accounts', icon: 'list-task', count: counts.tasks, sums: [], path: '/staff/tasks' },
  ];
  return lines.filter(({ count, area }) => count > 0 && mayStaffEnter(reader, area)).map(({ area: _area, ...line }) => line);
}

export interface EndingCard {
  readonly id: string;
  readonly accountNumber: string;
  readonly accountName: string;
  readonly brand: string;
  readonly last4: string;
  readonly endsOn: string;
  readonly isAutopay: boolean;
}

/** The cards that end within a month or have ended since, of accounts that still pay; the next to end first. */
export function listEndingCards(site: Site, after: string | null, size: number): Promise<EndingCard[]> {
  return read<EndingCard & Record<string, unknown>>(
    'ending-cards',
    `select * from (select e.id, e.number as "accountNumber", e.name as "accountName", e.brand, e.last4, e.ends_on as "endsOn", e.autopay as "isAutopay" from (${endingCards('$1', '$2')}) e) e
      where $3::text is null or ("endsOn", id) > (split_part($3, '_', 1)::date, split_part($3, '_', 2)::uuid) order by "endsOn", id limit $4`,
    [site.today(), site.gateway, after, size],
  );
}

interface Counts {
  readonly unsent: { readonly customers: number; readonly sums: DigestLine['sums'] };
  readonly locked: number;
  readonly refused: number;
  readonly cards: number;
  readonly invitations: number;
  readonly tasks: number;
}

const refusedDays = 30;
const soonDays = 30;

const before = (day: string, days: number) => new Date(Date.parse(day) - days * 86_400_000).toISOString().slice(0, 10);

/** A card ends with its month. One that ended more than a quarter ago is no news. */
const endingCards = (today: string, gateway: string) => `select m.id, a.number, a.name, m.brand, m.last4, a.autopay, (make_date(m.exp_year, m.exp_month, 1) + interval '1 month - 1 day')::date as ends_on
    from app.payment_methods m join app.accounts a on (a.tenant_id, a.id) = (m.tenant_id, m.account_id) and a.stage in ('active', 'suspended')
   where m.removed_at is null and m.kind = 'card' and m.gateway = ${gateway} and m.is_default
     and (make_date(m.exp_year, m.exp_month, 1) + interval '1 month - 1 day')::date between ${today}::date - 90 and ${today}::date + ${soonDays}`;

const text = `select jsonb_build_object(
  'unsent', (select jsonb_build_object('customers', count(distinct i.account_id), 'sums', coalesce((
       select jsonb_agg(jsonb_build_object('currency', currency, 'cents', cents) order by currency) from (
         select currency, sum(total_cents)::bigint as cents from app.invoices where status = 'unsent' and issued_on < $1::date - $2::int group by currency) s), '[]'))
     from app.invoices i where i.status = 'unsent' and i.issued_on < $1::date - $2::int),
  'locked', (select count(*) from app.accounts a where exists (select from app.contacts c join app.logins l on l.id = c.login_ref where c.account_id = a.id and l.locked_at is not null)),
  'refused', (select count(distinct m.to_key) from app.messages m where m.status = 'failed' and m.error_code is not null and m.created_at >= $1::date - $5::int
     and exists (select from app.contacts c where lower(c.email) = m.to_key)
     and not exists (select from app.messages later where later.to_key = m.to_key and later.status = 'complete' and later.created_at > m.created_at)),
  'cards', (select count(*) from (${endingCards('$1', '$6')}) e),
  'invitations', (select count(*) from app.contacts c join app.accounts a on (a.tenant_id, a.id) = (c.tenant_id, c.account_id)
      left join app.logins l on (l.tenant_id, l.id) = (c.tenant_id, c.login_ref)
     where $4 and c.invited_at < now() - make_interval(hours => $3) and l.password_hash is null and ${mayEnter}),
  'tasks', (select count(*) from app.staff_tasks where done_at is null)) as digest`;
