import { run } from '../platform/database.ts';
import type { Translate } from '../platform/text.ts';
import type { SettingsDocument } from '../settings/schema.ts';
import { Site } from '../site/site.ts';

/** What a publication would do to many at once: asked about once more, with how many it touches today. */
export interface WideEffect {
  readonly key: string;
  /** In words, with the number. */
  readonly text: string;
}

/** In a fixed order; those that touch nobody are left out. */
export async function listWideEffects(before: SettingsDocument, after: SettingsDocument, t: Translate): Promise<WideEffect[]> {
  const sites = [new Site(before, 0), new Site(after, 0)] as const;
  const found = rules.filter(({ applies }) => applies(...sites));
  if (!found.length) return [];
  const today = sites[1].today();
  const counts = found.map(({ key, count }) => `'${key}', (${count})`).join(', ');
  const [row] = await run<{ counts: Record<string, number> }>(`with given as (select $1::date as today, $2::int as days, $3::int as mail_days) select jsonb_build_object(${counts}) as counts from given`, [today, sites[1].suspendsAfterDays ?? 0, sites[1].mailDays]);
  return found.flatMap(({ key }) => {
    const count = row?.counts[key] ?? 0;
    return count > 0 ? [{ key, text: t(`settings.effect-${key}`, { count }) }] : [];
  });
}

/** What the button of the question sends: who has read these effects has not read others. */
export const readEffects = (effects: readonly WideEffect[]): string => effects.map(({ key }) => key).join(' ');

interface Rule {
  readonly key: string;
  readonly applies: (before: Site, after: Site) => boolean;
  /** A scalar number; knows given.today, given.days (suspension) and given.mail_days. */
  readonly count: string;
}

const owing = `select count(distinct account_id) from app.visible_invoices where paid_cents < total_cents`;
const openInvoices = `select count(*) from app.visible_invoices where paid_cents < total_cents`;
const living = `ended_at is null and expires_at > now() and seen_at > now() - make_interval(mins => idle_minutes)`;
const savedOf = (kind: string) => `select count(*) from app.payment_methods where kind = '${kind}' and removed_at is null`;
const tabHidden = (key: string) => (before: Site, after: Site) => before.hasTab(key) && !after.hasTab(key);
const kindDropped = (kind: 'card' | 'bank') => (before: Site, after: Site) => before.methodKinds.includes(kind) && !after.methodKinds.includes(kind);

const rules: readonly Rule[] = [
  { key: 'payments-off', applies: (before, after) => before.gateway !== 'none' && after.gateway === 'none', count: owing },
  { key: 'invoices-hidden', applies: tabHidden('invoices'), count: openInvoices },
  { key: 'billing-hidden', applies: tabHidden('billing'), count: owing },
  { key: 'usages-hidden', applies: tabHidden('usages'), count: 'select count(distinct account_id) from app.usages' },
  { key: 'credits-hidden', applies: tabHidden('credits'), count: 'select count(distinct account_id) from app.credits' },
  { key: 'card-off', applies: kindDropped('card'), count: savedOf('card') },
  { key: 'bank-off', applies: kindDropped('bank'), count: savedOf('bank') },
  { key: 'autopay-off', applies: (before, after) => before.hasAutopay && !after.hasAutopay, count: 'select count(*) from app.accounts where autopay' },
  {
    key: 'suspension', applies: (before, after) => (after.suspendsAfterDays ?? 9999) < (before.suspendsAfterDays ?? 9999),
    count: `select count(*) from app.accounts a where a.stage = 'active' and exists (
      select 1 from app.visible_invoices i where i.account_id = a.id and i.paid_cents < i.total_cents and i.due_on < given.today - given.days)`,
  },
  {
    key: 'sessions', applies: (before, after) => after.idleMinutes < before.idleMinutes || after.absoluteHours < before.absoluteHours,
    count: `select count(*) from app.sign_ins where login_ref is not null and ${living}`,
  },
  { key: 'identifier', applies: (before, after) => before.identifier !== after.identifier && after.identifier !== 'either', count: 'select count(*) from app.logins where password_hash is not null' },
  {
    key: 'invited-only', applies: (before, after) => !before.isInvitedOnly && after.isInvitedOnly,
    count: `select count(*) from app.contacts c join app.accounts a on a.id = c.account_id and a.stage in ('active', 'suspended') where c.may_sign_in and c.email is not null and c.login_ref is null`,
  },
  {
    key: 'two-factor', applies: (before, after) => before.twoFactor !== 'required' && after.twoFactor === 'required',
    count: 'select count(*) from app.logins l where password_hash is not null and not exists (select 1 from app.two_steps s where s.login_ref = l.id and s.confirmed_at is not null)',
  },
  {
    key: 'questions', applies: (before, after) => before.securityQuestions !== 'required' && after.securityQuestions === 'required',
    count: 'select count(*) from app.logins l where password_hash is not null and not exists (select 1 from app.security_answers s where s.login_ref = l.id)',
  },
  {
    key: 'mail', applies: (before, after) => after.mailDays < before.mailDays,
    count: `select count(*) from app.messages where created_at < now() - make_interval(days => given.mail_days) and (text_body <> '' or html_body <> '')`,
  },
];
