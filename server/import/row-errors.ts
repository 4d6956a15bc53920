import { fromCents } from '../money/money.ts';
import type { Translate } from '../platform/text.ts';

/** What is wrong with one cell. The message is a key of views/import, so that every reader gets it in the own language. */
export interface RowError {
  /** As an editor counts: the row's first line. 0: the file as a whole. */
  readonly line: number;
  /** '' where it is no single column. */
  readonly column: string;
  readonly key: string;
  readonly values: Readonly<Record<string, string | number>>;
}

export type CellError = Omit<RowError, 'line' | 'column'>;

const kept = 1000;

/** Keeps the first thousand and counts them all. */
export class ErrorList {
  readonly first: RowError[] = [];
  count = 0;

  add(error: RowError): void {
    this.count += 1;
    if (this.first.length < kept) this.first.push(error);
  }
}

/** Takes back everything of the current transaction: the rows contradict each other or what is there already. */
export class RowsRefused extends Error {
  readonly errors: ErrorList;
  constructor(errors: ErrorList) {
    super(`${errors.count} rows were refused`);
    this.errors = errors;
  }
}

export function cellError(key: string, values: CellError['values'] = {}): CellError {
  return { key, values };
}

/** The whole sentence for people. Values named …Cents are shown as amounts of the values' currency. */
export function sentence(error: RowError, t: Translate): string {
  const values = Object.entries(error.values).map(([name, value]) =>
    name.endsWith('Cents') ? [name.slice(0, -5), fromCents(Number(value), String(error.values['currency']))] : [name, value],
  );
  return t(`import.error-${error.key}`, Object.fromEntries(values) as Record<string, string>);
}
