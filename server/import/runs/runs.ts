import { read } from '../../platform/database.ts';
import type { NounName } from '../columns.ts';
import type { Counts } from '../nouns/loader.ts';
import type { ErrorList, RowError } from '../row-errors.ts';

export type RunStatus = 'checking' | 'writing' | 'done' | 'refused' | 'failed';

/** One file that was given to the importer, and what became of it. */
export interface ImportRun {
  readonly id: string;
  readonly staffName: string;
  readonly noun: NounName;
  readonly fileName: string;
  readonly status: RunStatus;
  readonly rowsSeen: number;
  readonly bytesSeen: number;
  readonly bytesTotal: number;
  readonly created: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly errors: readonly RowError[];
  readonly errorCount: number;
  readonly createdAt: Date;
  readonly endedAt: Date | null;
}

export interface NewRun {
  readonly noun: NounName;
  readonly fileName: string;
  readonly bytesTotal: number;
  readonly staff?: { readonly staffId: string; readonly name: string } | undefined;
}

/** Every second a run says that it lives. After this long without a word its process has gone. */
const silentSeconds = 20;
const isSilent = `status in ('waiting', 'checking', 'writing') and beat_at < now() - interval '${silentSeconds} seconds'`;
const lost = JSON.stringify([{ line: 0, column: '', key: 'lost', values: {} }]);

const summary = `id, staff_name as "staffName", noun, file_name as "fileName", case when ${isSilent} then 'failed' else status end as status,
  rows_seen as "rowsSeen", bytes_seen as "bytesSeen", bytes_total as "bytesTotal", created, updated, unchanged, error_count as "errorCount",
  created_at as "createdAt", ended_at as "endedAt"`;

export async function beginRun({ noun, fileName, bytesTotal, staff }: NewRun): Promise<string> {
  const [row] = await read<{ id: string }>(
    'begin-import',
    `insert into app.import_runs (noun, file_name, bytes_total, staff_id, staff_name, status) values ($1, $2, $3, $4, $5, 'checking') returning id`,
    [noun, fileName.slice(0, 200), bytesTotal, staff?.staffId ?? null, staff?.name ?? ''],
  );
  return row?.id ?? '';
}

export async function reportRun(id: string, { phase, rows, bytes }: { phase: 'checking' | 'writing'; rows: number; bytes: number }): Promise<void> {
  await read('report-import', `update app.import_runs set status = $2, rows_seen = $3, bytes_seen = $4, beat_at = now() where id = $1 and ended_at is null`, [id, phase, rows, bytes]);
}

/** In the transaction that writes the rows: either both are there or neither. */
export async function finishRun(id: string, { created, updated }: Counts, rows: number): Promise<void> {
  await read(
    'finish-import',
    `update app.import_runs set status = 'done', rows_seen = $2, bytes_seen = bytes_total, created = $3, updated = $4, unchanged = $5, ended_at = now() where id = $1`,
    [id, rows, created, updated, rows - created - updated],
  );
}

export async function refuseRun(id: string, rows: number, errors: ErrorList): Promise<void> {
  await read(
    'refuse-import',
    `update app.import_runs set status = 'refused', rows_seen = $2, errors = $3, error_count = $4, ended_at = now() where id = $1 and ended_at is null`,
    [id, rows, JSON.stringify(errors.first), errors.count],
  );
}

/** Something else than the rows went wrong; nothing of them was kept. */
export async function failRun(id: string, key: string): Promise<void> {
  await read(
    'fail-import',
    `update app.import_runs set status = 'failed', errors = $2, error_count = 1, ended_at = now() where id = $1 and ended_at is null`,
    [id, JSON.stringify([{ line: 0, column: '', key, values: {} }])],
  );
}

/** Marks the runs whose process has gone and returns their ids: what they had not committed is not there. */
export async function endLostRuns(): Promise<string[]> {
  const text = `update app.import_runs set status = 'failed', errors = $1, error_count = 1, ended_at = now() where ${isSilent} returning id`;
  return (await read<{ id: string }>('end-lost-imports', text, [lost])).map(({ id }) => id);
}

export async function hasLostRuns(): Promise<boolean> {
  const [row] = await read<{ found: boolean }>('lost-imports', `select exists (select from app.import_runs where ${isSilent}) as found`);
  return row?.found ?? false;
}

export async function isImporting(): Promise<boolean> {
  const [row] = await read<{ found: boolean }>('importing', `select exists (select from app.import_runs where status in ('waiting', 'checking', 'writing') and not (${isSilent})) as found`);
  return row?.found ?? false;
}

export async function findRun(id: string): Promise<ImportRun | undefined> {
  const [run] = await read<ImportRun & Record<string, unknown>>('import-run', `select ${summary}, case when ${isSilent} then $2::jsonb else errors end as errors from app.import_runs where id = $1`, [id, lost]);
  return run;
}

/** Newest first, after the given run where there is one. */
export async function listRuns(after: string | undefined, pageSize = 25): Promise<{ runs: ImportRun[]; next: string }> {
  const text = `select ${summary}, '[]'::jsonb as errors from app.import_runs
    where $1::uuid is null or (created_at, id) < (select created_at, id from app.import_runs where id = $1) order by created_at desc, id desc limit $2`;
  const runs = await read<ImportRun & Record<string, unknown>>('import-runs', text, [after ?? null, pageSize + 1]);
  const next = runs.length > pageSize ? (runs[pageSize - 1]?.id ?? '') : '';
  return { runs: runs.slice(0, pageSize), next };
}
