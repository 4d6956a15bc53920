import { stringify } from 'csv-stringify/sync';

/** A figure is written as it is: a minus sign before it is no formula. */
export interface Figure {
  readonly figure: string;
}
export type CsvCell = string | number | Figure | null;

export const figure = (text: string): Figure => ({ figure: text });

/** A file that spreadsheets open in any language: UTF-8 with its mark, and texts that would be taken for formulas are made harmless. */
export function toCsv(head: readonly string[], rows: readonly (readonly CsvCell[])[]): string {
  return mark + csvLines([head, ...rows]);
}

/** Further lines of a file that is made in parts. */
export function csvLines(rows: readonly (readonly CsvCell[])[]): string {
  return stringify(rows.map((row) => [...row]), {
    record_delimiter: '\r\n',
    escape_formulas: true,
    cast: { object: (cell) => ({ value: String(cell['figure']), escape_formulas: false }) as unknown as string },
  });
}

const mark = '\ufeff';
