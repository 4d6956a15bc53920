import { read } from '../platform/database.ts';

export const stages = ['invited', 'waiting', 'confirmed', 'signed-in', 'paid'] as const;
export type Stage = (typeof stages)[number];

export interface Invited {
  readonly contactId: string;
  readonly name: string;
  readonly email: string | null;
  readonly accountNumber: string;
  readonly accountName: string;
  readonly invitedAt: string;
  readonly lastLoginAt: string | null;
  readonly stage: Exclude<Stage, 'invited'>;
}

/** How far those that were invited have come; each count holds those after it, 'waiting' are the rest. */
export async function countStages(): Promise<Record<Stage, number>> {
  const sums = stages.map((stage) => `count(*) filter (where ${conditions[stage]})::int as "${stage}"`).join(', ');
  const [row] = await read<Record<Stage, number>>('adoption', `${invited} select ${sums} from invited i`);
  return row ?? { 'invited': 0, 'waiting': 0, 'confirmed': 0, 'signed-in': 0, 'paid': 0 };
}

export async function listInvited(stage: Stage, after: string | null, size: number): Promise<{ rows: Invited[]; next: string }> {
  const rows = await read<Invited & Record<string, unknown>>(
    `invited-${stage}`,
    `${invited} select "contactId", name, email, number as "accountNumber", account_name as "accountName", "invitedAt", "lastLoginAt",
       case when ${conditions.paid} then 'paid' when ${conditions['signed-in']} then 'signed-in' when ${conditions.confirmed} then 'confirmed' else 'waiting' end as stage
     from invited i where ${conditions[stage]} and ($1::uuid is null or "contactId" > $1) order by "contactId" limit $2`,
    [after, size + 1],
  );
  return { rows: rows.slice(0, size), next: rows.length > size ? (rows[size - 1]?.contactId ?? '') : '' };
}

const conditions: Readonly<Record<Stage, string>> = {
  'invited': 'true',
  'waiting': 'not i.has_password',
  'confirmed': 'i.has_password',
  'signed-in': 'i.has_password and i."lastLoginAt" is not null',
  'paid': `i.has_password and i."lastLoginAt" is not null and exists (select from app.payments p where p.account_id = i.account_id and p.login_ref = i.login_ref and p.state = 'succeeded')`,
};

const invited = `with invited as (
  select c.id as "contactId", c.account_id, l.id as login_ref, concat_ws(' ', c.first_name, c.last_name) as name, c.email, a.number, a.name as account_name, c.invited_at as "invitedAt",
         l.last_login_at as "lastLoginAt", l.password_hash is not null as has_password
    from app.contacts c join app.accounts a on (a.tenant_id, a.id) = (c.tenant_id, c.account_id) left join app.logins l on (l.tenant_id, l.id) = (c.tenant_id, c.login_ref)
   where c.invited_at is not null)`;
