import type { Maker } from '../exports/make-file.ts';
import { drawLinesPdf } from '../history-files/history-files.ts';
import { longestPdf, paperFor } from '../history-files/history-exports.ts';
import { statementDocument } from './statement-document.ts';
import { readStatement, statementName } from './statement.ts';

/** S2-1: a statement of many lines as a PDF. */
export const makeStatementPdf: Maker = async (making) => {
  const paper = await paperFor(making);
  const reader = { ...paper, query: making.asked.query };
  const statement = await making.within(() => readStatement(reader, longestPdf));
  await making.tell(0, statement.lines.length);
  const content = await drawLinesPdf(statementDocument(paper, statement), 120_000);
  return { name: statementName(reader, statement), type: 'application/pdf', content };
};
