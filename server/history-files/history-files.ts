import { renderPdf } from '../platform/pdf/pdf.ts';
import { csvLines, figure, toCsv } from '../platform/csv.ts';
import { fromCents } from '../money/money.ts';
import type { Formats } from '../platform/formats.ts';
import type { Translate } from '../platform/text.ts';
import type { Balance } from '../ledger/read-balances.ts';
import type { Site } from '../site/site.ts';
import type { LinesDocument } from './lines-pdf.ts';
import type { WordedLine } from '../transactions/line-words.ts';
import type { HistoryQuery } from '../transactions/history-query.ts';

interface Words {
  readonly t: Translate;
  readonly formats: Formats;
}

/** One row per line; days are ISO days, amounts plain figures without a sign of money: the currency has a column of its own. Further parts have no head. */
export function historyCsv(lines: readonly WordedLine[], t: Translate, hasHead = true): string {
  const head = ['date', 'description', 'number', 'note', 'charge', 'payment', 'balance', 'currency'].map((name) => t(`transactions.csv-${name}`));
  const rows = lines.map((line) => {
    const { currency, effectCents } = line;
    const amount = (cents: number) => (cents > 0 ? fromCents(cents, currency) : '');
    return [line.postedOn, line.what, line.number, line.note, figure(amount(effectCents)), figure(amount(-effectCents)), figure(fromCents(line.balanceCents, currency)), currency];
  });
  return hasHead ? toCsv(head, rows) : csvLines(rows);
}

/** Whom a paper is for: a request has all of it, and so has a job. */
export interface Paper extends Words {
  readonly account: { readonly id: string; readonly name: string; readonly number: string };
  readonly tenant: { readonly site: Site };
}

export interface WholeHistory {
  readonly query: HistoryQuery;
  readonly balances: readonly Balance[];
  readonly lines: readonly WordedLine[];
}

/** The history as a paper: what was asked for, the lines, and how the account stands at the end of them. */
export function historyDocument(req: Paper, { query, balances, lines }: WholeHistory): LinesDocument {
  const { t, formats, account, tenant: { site } } = req;
  return {
    ...paperOf(req),
    title: t('transactions.title'),
    facts: [{ term: t('transactions.account'), text: `${account.name}\n${account.number}` }, { term: t('transactions.period'), text: periodOf(query, req) }, { term: t('transactions.made-on'), text: formats.date(site.today()) }],
    ...tableOf(lines, req),
    empty: t('transactions.no-match'),
    totals: balances.map(({ currency, owedCents }) => ({ label: query.to ? t('transactions.balance-on', { day: formats.date(query.to) }) : t('transactions.balance-now'), value: formats.money(owedCents, currency), strong: true })),
    ageing: null,
    notes: balances.flatMap((balance) => apartNotes(balance, req)),
  };
}

/** What every paper for a customer begins with. */
export function paperOf({ formats, tenant: { site }, t }: Paper): Pick<LinesDocument, 'lang' | 'portalName' | 'businessInfo' | 'brandColor' | 'pageLabel'> {
  return { lang: formats.locale, portalName: site.displayName, businessInfo: site.businessInfo, brandColor: site.brandColor, pageLabel: t('invoices.page') };
}

/** What stands apart from the balance, in sentences. */
export function apartNotes({ currency, prepaymentCents, creditCents }: Balance, { t, formats }: Words): string[] {
  return [
    ...(prepaymentCents > 0 ? [t('transactions.apart-prepayment', { amount: formats.money(prepaymentCents, currency) })] : []),
    ...(creditCents > 0 ? [t('transactions.apart-credit', { amount: formats.money(creditCents, currency) })] : []),
  ];
}

export function periodOf({ from, to }: { from?: string | null | undefined; to?: string | null | undefined }, { t, formats }: Words): string {
  if (from && to) return t('transactions.from-to', { from: formats.date(from), to: formats.date(to) });
  if (from) return t('transactions.since', { from: formats.date(from) });
  return to ? t('transactions.until', { to: formats.date(to) }) : t('transactions.everything');
}

const drawing = { module: new URL('./lines-pdf.ts', import.meta.url), draw: 'drawLines' };

export function drawLinesPdf(document: LinesDocument, withinMs?: number): Promise<Buffer> {
  return renderPdf(drawing, document, withinMs);
}

/** The table of a paper: charges and payments in columns of their own, so that nobody has to read signs. */
export function tableOf(lines: readonly WordedLine[], { t, formats }: Words): Pick<LinesDocument, 'columns' | 'lines'> {
  return {
    columns: { date: t('transactions.date'), what: t('transactions.what'), charge: t('transactions.charge'), payment: t('transactions.payment'), balance: t('transactions.balance') },
    lines: lines.map(({ postedOn, what, note, effectCents, balanceCents, currency }) => ({
      date: formats.date(postedOn),
      what: note ? `${what}\n${note}` : what,
      charge: effectCents > 0 ? formats.money(effectCents, currency) : '',
      payment: effectCents < 0 ? formats.money(-effectCents, currency) : '',
      balance: formats.money(balanceCents, currency),
    })),
  };
}
