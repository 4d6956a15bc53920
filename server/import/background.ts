import { rename, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Logger } from 'pino';
import type { ImportJob } from './import-file.ts';
import { carryOut } from './run-import.ts';
import { endLostRuns } from './runs.ts';

/** Takes over an uploaded file and loads it while its request is answered. Nobody waits for it: the run's record says what becomes of it. */
export async function startInBackground(job: ImportJob, id: string, log: Logger): Promise<void> {
  const kept = keptFile(id);
  await rename(job.file, kept);
  void carryOut({ ...job, file: kept }, id)
    .catch((error: unknown) => log.error({ err: error, run: id }, 'an import was stopped by a fault'))
    .finally(() => rm(kept, { force: true }));
}

/** Runs in a transaction: writes down which runs have lost their process, and takes away what it could not. */
export async function forgetLost(): Promise<void> {
  for (const id of await endLostRuns()) await rm(keptFile(id), { force: true });
}

/** One name for a run's file, so that it can be found again after the process has gone. */
function keptFile(id: string): string {
  return path.join(os.tmpdir(), `portico-import-${id}.csv`);
}
