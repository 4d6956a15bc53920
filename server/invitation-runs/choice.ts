import { z } from 'zod';
import { read } from '../platform/database.ts';
import type { FieldErrors } from '../platform/errors.ts';
import { fieldErrors, text, uuid } from '../platform/forms.ts';
import type { Translate } from '../platform/text.ts';

export const whoChoices = ['all', 'primary', 'billing'] as const;
export const stageChoices = ['all', 'active', 'suspended'] as const;
/** Why somebody is left out, in the order in which it is asked. */
export const reasons = ['lead', 'closed', 'blocked', 'no-email', 'active', 'invited', 'same-email'] as const;
export type Verdict = (typeof reasons)[number] | 'invite';

/** Whom to invite. again: those that were invited and have not confirmed, in place of those that never were. */
export interface Choice {
  readonly who: (typeof whoChoices)[number];
  readonly stage: (typeof stageChoices)[number];
  readonly q: string;
  readonly again: boolean;
}

export interface Judged {
  readonly contactId: string;
  readonly name: string;
  readonly email: string | null;
  readonly accountNumber: string;
  readonly accountName: string;
  readonly verdict: Verdict;
}

const fields = { who: z.enum(whoChoices, 'forms.wrong').default('all'), stage: z.enum(stageChoices, 'forms.wrong').default('all'), q: text(100).default(''), again: z.literal('yes').optional().transform((given) => given === 'yes') };
export const choiceForm = z.object(fields);
const queryForm = z.object({ ...fields, show: z.enum(['invite', ...reasons], 'forms.wrong').default('invite'), after: uuid.optional() });

export function readChoice(query: unknown, t: Translate): { choice: Choice; show: Verdict; after: string | null; errors: FieldErrors } {
  const result = queryForm.safeParse(query);
  if (!result.success) return { choice: { who: 'all', stage: 'all', q: '', again: false }, show: 'invite', after: null, errors: fieldErrors(result.error, t) };
  const { show, after = null, ...choice } = result.data;
  return { choice, show, after, errors: {} };
}

/** The dry run: how many would be invited, and how many are left out for each reason. Writes nothing. */
export async function countVerdicts(choice: Choice): Promise<Readonly<Partial<Record<Verdict, number>>>> {
  const rows = await read<{ verdict: Verdict; count: number }>('count-invitation-verdicts', `${judged} select verdict, count(*)::int as count from judged group by verdict`, valuesOf(choice));
  return Object.fromEntries(rows.map(({ verdict, count }) => [verdict, count]));
}

export async function listJudged(choice: Choice, show: Verdict, after: string | null, size: number): Promise<{ rows: Judged[]; next: string }> {
  const rows = await read<Judged & Record<string, unknown>>('list-invitation-verdicts', `${judged} ${columns} where verdict = $5 and ($6::uuid is null or contact_id > $6) order by contact_id limit $7`, [...valuesOf(choice), show, after, size + 1]);
  return { rows: rows.slice(0, size), next: rows.length > size ? (rows[size - 1]?.contactId ?? '') : '' };
}

export function listAllJudged(choice: Choice, most: number): Promise<Judged[]> {
  return read<Judged & Record<string, unknown>>('all-invitation-verdicts', `${judged} ${columns} order by verdict, contact_id limit $5`, [...valuesOf(choice), most]);
}

/** Writes down whom the run is about, as of now. Returns how many. */
export async function takeTargets(runId: string, choice: Choice): Promise<number> {
  const taken = await read<{ count: number }>(
    'take-invitation-targets',
    `${judged}, taken as (insert into app.invitation_targets (run_id, contact_id) select $5, contact_id from judged where verdict = 'invite' returning 1) select count(*)::int as count from taken`,
    [...valuesOf(choice), runId],
  );
  return taken[0]?.count ?? 0;
}

function valuesOf({ who, stage, q, again }: Choice): unknown[] {
  return [who, stage, q ? `%${q.replace(/[\\%_]/g, (sign) => `\\${sign}`)}%` : null, again];
}

const columns = 'select contact_id as "contactId", name, email, number as "accountNumber", account_name as "accountName", verdict from judged';

/** Each address is invited once: the primary contact's first, and not where another contact with it was invited or gets in already. */
const judged = `with listed as (
    select c.id as contact_id, concat_ws(' ', c.first_name, c.last_name) as name, c.email, c.is_primary, a.number, a.name as account_name,
           case when a.stage = 'lead' then 'lead' when a.stage = 'closed' then 'closed' when not c.may_sign_in then 'blocked'
                when coalesce(c.email, '') !~ '^[^@[:space:]]+@[^@[:space:]]+[.][^@[:space:]]+$' then 'no-email'
                when l.password_hash is not null then 'active' when c.invited_at is not null and not $4::boolean then 'invited' end as reason
      from app.contacts c join app.accounts a on (a.tenant_id, a.id) = (c.tenant_id, c.account_id)
      left join app.logins l on (l.tenant_id, l.id) = (c.tenant_id, c.login_ref)
     where c.test_until is null and ($1 = 'all' or ($1 = 'primary' and c.is_primary) or ($1 = 'billing' and c.is_billing))
       and ($2 = 'all' or a.stage = $2) and (not $4 or c.invited_at is not null)
       and ($3::text is null or a.name ilike $3 or a.number ilike $3 or concat_ws(' ', c.first_name, c.last_name) ilike $3 or c.email ilike $3)),
  judged as (
    select *, coalesce(reason, case when row_number() over (partition by lower(email), reason is null order by is_primary desc, contact_id) > 1 or exists (
             select from app.contacts o left join app.logins ol on (ol.tenant_id, ol.id) = (o.tenant_id, o.login_ref)
              where lower(o.email) = lower(listed.email) and o.id <> listed.contact_id and o.test_until is null and ((o.invited_at is not null and not $4) or ol.password_hash is not null)) then 'same-email' else 'invite' end) as verdict
      from listed)`;
