/** What the yardsticks know of an account, and how they write it. Money in cents, days as ISO days, instants as PostgreSQL's JSON has them. */
export interface Figures {
  readonly account: string;
  readonly person: string;
  readonly email: string;
  readonly zone: string;
  readonly openCents: number;
  readonly lists: Readonly<Partial<Record<List, readonly Row[]>>>;
}

export type List = 'late' | 'newest' | 'payments' | 'visits' | 'tickets';

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

/** What stands for that name in a row's template. */
export function writeCell(row: Row, name: string, zone: string): string {
  if (name === 'total') return writeMoney(row.totalCents ?? 0);
  if (name === 'issuedOn' || name === 'dueOn') return writeDay(row[name] ?? '');
  if (name === 'dueSoon') return near.format(new Date(`${row.dueOn}T00:00:00Z`));
  if (name === 'asked') return clockOf(zone).moment.format(new Date(row.createdAt ?? ''));
  if (name === 'when') return writeWindow(row, zone);
  return escape(String(row[name as keyof Row] ?? ''));
}

/** How a row looks. */
export function stateOf(row: Row, today: string): string {
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
