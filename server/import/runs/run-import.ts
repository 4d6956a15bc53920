import { mkdir, rm, stat } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { withTenant } from '../../tenancy/tenant-transaction.ts';
import type { ImportJob, Progress } from '../import-file.ts';
import { RowsRefused } from '../row-errors.ts';
import { beginRun, failRun, findRun, finishRun, refuseRun, reportRun, type ImportRun } from './runs.ts';

export type RunJob = Omit<ImportJob, 'folder'>;

/** Records a run and carries it out. Returns it as it ended: done or refused. Throws what is not the rows' fault, after recording that. */
export async function runImport(job: RunJob, fileName: string, onSecond: (progress: Progress & { total: number }) => void = () => undefined): Promise<ImportRun> {
  const { size: total } = await stat(job.file);
  const id = await withTenant(job.tenantId, () => beginRun({ noun: job.noun, fileName, bytesTotal: total }));
  return carryOut(job, id, (progress) => onSecond({ ...progress, total }));
}

/** Where a run keeps its files. The name is known, so that they can be taken away even after its process has been killed. */
export function folderOfRun(id: string): string {
  return path.join(os.tmpdir(), `portico-import-${id}`);
}

/** Carries out a run that is recorded already. While it works it says every second how far it is, on a connection of its own. */
export async function carryOut(job: RunJob, id: string, onSecond: (progress: Progress) => void = () => undefined): Promise<ImportRun> {
  const progress: Progress = { phase: 'checking', rows: 0, bytes: 0 };
  const folder = folderOfRun(id);
  const inTenant = <T>(work: () => Promise<T>) => withTenant(job.tenantId, work);
  const stopReporting = everySecond(() => {
    onSecond(progress);
    return inTenant(() => reportRun(id, progress));
  });
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const { importFile } = await import('../import-file.ts');
    await importFile({ ...job, folder }, progress, async (counts, rows) => {
      await stopReporting();
      await finishRun(id, counts, rows);
    });
  } catch (error) {
    await stopReporting();
    if (!(error instanceof RowsRefused)) {
      // Without a database the run falls silent, which says the same a little later.
      await inTenant(() => failRun(id, 'failed')).catch(() => undefined);
      throw error;
    }
    await inTenant(() => refuseRun(id, progress.rows, error.errors));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  const run = await inTenant(() => findRun(id));
  if (!run) throw new Error(`import run ${id} has gone`);
  return run;
}

/** Returns what stops it, once the last call has ended. A call that fails is made up for by the next one. */
function everySecond(work: () => Promise<void>): () => Promise<void> {
  let last: Promise<void> = Promise.resolve();
  const timer = setInterval(() => {
    last = last.then(work).catch(() => undefined);
  }, 1000);
  return () => {
    clearInterval(timer);
    return last;
  };
}
