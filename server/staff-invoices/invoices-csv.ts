import { fromCents } from '../money/money.ts';
import { csvLines, figure, toCsv } from '../platform/csv.ts';
import type { Translate } from '../platform/text.ts';
import type { ListedInvoice } from './list-invoices.ts';

/** One row per invoice; further parts of a file have no head. */
export function invoicesCsv(rows: readonly ListedInvoice[], t: Translate, hasHead = true): string {
  const head = ['number', 'account', 'name', 'state', 'issued', 'due', 'total', 'open', 'currency'].map((name) => t(`staff-invoices.csv-${name}`));
  const lines = rows.map((row) => [
    row.number, row.accountNumber, row.accountName, t(`staff-invoices.state-${row.state}`), row.issuedOn, row.dueOn,
    figure(fromCents(row.totalCents, row.currency)), figure(fromCents(row.openCents, row.currency)), row.currency,
  ]);
  return hasHead ? toCsv(head, lines) : csvLines(lines);
}
