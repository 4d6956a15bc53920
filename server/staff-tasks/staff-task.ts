import { read } from '../platform/database.ts';

export type TaskKind = 'card_payment' | 'returned' | 'disputed' | 'refund' | 'reschedule' | 'test_contact' | 'not_me' | 'profile_change';

/** Something that waits for staff. */
export interface NewTask {
  readonly kind: TaskKind;
  readonly accountId: string;
  readonly contactId?: string | null | undefined;
  /** What it is about: the same kind and source are one task, however often they come. */
  readonly source: string;
  readonly details?: TaskDetails;
}

export interface TaskDetails {
  readonly amountCents?: number;
  readonly currency?: string;
  readonly payment?: string;
  readonly contactId?: string;
  readonly visit?: string;
  readonly message?: string;
  readonly changeId?: string;
}

/** Returns whether it is new. */
export async function makeTask({ kind, accountId, contactId, source, details = {} }: NewTask): Promise<boolean> {
  const made = await read(
    'make-task',
    `insert into app.staff_tasks (kind, account_id, contact_id, source, details) values ($1, $2, $3, $4, $5)
     on conflict (tenant_id, kind, source) do nothing returning id`,
    [kind, accountId, contactId ?? null, source, JSON.stringify(details)],
  );
  return made.length === 1;
}

export interface TaskRow {
  readonly id: string;
  readonly kind: TaskKind;
  readonly details: TaskDetails;
  readonly createdAt: string;
  readonly doneAt: string | null;
  readonly doneBy: string | null;
  readonly assignedTo: string | null;
  readonly assignee: string | null;
  readonly accountNumber: string;
  readonly accountName: string;
  readonly contactName: string | null;
}

const pageSize = 50;

/** One page: the open ones oldest last, so that what came in now is seen first. `after` is the id of the last row of the page before it. */
export async function listTasks(filter: { readonly done: boolean; readonly mine: string | null }, after: string | undefined): Promise<{ rows: TaskRow[]; next: string }> {
  const rows = await read<TaskRow & Record<string, unknown>>(filter.done ? 'tasks-done' : 'tasks-open', listText(filter.done), [filter.mine, after ?? null]);
  const last = rows.length > pageSize ? rows[pageSize - 1] : undefined;
  return { rows: rows.slice(0, pageSize), next: last?.id ?? '' };
}

/** Null takes it from whoever has it. Returns whether it was still open. */
export async function assignTask(id: string, staffId: string | null): Promise<boolean> {
  return (await read('assign-task', 'update app.staff_tasks set assigned_to = $2 where id = $1 and done_at is null returning id', [id, staffId])).length === 1;
}

/** Returns whether it was still open. */
export async function finishTask(id: string, staffId: string): Promise<boolean> {
  return (await read('finish-task', 'update app.staff_tasks set done_at = now(), done_by = $2 where id = $1 and done_at is null returning id', [id, staffId])).length === 1;
}

/** Returns whether it was done. */
export async function reopenTask(id: string): Promise<boolean> {
  return (await read('reopen-task', 'update app.staff_tasks set done_at = null, done_by = null where id = $1 and done_at is not null returning id', [id])).length === 1;
}

const listText = (done: boolean) => `select t.id, t.kind, t.details, t.created_at as "createdAt", t.done_at as "doneAt", d.name as "doneBy",
         t.assigned_to as "assignedTo", u.name as assignee, a.number as "accountNumber", a.name as "accountName", nullif(concat_ws(' ', c.first_name, c.last_name), '') as "contactName"
    from app.staff_tasks t join app.accounts a on (a.tenant_id, a.id) = (t.tenant_id, t.account_id)
    left join app.staff_users u on (u.tenant_id, u.id) = (t.tenant_id, t.assigned_to) left join app.staff_users d on (d.tenant_id, d.id) = (t.tenant_id, t.done_by)
    left join app.contacts c on (c.tenant_id, c.id) = (t.tenant_id, t.contact_id)
   where t.done_at is ${done ? 'not null' : 'null'} and ($1::uuid is null or t.assigned_to = $1) and ($2::uuid is null or t.id < $2)
   order by t.id desc limit ${pageSize + 1}`;
