import { balanceOverTime } from '../charts/months.ts';
import { offerFile, startFile } from '../exports/routes.ts';
import { countHistory, kindGroups } from '../ledger/read-history.ts';
import { file, page, type Page, type Reply } from '../platform/replies.ts';
import { get, post } from '../platform/routes.ts';
import type { CustomerRequest } from '../tenancy/people.ts';
import { drawLinesPdf } from '../history-files/history-files.ts';
import { longestPdf } from '../history-files/history-exports.ts';
import { mostPdfLines } from '../transactions/history-query.ts';
import { ageingColumns, statementDocument } from './statement-document.ts';
import { readStatement, statementName, type Statement } from './statement.ts';

const linesOnPage = 100;

async function showStatement(req: CustomerRequest): Promise<Reply> {
  return drawStatement(req, await readStatement(req, linesOnPage, (currency, to) => balanceOverTime(req, currency, to)));
}

async function downloadStatement(req: CustomerRequest): Promise<Reply> {
  const statement = await readStatement(req, mostPdfLines);
  if (Object.keys(statement.errors).length > 0) return drawStatement(req, statement).withStatus(422);
  if (statement.next) return offerLong(req, statement);
  return file({ name: statementName(req, statement), type: 'application/pdf', inline: true, make: () => drawLinesPdf(statementDocument(req, statement)) });
}

async function offerLong(req: CustomerRequest, { from, to, closing: { currency } }: Statement): Promise<Reply> {
  const lines = await countHistory(req.account.id, { from, to, currencies: [currency], kinds: kindGroups.all });
  if (lines <= longestPdf) return offerFile(req, '/billing/statement', mostPdfLines);
  const errors = { from: req.t('transactions.too-long', { most: req.formats.number(longestPdf) }) };
  return drawStatement(req, { ...(await readStatement(req, linesOnPage)), errors }).withStatus(422);
}

function drawStatement(req: CustomerRequest, statement: Statement): Page {
  return page('statements/statement', { title: req.t('statements.title'), statement, ageing: ageingColumns(statement.ageing), filterErrors: statement.errors, chart: statement.chart });
}

export const statementRoutes = [get('/billing/statement', showStatement), get('/billing/statement.pdf', downloadStatement), post('/billing/statement.pdf', (req: CustomerRequest) => startFile(req, 'statement-pdf'), { page: downloadStatement })];
