import { z } from 'zod';
import { read } from '../platform/database.ts';
import { inOrder, optionalDay } from '../platform/forms.ts';

/** The lines of the portal log that are somebody's own, in groups that people look for. A kind that stands nowhere here is none of theirs. */
const personal = {
  'sign-in': ['sign-in', 'sign-in-refused', 'second-step-refused', 'recovery-code', 'support-viewed'],
  security: [
    'link-requested', 'link-sent-by-staff', 'password-set', 'password-changed', 'password-reset-by-staff', 'invitation-sent', 'invitation-accepted', 'username-changed', 'security-questions-changed',
    'passkey-added', 'passkey-removed', 'two-step-on', 'two-step-off', 'recovery-codes-renewed', 'second-steps-removed', 'access-changed', 'login-unlocked', 'change-disputed',
  ],
  profile: ['profile-changed', 'profile-change-asked', 'profile-change-approved', 'profile-change-refused', 'email-change-asked', 'email-changed', 'text-consent', 'text-consent-ended', 'change-undone'],
  contact: ['contact-request', 'contact-answer', 'ticket'],
} as const;
/** Of the account as a whole, whoever of its people it was. */
const shared = { money: ['payment', 'billing', 'invoice', 'credit', 'billing-contact-changed'] } as const;

export const groups = ['sign-in', 'security', 'profile', 'money', 'contact'] as const;
type Group = (typeof groups)[number];

export const historyForm = z
  .object({ what: z.enum(groups).optional().catch(undefined), from: optionalDay, to: optionalDay, after: z.string().regex(/^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)_[0-9a-f-]{36}$/).optional().catch(undefined) })
  .superRefine(inOrder);
export type HistoryFilter = z.infer<typeof historyForm>;

export interface HistoryLine {
  readonly id: string;
  readonly at: string;
  readonly kind: string;
  readonly message: string;
  readonly device: string | null;
  readonly byStaff: boolean;
}

/** The newest first, at most `size` and where the next page begins. Each half runs along an index of its own. */
export async function readHistory(own: { readonly accountId: string; readonly contactIds: readonly string[]; readonly zone: string }, { what, from, to, after }: HistoryFilter, size: number): Promise<{ lines: HistoryLine[]; next: string }> {
  const [at, id] = after?.split('_') ?? [null, null];
  const lines = await read<HistoryLine & Record<string, unknown>>('own-history', text, [
    own.contactIds, kindsOf(personal, what), own.accountId, kindsOf(shared, what), from ?? null, to ?? null, own.zone, at, z.uuid().safeParse(id).data ?? null, size + 1,
  ]);
  const last = lines.length > size ? lines[size - 1] : undefined;
  return { lines: lines.slice(0, size), next: last ? `${last.at}_${last.id}` : '' };
}

function kindsOf(groupsOf: Readonly<Partial<Record<Group, readonly string[]>>>, what: Group | undefined): readonly string[] {
  return what ? (groupsOf[what] ?? []) : Object.values(groupsOf).flat();
}

const half = (whose: string) => `(select l.id, l.at, l.kind, l.message, l.device, l.staff_id from app.portal_log l where ${whose}
    and ($5::date is null or l.at >= ($5::date)::timestamp at time zone $7) and ($6::date is null or l.at < ($6::date + 1)::timestamp at time zone $7)
    and ($8::timestamptz is null or (l.at, l.id) < ($8, $9::uuid)) order by l.at desc, l.id desc limit $10)`;
const text = `select h.id, to_char(h.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at, h.kind, h.message, h.device, h.staff_id is not null as "byStaff"
  from (${half('l.contact_id = any($1::uuid[]) and l.kind = any($2::text[])')} union all ${half('l.account_id = $3 and l.kind = any($4::text[])')}) h order by h.at desc, h.id desc limit $10`;
