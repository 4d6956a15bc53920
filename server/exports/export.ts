import { read, run } from '../platform/database.ts';
import { enqueue } from '../platform/queue.ts';

/** What is made in the background, and by which job: 'export-<noun>'. */
export type ExportNoun = 'history-csv' | 'history-pdf' | 'statement-pdf' | 'invoices-csv' | 'payments-csv' | 'portal-log-csv' | 'messages-csv';

/** A file that is too long to wait for: made by a job, downloaded by whoever asked for it alone. */
export interface Export {
  readonly id: string;
  readonly noun: ExportNoun;
  readonly accountId: string | null;
  /** What was asked for in the address of the page. */
  readonly query: Readonly<Record<string, string>>;
  readonly locale: string | null;
  readonly state: 'waiting' | 'ready' | 'expired';
  readonly rowsDone: number;
  /** 0: not known yet. */
  readonly rowsTotal: number;
  readonly expiresAt: Date | null;
  readonly storedAs: string | null;
  readonly fileName: string | null;
  readonly fileType: string | null;
}

/** Exactly one of them. */
export type Asker = { readonly loginRef: string; readonly staffId?: undefined } | { readonly staffId: string; readonly loginRef?: undefined };

export interface AskedFile {
  readonly noun: ExportNoun;
  readonly accountId: string | null;
  readonly query: Readonly<Record<string, string>>;
  readonly locale: string | null;
}

/** In the current transaction: the file is begun once that has committed. Returns the export's id. The same file that is being made already is not made twice. */
export async function askForFile(tenantId: string, { loginRef = null, staffId = null }: { loginRef?: string | null; staffId?: string | null }, asked: AskedFile): Promise<string> {
  const values = [asked.noun, asked.accountId, loginRef, staffId, JSON.stringify(asked.query), asked.locale];
  const [underWay] = await run<{ id: string }>(
    `select id from app.exports where noun = $1 and account_id is not distinct from $2 and (login_ref = $3 or staff_id = $4) and filter = $5::jsonb
        and locale is not distinct from $6 and ready_at is null and created_at > now() - interval '1 day' limit 1`, values);
  if (underWay) return underWay.id;
  const [made] = await run<{ id: string }>('insert into app.exports (noun, account_id, login_ref, staff_id, filter, locale) values ($1, $2, $3, $4, $5, $6) returning id', values);
  if (!made) throw new Error('the export was not written down');
  await enqueue(`export-${asked.noun}`, { tenantId, exportId: made.id });
  return made.id;
}

/** Somebody else's export is none; nor is one of an account that this person has lost. */
export async function findExport({ loginRef, staffId }: Asker, id: string): Promise<Export | undefined> {
  const [found] = await read<Export & Record<string, unknown>>('export', `${select} where (e.login_ref = $1 or e.staff_id = $2) and e.id = $3 and e.noun <> 'usages'`, [loginRef ?? null, staffId ?? null, id]);
  return found;
}

/** For the job, which speaks for nobody: undefined when it is made already. */
export async function findWaiting(id: string): Promise<Export | undefined> {
  const [found] = await run<Export & Record<string, unknown>>(`${select} where e.id = $1 and e.ready_at is null`, [id]);
  return found;
}

/** What was not made within a day will not be: it can be asked for again, like one whose time is over. */
const select = `select e.id, e.noun, e.account_id as "accountId", e.filter as query, e.locale, e.rows_done as "rowsDone", e.rows_total as "rowsTotal", e.expires_at as "expiresAt",
    f.stored_as as "storedAs", f.name as "fileName", f.type as "fileType",
    case when coalesce(e.expires_at, e.created_at + interval '1 day') <= now() then 'expired' when e.ready_at is null then 'waiting' else 'ready' end as state
  from app.exports e left join app.files f on (f.tenant_id, f.id) = (e.tenant_id, e.file_id)`;
