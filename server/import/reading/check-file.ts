import { stat } from 'node:fs/promises';
import type { Site } from '../../site/site.ts';
import { columns, type Column, type NounName } from '../columns.ts';
import { cellError, ErrorList, type CellError } from '../row-errors.ts';
import { checkRow } from './check-row.ts';
import { BrokenCsv, readCsv, type CsvRecord } from './read-csv.ts';
import { isCurrency, readCell } from './read-cell.ts';
import { SpoolWriter } from './spool-writer.ts';

export interface FileToCheck {
  readonly noun: NounName;
  readonly file: string;
  readonly site: Site;
}

export interface CheckedFile {
  /** The columns that the file has. */
  readonly given: ReadonlySet<string>;
  readonly rows: number;
  readonly errors: ErrorList;
}

export const mostRows = 200_000;
export const mostBytes = 100_000_000;

/** Checks every row by itself and writes the right ones to the spool file, in the format of COPY. No database, and memory for one row at a time. */
export async function checkFile(job: FileToCheck, spool: string, onRow: (rows: number, bytes: number) => void): Promise<CheckedFile> {
  const errors = new ErrorList();
  const checked = { given: new Set<string>(), rows: 0, errors };
  const lines = await SpoolWriter.open(spool);
  try {
    if ((await stat(job.file)).size > mostBytes) errors.add({ line: 0, column: '', ...cellError('file-too-large', { megabytes: mostBytes / 1e6 }) });
    else await readAll();
  } catch (error) {
    if (!(error instanceof BrokenCsv)) throw error;
    errors.add({ line: error.line, column: '', ...cellError(error.key) });
  } finally {
    await lines.close();
  }
  return checked;

  async function readAll(): Promise<void> {
    let header: readonly string[] | undefined;
    for await (const record of readCsv(job.file)) {
      if (!header) {
        header = readHeader(job.noun, record, errors);
        checked.given = new Set(header);
        if (errors.count) return;
        continue;
      }
      checked.rows += 1;
      onRow(checked.rows, record.bytes);
      if (checked.rows > mostRows) return errors.add({ line: record.line, column: '', ...cellError('too-many-rows', { rows: mostRows }) });
      const cells = readRow(job, header, record, errors);
      if (cells) await lines.write([String(record.line), ...cells]);
    }
    if (!header) errors.add({ line: 0, column: '', ...cellError('empty-file') });
  }
}

function readHeader(noun: NounName, { line, cells }: CsvRecord, errors: ErrorList): string[] {
  const names = cells.map((cell) => cell.toLowerCase());
  for (const [index, name] of names.entries()) {
    if (!columns[noun].some((column) => column.name === name)) errors.add({ line, column: cells[index] ?? '', ...cellError('unknown-column', { place: index + 1 }) });
    else if (names.indexOf(name) < index) errors.add({ line, column: name, ...cellError('column-twice') });
  }
  for (const { name, required } of columns[noun]) if (required && !names.includes(name)) errors.add({ line, column: name, ...cellError('column-missing') });
  return names;
}

/** The row's cells in the order of the column list, or undefined when one of them is wrong. */
function readRow({ noun, site }: FileToCheck, header: readonly string[], { line, cells }: CsvRecord, errors: ErrorList): (string | null)[] | undefined {
  const before = errors.count;
  const refuse = (column: string, error: CellError) => errors.add({ line, column, ...error });
  if (cells.length < header.length || cells.slice(header.length).some(Boolean)) {
    refuse('', cellError('cell-count', { found: cells.length, expected: header.length }));
    return undefined;
  }
  const typed = (column: Column) => cells[header.indexOf(column.name)] ?? '';
  const currency = currencyOf(noun, typed, site);
  const read = columns[noun].map((column) => {
    const cell = readCell(column, typed(column), currency);
    // An empty currency is the organization's.
    if ('value' in cell) return [column.name, cell.value ?? (column.type === 'currency' ? site.currency : null)] as const;
    refuse(column.name, cell.error);
    return [column.name, null] as const;
  });
  if (errors.count > before) return undefined;
  const fault = checkRow(noun, Object.fromEntries(read), site);
  if (fault) refuse(...fault);
  return fault ? undefined : read.map(([, value]) => value);
}

/** The currency that the row's amounts are read in: its own, else the organization's; null where it is another row's, as for lines of an invoice. */
function currencyOf(noun: NounName, typed: (column: Column) => string, site: Site): string | null {
  const column = columns[noun].find(({ type }) => type === 'currency');
  if (!column) return null;
  return isCurrency(typed(column)) ? typed(column) : site.currency;
}
