import { offerFile, startFile } from '../exports/routes.ts';
import { readBalances } from '../ledger/read-balances.ts';
import { countHistory } from '../ledger/read-history.ts';
import { file, page, Page, type Reply } from '../platform/replies.ts';
import { get, post } from '../platform/routes.ts';
import type { CustomerRequest } from '../tenancy/people.ts';
import { explainBalance } from './explain-balance.ts';
import { drawLinesPdf, historyCsv, historyDocument, type WholeHistory } from '../history-files/history-files.ts';
import { longestPdf } from '../history-files/history-exports.ts';
import { mostPdfLines, mostRows, pageSize, rangeOf, readDayQuery, readPage, readQuery, type HistoryQuery } from './history-query.ts';
import { pageFor, wordLine, type WordedLine } from './line-words.ts';

const path = '/billing/transactions';

async function showHistory(req: CustomerRequest): Promise<Reply> {
  return drawHistory(req, readQuery(req.query, req.t));
}

async function printHistory(req: CustomerRequest): Promise<Reply> {
  const whole = await readWhole(req, mostRows);
  if (whole instanceof Page) return whole;
  return whole ? page('transactions/print', { title: req.t('transactions.title'), ...whole }) : tooLong(req, mostRows);
}

async function downloadCsv(req: CustomerRequest): Promise<Reply> {
  const whole = await readWhole(req, mostRows);
  if (whole instanceof Page) return whole;
  if (!whole) return offerFile(req, path, mostRows);
  return file({ name: fileName(req, 'csv'), type: 'text/csv; charset=utf-8', make: async () => historyCsv(whole.lines, req.t) });
}

async function downloadPdf(req: CustomerRequest): Promise<Reply> {
  const whole = await readWhole(req, mostPdfLines);
  if (whole instanceof Page) return whole;
  if (!whole) return (await countLines(req)) > longestPdf ? tooLong(req, longestPdf) : offerFile(req, path, mostPdfLines);
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
  const { balances, range } = await askedOf(req, query);
  const { lines, next } = await readPage(req.account.id, range, 'newest', { size: pageSize, after: query.after });
  return page('transactions/history', { title: req.t('transactions.title'), query, balances, lines: worded(req, lines), next });
}

/** Every line that the query asks for; undefined when they are too many to wait for. What is wrong with the query is said on the history page. */
async function readWhole(req: CustomerRequest, most: number): Promise<WholeHistory | Page | undefined> {
  const query = readQuery(req.query, req.t);
  if (Object.keys(query.errors).length > 0) return (await drawHistory(req, query)).withStatus(422);
  const { balances, range } = await askedOf(req, query);
  const { lines, next } = await readPage(req.account.id, range, 'newest', { size: most });
  return next ? undefined : { query, balances, lines: worded(req, lines) };
}

async function countLines(req: CustomerRequest): Promise<number> {
  return countHistory(req.account.id, (await askedOf(req, readQuery(req.query, req.t))).range);
}

async function tooLong(req: CustomerRequest, most: number): Promise<Page> {
  const errors = { from: req.t('transactions.too-long', { most: req.formats.number(most) }) };
  return (await drawHistory(req, { ...readQuery(req.query, req.t), errors })).withStatus(422);
}

async function askedOf(req: CustomerRequest, query: HistoryQuery) {
  const balances = await readBalances(req.account.id, req.tenant.site.currency, query.to);
  return { balances, range: rangeOf(query, balances.map(({ currency }) => currency)) };
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
  post('/billing/transactions.csv', (req: CustomerRequest) => startFile(req, 'history-csv'), { page: downloadCsv }),
  get('/billing/transactions.pdf', downloadPdf),
  post('/billing/transactions.pdf', (req: CustomerRequest) => startFile(req, 'history-pdf'), { page: downloadPdf }),
  get('/billing/transactions/print', printHistory),
  get('/billing/transactions/balance', showBalance),
];
