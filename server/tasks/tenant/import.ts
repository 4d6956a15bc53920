import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { StartError } from '../../config.ts';
import { fileNameOf, nounNames, type NounName } from '../../import/columns.ts';
import { sentence } from '../../import/row-errors.ts';
import { runImport } from '../../import/runs/run-import.ts';
import type { ImportRun } from '../../import/runs/runs.ts';
import { formatsFor } from '../../platform/formats.ts';
import { say } from '../../platform/program.ts';
import { findTenant, type Tenant } from '../../tenancy/tenant.ts';
import { noSuchTenant } from './status.ts';

/** Loads the CSV files of a folder, each whole or not at all, in the order in which they refer to each other; stops at the first that is refused. */
export async function importFolder(slug: string, folder: string): Promise<void> {
  const tenant = await findTenant(slug);
  if (!tenant) throw noSuchTenant(slug);
  for (const noun of filesIn(folder)) {
    const began = Date.now();
    const run = await importOne(tenant, noun, path.join(folder, fileNameOf(noun)));
    if (run.status !== 'done') throw refused(run, tenant);
    const { created, updated, unchanged } = run;
    sayOver(`${fileNameOf(noun)}: ${figures(run.rowsSeen)} rows in ${((Date.now() - began) / 1000).toFixed(1)} s: ${figures(created)} added, ${figures(updated)} changed, ${figures(unchanged)} as before\n`);
  }
}

function filesIn(folder: string): NounName[] {
  if (!existsSync(folder) || !statSync(folder).isDirectory()) throw new StartError(`There is no folder ${folder}.`);
  const found = nounNames.filter((noun) => existsSync(path.join(folder, fileNameOf(noun))));
  if (!found.length) throw new StartError(`${folder} has none of ${nounNames.map(fileNameOf).join(', ')}: docs/import.md describes them.`);
  const others = readdirSync(folder).filter((name) => name.endsWith('.csv') && !nounNames.some((noun) => fileNameOf(noun) === name));
  if (others.length) say(`Not read, because they have another name: ${others.join(', ')}.`);
  return found;
}

function importOne({ id, site }: Tenant, noun: NounName, file: string): Promise<ImportRun> {
  return runImport({ tenantId: id, site, noun, file }, fileNameOf(noun), ({ phase, rows, bytes, total }) => {
    const done = phase === 'writing' ? 'writing' : `checking, ${Math.floor((100 * bytes) / (total || 1))} %`;
    if (process.stdout.isTTY) sayOver(`${fileNameOf(noun)}: ${figures(rows)} rows, ${done}`);
  });
}

function refused(run: ImportRun, { site }: Tenant): StartError {
  const t = site.translate('en');
  const name = fileNameOf(run.noun);
  sayOver('');
  for (const error of run.errors) {
    const place = [error.line ? `${name}:${error.line}` : name, error.column && `column ${error.column}`].filter(Boolean).join(' ');
    say(`${place}: ${sentence(error, t)}`, process.stderr);
  }
  if (run.errorCount > run.errors.length) say(`… and ${figures(run.errorCount - run.errors.length)} more`, process.stderr);
  return new StartError(`${name} was not imported (${run.errorCount === 1 ? '1 error' : `${figures(run.errorCount)} errors`}), and no file after it was read.`);
}

const figures = (value: number) => formatsFor('en-US', 'USD', 'UTC').number(value);

/** Writes over the line that is there, where somebody watches. */
function sayOver(line: string): void {
  process.stdout.write(process.stdout.isTTY ? `\r\u001b[K${line}` : line);
}
