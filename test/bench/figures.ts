/** What the yardsticks know of an account, and how they write it. Money in cents, days as ISO days, instants as PostgreSQL's JSON has them. */
export interface Figures extends Partial<Standing> {
  readonly organization: string;
  readonly account: string;
  readonly person: string;
  readonly email: string;
  readonly zone: string;
  readonly openCount: number;
  readonly openCents: number;
  readonly lateCents: number;
  readonly lists: Readonly<Partial<Record<List, readonly Row[]>>>;
}

/** What the home page says of the account above its lists. */
interface Standing {
  readonly lateSince: string | null;
  readonly nextCents: number | null;
  readonly nextOn: string | null;
  readonly lastPaidCents: number | null;
  readonly lastPaidOn: string | null;
  readonly lastInvoice: string | null;
}

/** `tasks`: the invoices that are late, then the tickets that have an answer. */
export type List = 'tasks' | 'newest' | 'payments' | 'visits' | 'tickets';

/** One row of a list, of whichever list. */
export interface Row {
  readonly number: string;
  readonly totalCents?: number;
  readonly paidCents?: number;
  /** The day of a payment. */
  readonly issuedOn?: string;
  readonly dueOn?: string;
  readonly title?: string;
  readonly resource?: string;
  readonly startsAt?: string;
  readonly endsAt?: string;
  readonly category?: string;
  readonly body?: string;
  readonly createdAt?: string;
  readonly waitsFor?: string;
}

const money = new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD' });
const day = new Intl.DateTimeFormat('en-US', { dateStyle: 'medium', timeZone: 'UTC' });
const near = new Intl.DateTimeFormat('en-US', { weekday: 'short', day: 'numeric', month: 'short', timeZone: 'UTC' });

export const writeMoney = (cents: number): string => money.format(cents / 100);
export const writeDay = (iso: string): string => day.format(new Date(`${iso}T00:00:00Z`));
const writeSoon = (iso: string): string => (Math.abs(Date.parse(iso) - Date.parse(today)) <= 60 * 86_400_000 ? near.format(new Date(`${iso}T00:00:00Z`)) : writeDay(iso));

export const today = new Date().toISOString().slice(0, 10);

/** What stands for that name in a page's template. */
export function writeValue(figures: Figures, name: string): string {
  const value = figures[name as keyof Figures];
  if (value === null || value === undefined) return '';
  if (name.endsWith('Cents')) return writeMoney(value as number);
  if (name === 'lateSince' || name.endsWith('On')) return writeSoon(value as string);
  return escape(`${value as string | number}`);
}

/** Pages with the same shape differ in values and rows alone: which states the rows of each list have. */
export function shapeOf(lists: Figures['lists']): string {
  return Object.entries(lists).map(([list, rows]) => `${list} ${[...new Set(rows.map((row) => stateOf(row)))].join()}`).toSorted().join(';');
}

/** What stands for that name in a row's template. */
export function writeCell(row: Row, name: string, zone: string): string {
  if (name === 'total') return writeMoney(row.totalCents ?? 0);
  if (name === 'issuedOn' || name === 'dueOn') return writeDay(row[name] ?? '');
  if (name === 'issuedIso') return row.issuedOn ?? '';
  if (name === 'dueIso') return row.dueOn ?? '';
  if (name === 'dueSoon') return row.dueOn ? writeSoon(row.dueOn) : '';
  if (name === 'asked') return clockOf(zone).moment.format(new Date(row.createdAt ?? ''));
  if (name === 'when') return writeWindow(row, zone);
  return escape(String(row[name as keyof Row] ?? ''));
}

/** How a row looks today. */
export function stateOf(row: Row): string {
  if (row.totalCents === undefined) return row.waitsFor ?? 'any';
  if ((row.paidCents ?? 0) >= row.totalCents) return 'paid';
  return (row.dueOn ?? '') < today ? 'late' : 'open';
}

export const escape = (text: string): string => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);

function writeWindow({ startsAt = '', endsAt = '' }: Row, zone: string): string {
  const { day: onDay, time } = clockOf(zone);
  const from = new Date(startsAt);
  return `${onDay.format(from)}, ${time.formatRange(from, new Date(endsAt))}`;
}

const clocks = new Map<string, { day: Intl.DateTimeFormat; time: Intl.DateTimeFormat; moment: Intl.DateTimeFormat }>();

function clockOf(zone: string) {
  let clock = clocks.get(zone);
  if (!clock) {
    const format = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat('en-US', { ...options, timeZone: zone });
    clocks.set(zone, (clock = { day: format({ weekday: 'short', day: 'numeric', month: 'short' }), time: format({ timeStyle: 'short' }), moment: format({ dateStyle: 'medium', timeStyle: 'short' }) }));
  }
  return clock;
}
