import { fromCents } from '../money/money.ts';
import { figure, toCsv } from '../platform/csv.ts';
import type { Translate } from '../platform/text.ts';
import type { InvoiceRow } from './invoice.ts';

/** One row per invoice, as the list shows it, with what has been paid on it. */
export function invoicesCsv(rows: readonly InvoiceRow[], t: Translate): string {
  const head = ['invoice', 'issued', 'due', 'status', 'total', 'paid', 'currency'].map((name) => t(`invoices.${name}`));
  return toCsv(head, rows.map((row) => [row.number, row.issuedOn, row.dueOn ?? '', t(`invoices.state-${row.state}`), money(row.totalCents, row), money(row.paidCents, row), row.currency]));
}

function money(cents: number, { currency }: InvoiceRow) {
  return figure(fromCents(cents, currency));
}
