import { readableOn } from '../platform/colour.ts';
import { drawFacts, drawHeading, drawLetterhead, drawTotals, footer, letter, measureTotals, type TotalLine } from '../platform/pdf/letter.ts';
import { PdfPages } from '../platform/pdf/page.ts';
import { columnGap, drawTable, type PdfColumn } from '../platform/pdf/table.ts';

/** A paper with lines of money: a statement or a history. Every text is in the reader's language already. */
export interface LinesDocument {
  /** BCP 47; its region picks the paper. */
  lang: string;
  portalName: string;
  businessInfo: string;
  /** `#rrggbb`. */
  brandColor: string;
  title: string;
  /** Up to three, side by side. */
  facts: { term: string; text: string }[];
  columns: Record<ColumnName, string>;
  lines: Record<ColumnName, string>[];
  /** Instead of a table without lines. */
  empty: string;
  totals: TotalLine[];
  /** How old the balance is, in columns of one row; none is no table. */
  ageing: { heading: string; columns: { label: string; value: string }[] } | null;
  notes: string[];
  /** With the places {page} and {pages}. */
  pageLabel: string;
}

type ColumnName = 'date' | 'what' | 'charge' | 'payment' | 'balance';
const figures = ['charge', 'payment', 'balance'] as const;
const style = { head: letter.label, body: letter.body, ink: letter.ink, hairline: letter.hairline };

/** Draws in the calling thread: requests use `renderPdf` with this module and 'drawLines'. */
export async function drawLines(document: LinesDocument): Promise<Buffer> {
  const { title, portalName, facts, lines } = document;
  const page = new PdfPages({ title: `${title}, ${portalName}`, author: portalName, lang: document.lang });
  const brand = readableOn('#ffffff', document.brandColor);
  drawLetterhead(page, document, brand);
  drawHeading(page, { title, status: '', brand });
  drawFacts(page, facts.map(({ term, text }, index) => [term, text, (facts.length < 4 ? [0, 0.45, 0.75] : [0, 0.35, 0.6, 0.8])[index] ?? 0, (facts.length < 4 ? [0.42, 0.72, 1] : [0.33, 0.58, 0.78, 1])[index] ?? 1]));
  const totals = measureTotals(page, document.totals);
  if (lines.length > 0) drawTable(page, { columns: columnsFor(page, document), rows: lines.map(cellsOf), style, reserve: totals.height });
  else page.y += page.block('P', document.empty, { style: letter.body, x: page.left, width: page.width });
  drawTotals(page, totals);
  drawAgeing(page, document.ageing);
  for (const note of document.notes) drawNote(page, note);
  return page.finish(footer(page, `${portalName}  ·  ${title}`, document.pageLabel));
}

/** Dates and figures are as wide as their widest; the description has the rest. */
function columnsFor(page: PdfPages, { columns, lines }: LinesDocument): PdfColumn[] {
  const fitted = (key: ColumnName, align: 'left' | 'right'): PdfColumn => {
    const width = Math.max(30, page.widthOf(columns[key], letter.label), ...lines.map((line) => page.widthOf(line[key], letter.body)));
    return { label: columns[key], width: Math.min(Math.ceil(width), page.width / 5), align };
  };
  const date = fitted('date', 'left');
  const right = figures.map((key) => fitted(key, 'right'));
  const taken = [date, ...right].reduce((sum, column) => sum + column.width + columnGap, 0);
  return [date, { label: columns.what, width: page.width - taken, align: 'left' }, ...right];
}

function cellsOf(line: LinesDocument['lines'][number]): string[] {
  return [line.date, line.what, ...figures.map((key) => line[key])];
}

function drawAgeing(page: PdfPages, ageing: LinesDocument['ageing']): void {
  if (!ageing) return;
  page.y += 24;
  const height = 90;
  if (height > page.room) page.breakPage();
  page.y += page.block('H2', ageing.heading, { style: letter.total, x: page.left, width: page.width, most: 2 }) + 6;
  const width = (page.width - columnGap * (ageing.columns.length - 1)) / ageing.columns.length;
  const columns = ageing.columns.map(({ label }): PdfColumn => ({ label, width, align: 'right' }));
  drawTable(page, { columns, rows: [ageing.columns.map(({ value }) => value)], style, reserve: 0 });
}

function drawNote(page: PdfPages, note: string): void {
  page.y += 14;
  page.flow('P', note, { style: letter.small, width: page.width });
}
