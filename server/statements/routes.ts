import { file, page, type Page, type Reply } from '../platform/replies.ts';
import { get } from '../platform/routes.ts';
import type { CustomerRequest } from '../tenancy/people.ts';
import { drawLinesPdf } from '../transactions/history-files.ts';
import { mostPdfLines } from '../transactions/history-query.ts';
import { ageingColumns, statementDocument } from './statement-document.ts';
import { readStatement, type Statement } from './statement.ts';

const linesOnPage = 100;

async function showStatement(req: CustomerRequest): Promise<Reply> {
  return drawStatement(req, await readStatement(req, linesOnPage));
}

async function downloadStatement(req: CustomerRequest): Promise<Reply> {
  const statement = await readStatement(req, mostPdfLines);
  if (Object.keys(statement.errors).length > 0) return drawStatement(req, statement).withStatus(422);
  if (statement.next) {
    const errors = { from: req.t('transactions.too-long', { most: req.formats.number(mostPdfLines) }) };
    return drawStatement(req, { ...(await readStatement(req, linesOnPage)), errors }).withStatus(422);
  }
  const name = `${req.t('statements.file')}-${req.account.number}-${statement.from}-${statement.to}.pdf`;
  return file({ name, type: 'application/pdf', inline: true, make: () => drawLinesPdf(statementDocument(req, statement)) });
}

function drawStatement(req: CustomerRequest, statement: Statement): Page {
  return page('statements/statement', { title: req.t('statements.title'), statement, ageing: ageingColumns(statement.ageing), filterErrors: statement.errors });
}

export const statementRoutes = [get('/billing/statement', showStatement), get('/billing/statement.pdf', downloadStatement)];
