import type { HistoryLine } from '../ledger/read-history.ts';

/** Where staff find what a line of an account's history is about. */
export function pageForStaff({ kind, number, methodKind }: HistoryLine): string {
  const name = encodeURIComponent(number);
  if (kind === 'invoice') return `/staff/invoices/${name}`;
  if (kind === 'credit' || kind === 'credit_void') return `/staff/credits/${name}`;
  return methodKind || kind === 'refund' ? `/staff/payments/${name}` : '';
}
