import { queueMail } from '../messages/mail.ts';
import { read } from '../platform/database.ts';
import type { JobPayload } from '../platform/queue.ts';
import { originOf, type Outside } from '../tenancy/outside.ts';
import type { StaffMember } from '../tenancy/people.ts';
import { demandTenant, type Tenant } from '../tenancy/tenant.ts';
import { withTenant } from '../tenancy/tenant-transaction.ts';
import { readDigest } from './read-digest.ts';
import { sentenceOf } from './words.ts';

interface Addressee extends Pick<StaffMember, 'role' | 'permissions' | 'locale'> {
  readonly email: string;
  readonly name: string;
}

/**
 * The mail of the week, from Monday at seven in the organization's zone; a portal that was down catches up on Tuesday. The week is taken
 * with the mails in one transaction: two workers, or a restart, send it once. `at` stands for now.
 */
export async function sendWeeklyDigest(outside: Outside, { tenantId = '' }: JobPayload, at: string | null = null): Promise<void> {
  const tenant = await demandTenant(tenantId);
  await withTenant(tenantId, async () => {
    const week = await takeWeek(tenant.site.zone, at);
    if (!week) return;
    let sent = 0;
    for (const staff of await listAddressees()) sent += await sendTo(outside, tenant, staff);
    await read('digest-sent', 'update app.digests set sent = $2 where week = $1', [week, sent]);
  });
}

async function takeWeek(zone: string, at: string | null): Promise<string | undefined> {
  const [taken] = await read<{ week: string }>(
    'take-digest-week',
    `insert into app.digests (week) select date_trunc('week', here)::date from (select coalesce($2::timestamptz, now()) at time zone $1 as here) clock
      where here - date_trunc('week', here) between interval '7 hours' and interval '2 days' on conflict do nothing returning week`,
    [zone, at],
  );
  return taken?.week;
}

function listAddressees(): Promise<Addressee[]> {
  return read<Addressee & Record<string, unknown>>(
    'digest-readers', `select u.email, u.name, u.locale, u.role, coalesce((select jsonb_object_agg(r.area, r.is_allowed) from app.role_permissions r where r.role = u.role), '{}') || u.permissions as permissions
       from app.staff_users u where u.ended_at is null and u.password_hash is not null and coalesce(u.wants_digest, u.role = 'owner') order by u.id`);
}

/** Nothing to say: no mail. */
async function sendTo(outside: Outside, tenant: Tenant, staff: Addressee): Promise<number> {
  const { site, slug } = tenant;
  const lines = await readDigest(site, staff);
  if (lines.length === 0) return 0;
  const t = site.translate(site.language(staff.locale));
  const origin = originOf(outside, slug);
  await queueMail(outside, tenant, {
    type: 'Digest', to: staff.email, recipient: staff.name, locale: staff.locale, subject: t('digest.mail-subject', { name: site.displayName }),
    blocks: [
      { text: t('digest.mail-hello', { name: staff.name }) },
      ...lines.map((line) => ({ link: sentenceOf(line, t, site.formats(staff.locale)), url: `${origin}${line.path}` })),
      { link: t('digest.mail-page'), url: `${origin}/staff/digest` },
    ],
  });
  return 1;
}
