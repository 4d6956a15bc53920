import { mkdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Logger } from 'pino';
import { carryOut, folderOfRun, type RunJob } from './run-import.ts';
import { endLostRuns } from './runs.ts';

/** Takes over an uploaded file and loads it while its request is answered. Nobody waits for it: the run's record says what becomes of it. */
export async function startInBackground(job: RunJob, id: string, log: Logger): Promise<void> {
  const file = path.join(folderOfRun(id), 'upload.csv');
  await mkdir(folderOfRun(id), { recursive: true, mode: 0o700 });
  await rename(job.file, file);
  void carryOut({ ...job, file }, id).catch((error: unknown) => log.error({ err: error, run: id }, 'an import was stopped by a fault'));
}

/** Runs in a transaction: writes down which runs have lost their process, and takes away the files that it could not. */
export async function forgetLost(): Promise<void> {
  for (const id of await endLostRuns()) await rm(folderOfRun(id), { recursive: true, force: true });
}
