/** What the yardsticks know of an account, and how they write it. Money in cents, days as ISO days. */
export interface Figures {
  readonly account: string;
  readonly person: string;
  readonly email: string;
  readonly openCents: number;
  readonly late: readonly Invoice[];
  readonly newest: readonly Invoice[];
}

export interface Invoice {
  readonly number: string;
  readonly totalCents: number;
  readonly paidCents: number;
  readonly issuedOn: string;
  readonly dueOn: string;
}

const money = new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD' });
const day = new Intl.DateTimeFormat('en-US', { dateStyle: 'medium', timeZone: 'UTC' });

export const writeMoney = (cents: number): string => money.format(cents / 100);
export const writeDay = (iso: string): string => day.format(new Date(`${iso}T00:00:00Z`));

export function stateOf(invoice: Invoice, today: string): 'paid' | 'open' | 'late' {
  if (invoice.paidCents >= invoice.totalCents) return 'paid';
  return invoice.dueOn < today ? 'late' : 'open';
}

export const escape = (text: string): string => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
