import { run } from '../platform/database.ts';
import { enqueue } from '../platform/queue.ts';
import type { UsageFilter } from '../usages/usage.ts';

/** One Excel file that somebody has asked for: made by a job, downloaded by the same login alone. */
export interface UsageExport {
  readonly id: string;
  readonly accountId: string;
  readonly loginRef: string;
  /** The login's own address, as it was when the file was asked for. */
  readonly email: string;
  readonly columns: readonly string[];
  readonly filter: UsageFilter;
  readonly most: number;
  readonly state: 'waiting' | 'ready' | 'expired';
  readonly storedAs: string | null;
  readonly fileName: string | null;
}

export type AskedExport = Pick<UsageExport, 'accountId' | 'loginRef' | 'email' | 'columns' | 'filter' | 'most'>;

/** In the current transaction: the file is begun once that has committed. */
export async function askForExport(tenantId: string, asked: AskedExport): Promise<void> {
  const [row] = await run<{ id: string }>(
    'insert into app.exports (account_id, login_ref, email, columns, filter, most) values ($1, $2, $3, $4, $5, $6) returning id',
    [asked.accountId, asked.loginRef, asked.email, asked.columns, JSON.stringify(asked.filter), asked.most],
  );
  await enqueue('export-usages', { tenantId, exportId: row?.id ?? '' });
}

/** Another login's export is none; nor is one of an account that this person has lost. */
export async function findExport(loginRef: string, id: string): Promise<UsageExport | undefined> {
  const [found] = await run<UsageExport & Record<string, unknown>>(`${select} where e.login_ref = $1 and e.id = $2 and e.noun = 'usages'`, [loginRef, id]);
  return found;
}

/** For the job, which speaks for nobody: undefined when it is made already. */
export async function findWaiting(id: string): Promise<UsageExport | undefined> {
  const [found] = await run<UsageExport & Record<string, unknown>>(`${select} where e.id = $1 and e.ready_at is null and e.noun = 'usages'`, [id]);
  return found;
}

/** What was not made within a day will not be: it can be asked for again, like one whose time is over. */
const select = `select e.id, e.account_id as "accountId", e.login_ref as "loginRef", e.email, e.columns, e.filter, e.most, f.stored_as as "storedAs", f.name as "fileName",
    case when coalesce(e.expires_at, e.created_at + interval '1 day') <= now() then 'expired' when e.ready_at is null then 'waiting' else 'ready' end as state
  from app.exports e left join app.files f on (f.tenant_id, f.id) = (e.tenant_id, e.file_id)`;
