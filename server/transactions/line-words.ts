import { paymentPath } from '../payments/payment.ts';
import type { Formats } from '../platform/formats.ts';
import type { Translate } from '../platform/text.ts';
import type { Site } from '../site/site.ts';
import type { HistoryLine } from '../ledger/read-history.ts';

/** A line as people read it. */
export interface WordedLine extends HistoryLine {
  readonly what: string;
  readonly note: string;
  /** '' where there is no page about it. */
  readonly href: string;
}

interface Words {
  readonly t: Translate;
  readonly formats: Formats;
}

const mostNumbers = 5;

/** What the line is, and what it does beside the balance. `hrefOf` gives the address of the page about it. */
export function wordLine(line: HistoryLine, { t, formats }: Words, hrefOf: (line: HistoryLine) => string): WordedLine {
  const { number, invoices, currency, prepaymentCents, creditCents } = line;
  const money = (cents: number) => formats.money(Math.abs(cents), currency);
  const parts = [
    line.kind === 'payment' && line.methodKind ? t(`payments.kind-${line.methodKind.replace('_', '-')}`) : '',
    line.kind === 'payment' && invoices.length > 0 ? t('transactions.for', { invoices: listed(invoices, t) }) : '',
    line.kind !== 'apply' && prepaymentCents > 0 ? t('transactions.kept', { amount: money(prepaymentCents) }) : '',
    line.kind !== 'apply' && line.kind !== 'correction' && prepaymentCents < 0 ? t('transactions.kept-less', { amount: money(prepaymentCents) }) : '',
    line.kind === 'credit' ? t('transactions.to-use', { amount: money(creditCents) }) : '',
    line.reference ?? '',
  ];
  return { ...line, what: t(`transactions.line-${meaningOf(line)}`, { number, invoice: listed(invoices, t) }), note: parts.filter(Boolean).join(', '), href: hrefOf(line) };
}

/** Where a customer finds what the line is about. */
export const pageFor = (site: Site) => ({ kind, number }: HistoryLine): string => {
  if (kind === 'invoice') return site.hasTab('invoices') ? `/invoices/${encodeURIComponent(number)}` : '';
  return kind === 'payment' ? paymentPath(site, number) : '';
};

/** An amount is put on an invoice, or taken off it, from a credit or from a prepayment. */
function meaningOf({ kind, invoices, methodKind, creditCents, prepaymentCents }: HistoryLine): string {
  if (kind === 'correction' && methodKind) return 'payment-back';
  if ((kind !== 'apply' && kind !== 'correction') || invoices.length === 0) return kind.replace('_', '-');
  const source = creditCents === 0 && prepaymentCents !== 0 ? 'prepayment' : 'credit';
  return `${source}-${kind === 'apply' ? 'on' : 'off'}`;
}

function listed(numbers: readonly string[], t: Translate): string {
  const shown = numbers.slice(0, mostNumbers).join(', ');
  return numbers.length > mostNumbers ? t('transactions.and-more', { shown, count: numbers.length - mostNumbers }) : shown;
}
