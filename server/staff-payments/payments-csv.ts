import { answerInWords } from '../gateways/answer-words.ts';
import { fromCents } from '../money/money.ts';
import { csvLines, figure, toCsv } from '../platform/csv.ts';
import type { Formats } from '../platform/formats.ts';
import type { Translate } from '../platform/text.ts';
import type { AttemptRow } from './list-payments.ts';

/** One row per attempt; further parts of a file have no head. */
export function paymentsCsv(rows: readonly AttemptRow[], { t, formats }: { readonly t: Translate; readonly formats: Formats }, hasHead = true): string {
  const head = ['number', 'created', 'account', 'name', 'state', 'amount', 'refunded', 'unapplied', 'currency', 'method', 'gateway', 'reference', 'answer'].map((name) => t(`staff-payments.${name}`));
  const money = (cents: number, currency: string) => figure(fromCents(cents, currency));
  const lines = rows.map((row) => [
    row.number, formats.dateTime(row.createdAt), row.accountNumber, row.accountName, t(`payments.state-${row.state.replaceAll('_', '-')}`), money(row.amountCents, row.currency), money(row.refundedCents, row.currency),
    money(row.unappliedCents, row.currency), row.currency, row.methodLabel || t(`payments.kind-${row.methodKind.replace('_', '-')}`), row.gateway ?? '', row.reference ?? '', answerInWords(row.message, t),
  ]);
  return hasHead ? toCsv(head, lines) : csvLines(lines);
}
