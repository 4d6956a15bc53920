import { stat } from 'node:fs/promises';
import { withTenant } from '../tenancy/tenant-transaction.ts';
import { importFile, type ImportJob, type Progress } from './import-file.ts';
import { RowsRefused } from './row-errors.ts';
import { beginRun, failRun, findRun, finishRun, refuseRun, reportRun, type ImportRun, type NewRun } from './runs.ts';

/** Records a run and carries it out. Returns it as it ended: done or refused. Throws what is not the rows' fault, after recording that. */
export async function runImport(job: ImportJob, fileName: string, onSecond: (run: Progress & { total: number }) => void = () => undefined): Promise<ImportRun> {
  const { size } = await stat(job.file);
  const id = await recordRun(job, { noun: job.noun, fileName, bytesTotal: size });
  return carryOut(job, id, (progress) => onSecond({ ...progress, total: size }));
}

export function recordRun({ tenantId }: ImportJob, run: NewRun): Promise<string> {
  return withTenant(tenantId, () => beginRun(run));
}

/** Carries out a run that is recorded already. While it works it says every second how far it is, on a connection of its own. */
export async function carryOut(job: ImportJob, id: string, onSecond: (progress: Progress) => void = () => undefined): Promise<ImportRun> {
  const progress: Progress = { phase: 'checking', rows: 0, bytes: 0 };
  const inTenant = <T>(work: () => Promise<T>) => withTenant(job.tenantId, work);
  let reporting: Promise<void> = Promise.resolve();
  const reporter = setInterval(() => {
    onSecond(progress);
    // A report that fails is made up for by the next one.
    reporting = reporting.then(() => inTenant(() => reportRun(id, progress))).catch(() => undefined);
  }, 1000);
  const stopReporting = async () => {
    clearInterval(reporter);
    await reporting;
  };
  try {
    await importFile(job, progress, async (counts, rows) => {
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
  }
  const run = await inTenant(() => findRun(id));
  if (!run) throw new Error(`import run ${id} has gone`);
  return run;
}
