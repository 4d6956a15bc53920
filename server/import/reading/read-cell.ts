import { z } from 'zod';
import { isCalendarDay } from '../../platform/forms.ts';
import { toCents } from '../../money/money.ts';
import type { Column } from '../columns.ts';
import { cellError, type CellError } from '../row-errors.ts';

/** What a cell means, as the text that the staging table takes; null is empty. */
export type Read = { readonly value: string | null } | { readonly error: CellError };

/** @param currency of the row; null where only the database knows it: then an amount stays a decimal */
export function readCell(column: Column, typed: string, currency: string | null): Read {
  if (typed === '') return column.required ? wrong('required') : { value: column.initial === undefined ? null : meaning(column, column.initial) };
  if (typed.includes('\u{fffd}')) return wrong('not-utf8');
  if ((column.lines ? unprintable : unprintableOrBreak).test(typed)) return wrong('unprintable');
  return readers[column.type](column, typed, currency);
}

type Reader = (column: Column, typed: string, currency: string | null) => Read;

const readers: Readonly<Record<Column['type'], Reader>> = {
  id: (_column, typed) => (isId(typed) ? { value: typed } : wrong('not-an-id')),
  number: (_column, typed) => (/^[A-Za-z0-9._-]{1,30}$/.test(typed) ? { value: typed } : wrong('not-a-number')),
  text: readText,
  email: (_column, typed) => (typed.length <= 254 && email.safeParse(typed).success ? { value: typed } : wrong('not-an-email', { typed: typed.slice(0, 60) })),
  day: (_column, typed) => (isCalendarDay(typed) && typed >= '1900-01-01' ? { value: typed } : wrong('not-a-day', { typed: typed.slice(0, 60) })),
  amount: readAmount,
  decimal: readDecimal,
  'yes/no': (_column, typed) => (typed === 'yes' || typed === 'no' ? { value: typed } : wrong('not-yes-or-no', { typed: typed.slice(0, 60) })),
  fixed: (column, typed) => (column.choices?.includes(typed) ? { value: typed } : wrong('not-a-choice', { typed: typed.slice(0, 60), choices: column.choices?.join(', ') ?? '' })),
  currency: (_column, typed) => (isCurrency(typed) ? { value: typed } : wrong('not-a-currency', { typed: typed.slice(0, 60) })),
  list: readList,
};

export function isCurrency(code: string): boolean {
  return currencies.has(code);
}

const currencies = new Set(Intl.supportedValuesOf('currency'));
const email = z.email();
const unprintableOrBreak = /[\p{Cc}\u2028\u2029]/u;
const unprintable = /(?![\r\n])[\p{Cc}\u2028\u2029]/u;

function wrong(key: string, values: CellError['values'] = {}): { error: CellError } {
  return { error: cellError(key, values) };
}

function meaning(column: Column, initial: string): string | null {
  const read = readCell(column, initial, null);
  return 'value' in read ? read.value : null;
}

function isId(typed: string): boolean {
  return /^[A-Za-z0-9._/-]{1,64}$/.test(typed);
}

function readText({ max = 100, pattern }: Column, typed: string): Read {
  if (typed.length > max) return wrong('too-long', { max });
  if (pattern && !pattern.test.test(typed)) return wrong(pattern.error);
  return { value: typed.replace(/\r\n?/g, '\n') };
}

function readAmount({ least }: Column, typed: string, currency: string | null): Read {
  const value = currency === null ? decimalOf(typed) : amountOf(typed, currency);
  if (value === null) return wrong('not-an-amount', { typed: typed.slice(0, 60) });
  if (least && value.startsWith('-')) return wrong('negative');
  return least === 'more than zero' && Number(value) === 0 ? wrong('zero') : { value };
}

/** '1234.50' -> '123450'. Grouped thousands, which forms take, are no plain decimal. */
function amountOf(typed: string, currency: string): string | null {
  const cents = decimalOf(typed) === null ? null : toCents(typed, currency);
  return cents === null ? null : String(cents);
}

function decimalOf(typed: string): string | null {
  return /^-?\d{1,16}(\.\d{1,4})?$/.test(typed) ? typed : null;
}

function readDecimal(_column: Column, typed: string): Read {
  if (!/^-?\d{1,10}(\.\d{1,4})?$/.test(typed)) return wrong('not-a-decimal', { typed: typed.slice(0, 60) });
  return typed.startsWith('-') ? wrong('negative') : { value: typed };
}

/** 'inv-1:120.00|inv-2:30.00' -> 'inv-1:12000|inv-2:3000': which invoices, and how much of each. */
function readList(_column: Column, typed: string, currency: string | null): Read {
  const parts: string[] = [];
  const named = new Set<string>();
  for (const item of typed.split('|')) {
    const [id = '', amount = '', ...more] = item.split(':').map((part) => part.trim());
    const cents = currency === null ? null : amountOf(amount, currency);
    if (!isId(id) || more.length || cents === null || Number(cents) <= 0) return wrong('not-a-list', { typed: item.slice(0, 60) });
    if (named.has(id)) return wrong('named-twice', { id });
    named.add(id);
    parts.push(`${id}:${cents}`);
  }
  return { value: parts.join('|') };
}
