import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { CsvError, parse, type Info } from 'csv-parse';

export interface CsvRecord {
  /** Where an editor shows the beginning of the row. */
  readonly line: number;
  readonly cells: readonly string[];
  /** How much of the file has been read by now. */
  readonly bytes: number;
}

/** The text is no CSV from this line on. */
export class BrokenCsv extends Error {
  readonly line: number;
  readonly key: string;
  constructor(line: number, key: string) {
    super(key);
    this.line = line;
    this.key = key;
  }
}

const beginning = 64 * 1024;
const longestRecord = 100_000;

/** The rows that are not empty, the header among them, with their cells trimmed. Never more than a piece of the file is in memory. Throws BrokenCsv. */
export async function* readCsv(file: string): AsyncGenerator<CsvRecord> {
  const delimiter = delimiterOf(await readBeginning(file));
  // csv-parse counts a CRLF inside a quoted cell as two lines.
  let countedTwice = 0;
  const bytes = createReadStream(file, { highWaterMark: beginning });
  const options = { bom: true, info: true, delimiter, relax_column_count: true, skip_empty_lines: true, max_record_size: longestRecord } as const;
  const records = bytes.pipe(parse(options));
  bytes.once('error', (error) => records.destroy(error));
  try {
    for await (const { record, info } of records as AsyncIterable<{ record: string[]; info: Info }>) {
      const cells = record.map((cell) => cell.trim());
      const breaks = countBreaks(record);
      countedTwice += breaks.crlf;
      if (cells.some((cell) => cell !== '')) yield { line: info.lines - countedTwice - breaks.all, cells, bytes: info.bytes };
    }
  } catch (error) {
    if (error instanceof CsvError) throw new BrokenCsv(Number(error['lines']) - countedTwice, keys[error.code] ?? 'broken');
    throw error;
  } finally {
    bytes.destroy();
  }
}

const keys: Readonly<Record<string, string>> = {
  CSV_QUOTE_NOT_CLOSED: 'quote-not-closed',
  CSV_INVALID_CLOSING_QUOTE: 'stray-quote',
  INVALID_OPENING_QUOTE: 'stray-quote',
  CSV_MAX_RECORD_SIZE: 'row-too-long',
};

async function readBeginning(file: string): Promise<Buffer> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(beginning), 0, beginning, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

/** Told from the header, whose cells have neither in them. Throws when this is no text at all. */
function delimiterOf(start: Buffer): ',' | ';' {
  if (start.includes(0)) throw new BrokenCsv(1, 'not-utf8');
  const [header = ''] = start.toString('utf8').trimStart().split(/[\r\n]/, 1);
  return header.split(';').length > header.split(',').length ? ';' : ',';
}

function countBreaks(cells: readonly string[]): { all: number; crlf: number } {
  let all = 0;
  let crlf = 0;
  for (const cell of cells) {
    if (!cell.includes('\n') && !cell.includes('\r')) continue;
    all += cell.match(/\r\n|\n|\r/g)?.length ?? 0;
    crlf += cell.match(/\r\n/g)?.length ?? 0;
  }
  return { all, crlf };
}
