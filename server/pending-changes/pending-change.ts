import { read } from '../platform/database.ts';
import { makeTask } from '../staff-tasks/staff-task.ts';

export type What = 'name' | 'phones' | 'address';
export type Wanted = Readonly<Record<string, string>>;

export interface PendingChange {
  readonly id: string;
  readonly accountId: string;
  readonly contactId: string;
  readonly what: What;
  readonly wanted: Wanted;
  readonly createdAt: Date;
  readonly decision: 'approved' | 'refused' | 'replaced' | null;
  readonly accountNumber: string;
  /** The language of whoever asked. */
  readonly locale: string | null;
}

/** Takes the place of what the contact wanted before of the same kind, and makes the task that asks staff. */
export async function propose(who: { readonly accountId: string; readonly contactId: string }, what: What, wanted: Wanted): Promise<void> {
  await read('lock-contact', 'select id from app.contacts where id = $1 for no key update', [who.contactId]);
  const [old] = await read<{ id: string }>('replace-pending-change', `update app.pending_changes set decision = 'replaced', decided_at = now() where contact_id = $1 and what = $2 and decided_at is null returning id`, [who.contactId, what]);
  if (old) await endTask(old.id, null);
  const [made] = await read<{ id: string }>('propose-change', 'insert into app.pending_changes (account_id, contact_id, what, wanted) values ($1, $2, $3, $4) returning id', [who.accountId, who.contactId, what, wanted]);
  await makeTask({ kind: 'profile_change', ...who, source: made?.id ?? '', details: { changeId: made?.id ?? '' } });
}

export async function findPending(id: string): Promise<PendingChange | undefined> {
  const [row] = await read<PendingChange & Record<string, unknown>>('pending-change', `${select} where p.id = $1`, [id]);
  return row;
}

/** What of a contact waits for staff. */
export function listPending(contactId: string): Promise<PendingChange[]> {
  return read<PendingChange & Record<string, unknown>>('pending-changes', `${select} where p.contact_id = $1 and p.decided_at is null order by p.id`, [contactId]);
}

/** Of several members of staff one decides. False: somebody has, or the person wants something else by now. */
export async function decide(id: string, decision: 'approved' | 'refused', staffId: string): Promise<boolean> {
  const decided = await read('decide-change', 'update app.pending_changes set decision = $2, decided_at = now(), decided_by = $3 where id = $1 and decided_at is null returning id', [id, decision, staffId]);
  if (decided.length) await endTask(id, staffId);
  return decided.length === 1;
}

async function endTask(id: string, staffId: string | null): Promise<void> {
  await read('end-change-task', `update app.staff_tasks set done_at = now(), done_by = $2 where kind = 'profile_change' and source = $1 and done_at is null`, [id, staffId]);
}

const select = `select p.id, p.account_id as "accountId", p.contact_id as "contactId", p.what, p.wanted, p.created_at as "createdAt", p.decision, a.number as "accountNumber", l.locale
  from app.pending_changes p join app.accounts a on (a.tenant_id, a.id) = (p.tenant_id, p.account_id)
  left join app.contacts c on (c.tenant_id, c.id) = (p.tenant_id, p.contact_id) left join app.logins l on (l.tenant_id, l.id) = (c.tenant_id, c.login_ref)`;
