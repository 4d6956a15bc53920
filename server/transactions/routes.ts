import { readBalances } from '../ledger/read-balances.ts';
import { file, page, type Page, type Reply } from '../platform/replies.ts';
import { get } from '../platform/routes.ts';
import type { CustomerRequest } from '../tenancy/people.ts';
import { explainBalance } from './explain-balance.ts';
import { drawLinesPdf, historyCsv, historyDocument, type WholeHistory } from './history-files.ts';
import { mostPdfLines, mostRows, pageSize, rangeOf, readDayQuery, readPage, readQuery, type HistoryQuery } from './history-query.ts';
import { pageFor, wordLine, type WordedLine } from './line-words.ts';

async function showHistory(req: CustomerRequest): Promise<Reply> {
  return drawHistory(req, readQuery(req.query, req.t));
}

async function printHistory(req: CustomerRequest): Promise<Reply> {
  const whole = await readWhole(req, mostRows);
  return 'tooLong' in whole ? whole.tooLong : page('transactions/print', { title: req.t('transactions.title'), ...whole });
}

async function downloadCsv(req: CustomerRequest): Promise<Reply> {
  const whole = await readWhole(req, mostRows);
  if ('tooLong' in whole) return whole.tooLong;
  return file({ name: fileName(req, 'csv'), type: 'text/csv; charset=utf-8', make: async () => historyCsv(whole.lines, req.t) });
}

async function downloadPdf(req: CustomerRequest): Promise<Reply> {
  const whole = await readWhole(req, mostPdfLines);
  if ('tooLong' in whole) return whole.tooLong;
  return file({ name: fileName(req, 'pdf'), type: 'application/pdf', inline: true, make: () => drawLinesPdf(historyDocument(req, whole)) });
}

/** Which invoices, prepayments and credits make the balance of any day. */
async function showBalance(req: CustomerRequest): Promise<Reply> {
  const { site } = req.tenant;
  const { on, currency, errors } = readDayQuery(req.query, site, req.t);
  const explanation = await explainBalance({ accountId: req.account.id, currency, on, today: site.today(), zone: site.zone }, site.currency);
  return page('transactions/balance', { title: req.t('transactions.balance-title'), ...explanation, on, filterErrors: errors });
}

async function drawHistory(req: CustomerRequest, query: HistoryQuery): Promise<Page> {
  const balances = await readBalances(req.account.id, req.tenant.site.currency, query.to);
  const range = rangeOf(query, balances.map(({ currency }) => currency));
  const { lines, next } = await readPage(req.account.id, range, 'newest', { size: pageSize, after: query.after });
  return page('transactions/history', { title: req.t('transactions.title'), query, balances, lines: worded(req, lines), next });
}

/** Every line that the query asks for; where they are too many for one file, the history page says so beside the dates. */
async function readWhole(req: CustomerRequest, most: number): Promise<WholeHistory | { tooLong: Page }> {
  const query = readQuery(req.query, req.t);
  const balances = await readBalances(req.account.id, req.tenant.site.currency, query.to);
  const range = rangeOf(query, balances.map(({ currency }) => currency));
  const { lines, next } = await readPage(req.account.id, range, 'newest', { size: most });
  if (!next) return { query, balances, lines: worded(req, lines) };
  const errors = { from: req.t('transactions.too-long', { most: req.formats.number(most) }) };
  return { tooLong: (await drawHistory(req, { ...query, errors })).withStatus(422) };
}

function worded(req: CustomerRequest, lines: Parameters<typeof wordLine>[0][]): WordedLine[] {
  return lines.map((line) => wordLine(line, req, pageFor(req.tenant.site)));
}

function fileName(req: CustomerRequest, extension: string): string {
  return `${req.t('transactions.file')}-${req.account.number}-${req.tenant.site.today()}.${extension}`;
}

export const transactionRoutes = [
  get('/billing/transactions', showHistory),
  get('/billing/transactions.csv', downloadCsv),
  get('/billing/transactions.pdf', downloadPdf),
  get('/billing/transactions/print', printHistory),
  get('/billing/transactions/balance', showBalance),
];
