import path from 'node:path';
import { drawAbove, drawNumbers, numberPrefixes, type Numbered } from '../ledger/numbers.ts';
import type { Site } from '../site/site.ts';
import { withTenant } from '../tenancy/tenant-transaction.ts';
import type { NounName } from './columns.ts';
import { accountsLoader } from './nouns/accounts.ts';
import { contactsLoader } from './nouns/contacts.ts';
import { creditsLoader } from './nouns/credits.ts';
import { invoiceLinesLoader } from './nouns/invoice-lines.ts';
import { invoicesLoader } from './nouns/invoices.ts';
import type { Counts, Loader, Plan } from './nouns/loader.ts';
import { paymentsLoader } from './nouns/payments.ts';
import { usagesLoader } from './nouns/usages.ts';
import { visitsLoader } from './nouns/visits.ts';
import { checkFile, type CheckedFile } from './reading/check-file.ts';
import { RowsRefused } from './row-errors.ts';
import { runChecks, slowly, stageRows } from './staging.ts';

export interface ImportJob {
  readonly tenantId: string;
  readonly site: Site;
  readonly noun: NounName;
  readonly file: string;
  /** Where it may put down what it works with. */
  readonly folder: string;
}

/** How far a run has come; looked at from outside while it works. */
export interface Progress {
  phase: 'checking' | 'writing';
  rows: number;
  bytes: number;
}

const loaders: Readonly<Record<NounName, Loader>> = {
  accounts: accountsLoader, contacts: contactsLoader, invoices: invoicesLoader,
  invoice_lines: invoiceLinesLoader, payments: paymentsLoader, credits: creditsLoader, usages: usagesLoader, visits: visitsLoader,
};

/**
 * Loads one file, all of it or nothing; throws RowsRefused. Each row is checked by itself with no transaction open. Then a first
 * transaction compares the rows with what is there and counts the numbers to draw, which are drawn in one of their own, and a last
 * short one compares again and writes. `finish` runs in that one.
 *
 * What others wait for: the last transaction inserts, so accounts that it does not name go on as ever. A payment of an account that the
 * file names waits for its commit only where both move the same money: payments and credits lock the accounts that get new rows,
 * invoices only the ledger's sums of the months that they are posted in. That is as long as the writing of the whole file at the most.
 */
export async function importFile(job: ImportJob, progress: Progress, finish: (counts: Counts, rows: number) => Promise<void>): Promise<void> {
  const spool = path.join(job.folder, 'rows');
  const checked = await checkFile(job, spool, (rows, bytes) => Object.assign(progress, { rows, bytes }));
  if (checked.errors.count) throw new RowsRefused(checked.errors);
  const wanted = await withTenant(job.tenantId, () => compare(job, checked, spool));
  const firstNumber = await withTenant(job.tenantId, () => reserveNumbers(wanted));
  progress.phase = 'writing';
  await withTenant(job.tenantId, () => write(job, { given: checked.given, site: job.site, firstNumber }, spool, (counts) => finish(counts, checked.rows)));
}

interface WantedNumbers {
  readonly kind: Numbered | undefined;
  readonly howMany: number;
  readonly highest: number;
}

async function compare({ noun, site }: ImportJob, { given }: CheckedFile, spool: string): Promise<WantedNumbers> {
  const loader = loaders[noun];
  await stageRows(noun, spool);
  await check(loader, { given, site, firstNumber: 0 });
  const kind = loader.numbered;
  if (!kind) return { kind, howMany: 0, highest: 0 };
  // Given numbers that look like ours are never drawn again.
  const [row] = await slowly<Omit<WantedNumbers, 'kind'>>(
    `select count(*) filter (where number is null) as "howMany", coalesce(max(substring(number from '^${numberPrefixes[kind]}(\\d{1,9})$')::bigint), 0) as highest
       from import_rows r where not exists (select from app.${kind} t where t.external_id = r.external_id and r.number is null)`,
  );
  return { kind, howMany: row?.howMany ?? 0, highest: row?.highest ?? 0 };
}

/** As one block, in a transaction of its own: the counter is free again before the long work begins. */
async function reserveNumbers({ kind, howMany, highest }: WantedNumbers): Promise<number> {
  if (kind && highest) await drawAbove(kind, highest);
  return kind && howMany ? drawNumbers(kind, howMany) : 0;
}

async function write({ noun }: ImportJob, plan: Plan, spool: string, finish: (counts: Counts) => Promise<void>): Promise<void> {
  const loader = loaders[noun];
  await stageRows(noun, spool);
  if (loader.lock) await slowly(loader.lock);
  await check(loader, plan);
  const counts = await loader.write(plan);
  // What is checked at the commit is checked now: the commit itself has five seconds.
  await slowly('set constraints all immediate');
  await finish(counts);
}

async function check(loader: Loader, plan: Plan): Promise<void> {
  for (const { text, values } of loader.prepare ?? []) await slowly(text, values);
  await runChecks(loader.checks(plan));
}
