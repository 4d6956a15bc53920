import { findPerson } from '../logins/people.ts';
import { read } from '../platform/database.ts';
import { enqueue, type JobPayload } from '../platform/queue.ts';
import { recordPortalLog } from '../portal-log/portal-log.ts';
import type { Outside } from '../tenancy/outside.ts';
import { demandTenant, listTenants } from '../tenancy/tenant.ts';
import { withTenant } from '../tenancy/tenant-transaction.ts';
import { takeTargets, type Choice } from './choice.ts';
import type { Letter } from '../invitation-letter/letter.ts';
import { sendLetter } from '../invitation-letter/send-letter.ts';

export interface InvitationRun {
  readonly id: string;
  readonly staffName: string;
  readonly total: number;
  readonly sent: number;
  readonly leftOut: number;
  readonly createdAt: string;
  readonly endedAt: string | null;
}

interface NewRun {
  readonly tenantId: string;
  /** The same form sent twice is one run. */
  readonly requestKey: string;
  readonly staffId: string;
  /** As it goes out, but for what differs from reader to reader. */
  readonly letter: Letter;
  readonly choice: Choice;
}

/** Starts one; while it lasts there is no other. Returns its id and how many it invites; null while another is under way. */
export async function startRun({ tenantId, requestKey, staffId, letter, choice }: NewRun): Promise<{ id: string; total: number } | null> {
  const [made] = await read<{ id: string }>('start-invitations', `insert into app.invitation_runs (request_key, staff_id, subject, body) values ($1, $2, $3, $4) on conflict do nothing returning id`, [requestKey, staffId, letter.subject, letter.body]);
  if (!made) {
    const [same] = await read<{ id: string; total: number }>('same-invitations', 'select id, total from app.invitation_runs where request_key = $1', [requestKey]);
    return same ?? null;
  }
  const total = await takeTargets(made.id, choice);
  await read('count-invitations', 'update app.invitation_runs set total = $2 where id = $1', [made.id, total]);
  await enqueue('invite-many', { tenantId, runId: made.id }, { key: `invite ${made.id}` });
  return { id: made.id, total };
}

export async function findRun(id: string): Promise<InvitationRun | undefined> {
  const [run] = await read<InvitationRun & Record<string, unknown>>('invitation-run', `${select} where r.id = $1`, [id]);
  return run;
}

export function newestRuns(): Promise<InvitationRun[]> {
  return read<InvitationRun & Record<string, unknown>>('invitation-runs', `${select} order by r.id desc limit 10`);
}

const select = `select r.id, u.name as "staffName", r.total, r.created_at as "createdAt", r.ended_at as "endedAt",
    (select count(*)::int from app.invitation_targets g where (g.tenant_id, g.run_id) = (r.tenant_id, r.id) and g.state = 'sent') as sent,
    (select count(*)::int from app.invitation_targets g where (g.tenant_id, g.run_id) = (r.tenant_id, r.id) and g.state = 'left_out') as "leftOut"
  from app.invitation_runs r join app.staff_users u on (u.tenant_id, u.id) = (r.tenant_id, r.staff_id)`;

/**
 * Mails one person after the other, each in a transaction of its own that marks and queues together: whenever this is cut short,
 * and however many do it at once, nobody is mailed twice and nobody left out.
 */
export async function inviteMany(outside: Outside, { tenantId = '', runId = '' }: JobPayload): Promise<void> {
  const tenant = await demandTenant(tenantId);
  for (;;) if (!(await withTenant(tenantId, () => inviteNext({ outside, tenant }, runId)))) break;
  await withTenant(tenantId, () =>
    read('end-invitations', `update app.invitation_runs set ended_at = now() where id = $1 and ended_at is null and not exists (select from app.invitation_targets where run_id = $1 and state = 'waiting')`, [runId]));
}

async function inviteNext(sender: Parameters<typeof sendLetter>[0], runId: string): Promise<boolean> {
  const [next] = await read<{ contactId: string; staffId: string } & Letter>(
    'next-invitation',
    `with next as (select contact_id from app.invitation_targets where run_id = $1 and state = 'waiting' order by contact_id limit 1 for update skip locked),
          beat as (update app.invitation_runs set beat_at = now() where id = $1 and beat_at < now() - interval '5 seconds')
     select n.contact_id as "contactId", r.staff_id as "staffId", r.subject, r.body from next n, app.invitation_runs r where r.id = $1`,
    [runId],
  );
  if (!next) return false;
  const person = await findPerson(next.contactId);
  const isDue = person !== undefined && !person.hasPassword;
  await read('mark-invitation', 'update app.invitation_targets set state = $3 where run_id = $1 and contact_id = $2', [runId, next.contactId, isDue ? 'sent' : 'left_out']);
  if (isDue) {
    await sendLetter(sender, person, next);
    await recordPortalLog({ kind: 'invitation-sent', message: `Portal invitation sent to ${person.email}`, contactId: person.contactId, staffId: next.staffId });
  }
  return true;
}

/** Goes on with the runs whose process has gone. */
export async function resumeRuns(): Promise<void> {
  for (const { id } of await listTenants()) {
    await withTenant(id, async () => {
      const silent = await read<{ id: string }>('silent-invitations', `select id from app.invitation_runs where ended_at is null and beat_at < now() - interval '2 minutes'`);
      for (const { id: runId } of silent) await enqueue('invite-many', { tenantId: id, runId }, { key: `invite ${runId}` });
    });
  }
}
