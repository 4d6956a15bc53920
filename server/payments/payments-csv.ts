import { fromCents } from '../money/money.ts';
import { figure, toCsv } from '../platform/csv.ts';
import type { Translate } from '../platform/text.ts';
import type { PaymentRow } from './payment.ts';

/** One row per payment, as the list shows it, with what it paid. */
export function paymentsCsv(rows: readonly PaymentRow[], t: Translate): string {
  const head = ['number', 'date', 'method', 'status', 'amount', 'refunded', 'currency', 'paid-invoices'].map((name) => t(`payments.${name}`));
  return toCsv(head, rows.map((row) => [row.number, row.paidOn, methodOf(row, t), t(`payments.state-${row.state.replaceAll('_', '-')}`), money(row.amountCents, row), money(row.refundedCents, row), row.currency, invoicesOf(row)]));
}

function methodOf({ brand, last4, methodKind }: PaymentRow, t: Translate): string {
  return brand ? t('payments.ending', { brand, last4: last4 ?? '' }) : t(`payments.kind-${methodKind.replace('_', '-')}`);
}

function money(cents: number, { currency }: PaymentRow) {
  return figure(fromCents(cents, currency));
}

function invoicesOf({ invoices }: PaymentRow): string {
  return invoices.filter(({ isVisible }) => isVisible).map(({ number }) => number).join(', ');
}
