import { z } from 'zod';
import type { Chart } from '../charts/chart.ts';
import { readSpan, type Balance } from '../ledger/read-balances.ts';
import type { FieldErrors } from '../platform/errors.ts';
import { dayCursor, fieldErrors, optionalDay } from '../platform/forms.ts';
import { together } from '../platform/together.ts';
import type { Paper } from '../history-files/history-files.ts';
import { optionalCurrency, pageOf } from '../transactions/history-query.ts';
import { pageFor, wordLine, type WordedLine } from '../transactions/line-words.ts';
import { ageingOf, readYounger, type Ageing } from '../transactions/open-invoices.ts';
import { kindGroups, readFromStart, readHistory, type Cursor } from '../ledger/read-history.ts';

/** What an account owed before the first day, everything that changed it, and what it owed at the end of the last day. */
export interface Statement {
  readonly from: string;
  readonly to: string;
  readonly currencies: readonly string[];
  readonly openingCents: number;
  /** At the end of the last day, with what stands apart from the balance. */
  readonly closing: Balance;
  readonly lines: readonly WordedLine[];
  /** The cursor of the next lines, '' when these are all. */
  readonly next: string;
  readonly ageing: Ageing;
  /** On the first page, where one is drawn. */
  readonly chart: Chart | undefined;
  readonly errors: FieldErrors;
}

/** A request, or a job in somebody's name. */
export interface StatementReader extends Paper {
  readonly query: unknown;
}

export function statementName({ t, account }: Pick<StatementReader, 't' | 'account'>, { from, to }: Statement): string {
  return `${t('statements.file')}-${account.number}-${from}-${to}.pdf`;
}

/**
 * In one currency, oldest first. A wrong query gives the usual range, and says beside the field what is wrong. In which currencies there
 * is anything is known only afterwards: it is nearly always the one that was asked for, so all is asked together.
 */
export async function readStatement(req: StatementReader, most: number, drawChart?: DrawChart): Promise<Statement> {
  const { account, tenant: { site } } = req;
  const asked = readQuery(req);
  const { from, to, errors } = asked;
  const likely = asked.currency ?? site.currency;
  const readIn = (currency: string) => together(...readsIn(currency, req, asked, most), async () => (asked.after ? undefined : drawChart?.(currency, to)));
  const [spans, found] = await together(() => readSpan(account.id, site.currency, asked), () => readIn(likely));
  const closing = spans.find(({ currency }) => currency === asked.currency) ?? spans[0];
  const [read, younger, chart] = closing.currency === likely ? found : await readIn(closing.currency);
  const { lines, next } = pageOf(read, most);
  const before = asked.after ? 0 : closing.openingCents;
  return {
    from, to, errors, next, closing, chart, openingCents: closing.openingCents,
    currencies: spans.map(({ currency }) => currency),
    lines: lines.map((line) => wordLine({ ...line, balanceCents: before + line.balanceCents }, req, pageFor(site))),
    ageing: ageingOf(younger, closing.owedCents),
  };
}

type DrawChart = (currency: string, to: string) => Promise<Chart | undefined>;

function readsIn(currency: string, { account, tenant: { site } }: StatementReader, { from, to, after }: Asked, most: number) {
  const standing = { accountId: account.id, currency, on: to, today: site.today(), zone: site.zone };
  const first = () => readFromStart(account.id, { currency, from, to }, most);
  const further = () => readHistory(account.id, { currencies: [currency], kinds: kindGroups.all, from, to }, 'oldest', most, after);
  return [after ? further : first, () => readYounger(standing)] as const;
}

interface Asked {
  readonly from: string;
  readonly to: string;
  readonly currency?: string | undefined;
  readonly after?: Cursor;
  readonly errors: FieldErrors;
}

/** Without a range: from the first of the month before last until today. */
function readQuery(req: Pick<StatementReader, 'query' | 'tenant' | 't'>): Asked {
  const today = req.tenant.site.today();
  const usual = { from: monthsBefore(today, 2), to: today };
  const result = form.safeParse(req.query);
  if (!result.success) return { ...usual, errors: fieldErrors(result.error, req.t) };
  const { from, to, currency, after } = result.data;
  const [day = '', id = ''] = (after ?? '').split('_');
  const range = { from: from ?? monthsBefore(to ?? today, 2), to: to ?? (from && from > today ? from : today) };
  if (range.from > range.to) return { ...usual, errors: { to: req.t('transactions.to-before-from') } };
  return { ...range, currency, ...(after ? { after: { day, id } } : {}), errors: {} };
}

/** The first day of that month: ('2026-11-22', 2) -> '2026-09-01'. */
function monthsBefore(day: string, months: number): string {
  const [year = 0, month = 0] = day.split('-').map(Number);
  return new Date(Date.UTC(year, month - 1 - months, 1)).toISOString().slice(0, 10);
}

const form = z.object({ from: optionalDay, to: optionalDay, currency: optionalCurrency, after: dayCursor.optional() });
