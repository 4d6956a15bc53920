import { createReadStream, createWriteStream } from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Client } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { asAdmin, inCopy, type Places } from './places.ts';
import { startWorker, type Work } from './worker.ts';

export interface ImportTurn {
  readonly work: Work;
  /** Seconds that COPY takes for the file's rows, into a table without an index. */
  readonly bareCopy: number;
  /** For the invoices alone, and for all rows that the import has written: into tables with the same columns, checks and indexes. */
  readonly invoicesCopy: number;
  readonly fullCopy: number;
}

/** An import of that many invoices for the accounts of one organization, and PostgreSQL's own way of taking the same rows. */
export async function importTurn(places: Places, slug: string, rows: number): Promise<ImportTurn> {
  const file = await writeInvoices(places, rows);
  const copy = await inCopy(places);
  const worker = await startWorker(copy, {});
  try {
    const work = await worker.carryOut({ slug, work: 'import', file });
    return { work, ...(await asAdmin(copy.adminUrl, async (client) => ({ bareCopy: await timeBareCopy(client, file), ...(await timeFullCopies(client)) }))) };
  } finally {
    worker.stop();
    await copy.stop();
  }
}

/** Dear old invoices of all accounts in turn. */
export async function writeInvoices(places: Places, rows: number, prefix = 'inv'): Promise<string> {
  const file = path.join(places.folder, `invoices-${prefix}-${rows}.csv`);
  const two = (value: number) => String(value).padStart(2, '0');
  const line = (at: number) => `${prefix}-${at},acc-${1 + (at % 1_000)},2025-${two(1 + (at % 10))}-${two(1 + (at % 28))},,${1 + (at % 500)}.50,sent,"Season ${at}, north side"\n`;
  await pipeline(Readable.from(Array.from({ length: rows + 1 }, (_, at) => (at ? line(at) : 'external_id,account,issued_on,due_on,total,status,memo\n'))), createWriteStream(file));
  return file;
}

async function timeBareCopy(client: Client, file: string): Promise<number> {
  await client.query('create table bare (external_id text, account text, issued_on date, due_on date, total numeric, status text, memo text)');
  return timed(() => pipeline(createReadStream(file), client.query(copyFrom('copy bare from stdin with (format csv, header)'))));
}

/** In the order in which the import writes them. */
async function timeFullCopies(client: Client): Promise<{ invoicesCopy: number; fullCopy: number }> {
  const seconds: number[] = [];
  const imported = `select id from app.invoices where external_id like 'inv-%'`;
  const journals = `select id from app.journals where kind = 'invoice' and source_id in (${imported})`;
  const written = { invoices: `id in (${imported})`, journals: `id in (${journals})`, ledger_entries: `journal_id in (${journals})`, ledger_days: `posted_on < '2026-01-01'`, ledger_months: `month < '2026-01-01'` };
  const { rows: [place] } = await client.query<{ data_directory: string }>('show data_directory');
  for (const [table, condition] of Object.entries(written)) {
    const file = `${place?.data_directory}/${table}.copy`;
    const { rows: [of] } = await client.query<{ columns: string }>(`select string_agg(attname, ', ' order by attnum) as columns from pg_attribute where attrelid = 'app.${table}'::regclass and attnum > 0 and attgenerated = '' and not attisdropped`);
    await client.query(`copy (select ${of?.columns} from app.${table} where ${condition}) to '${file}'`);
    await client.query(`create table copied_${table} (like app.${table} including all)`);
    seconds.push(await timed(() => client.query(`copy copied_${table} (${of?.columns}) from '${file}'`)));
  }
  return { invoicesCopy: seconds[0] ?? 0, fullCopy: seconds.reduce((sum, one) => sum + one, 0) };
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return (performance.now() - began) / 1000;
}
