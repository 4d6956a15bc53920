import { readableOn } from '../platform/colour.ts';
import { drawFacts, drawHeading, drawLetterhead, drawTotals, footer, letter, measureTotals, middle, type TotalLine } from '../platform/pdf/letter.ts';
import { PdfPages } from '../platform/pdf/page.ts';
import { columnGap, drawTable, type PdfColumn } from '../platform/pdf/table.ts';

/** Every text is in the reader's language already: this file formats no amount, date or number but the page's. */
export interface InvoiceDocument {
  /** BCP 47; its region picks the paper (Letter for en-US, A4 for en-GB or plain en). */
  lang: string;
  portalName: string;
  /** Address, telephone, e-mail: one per line. */
  businessInfo: string;
  /** `#rrggbb`; darkened where it could not be read on white. */
  brandColor: string;
  number: string;
  issuedOn: string;
  dueOn: string | null;
  status: string;
  billTo: string[];
  columns: Record<ColumnName, string>;
  lines: Record<ColumnName, string>[];
  totals: TotalLine[];
  /** `page` holds the places `{page}` and `{pages}`. */
  labels: { invoice: string; issued: string; due: string; billTo: string; page: string; memo: string };
  memo: string;
}

type ColumnName = 'description' | 'quantity' | 'unitPrice' | 'amount';

const { body, label, ink, hairline } = letter;

/** Draws in the calling thread: requests use `renderPdf` with this module and 'drawInvoice'. */
export async function drawInvoice(document: InvoiceDocument): Promise<Buffer> {
  const title = `${document.labels.invoice} ${document.number}`;
  const page = new PdfPages({ title: `${title}, ${document.portalName}`, author: document.portalName, lang: document.lang });
  const brand = readableOn('#ffffff', document.brandColor);
  drawLetterhead(page, document, brand);
  drawHeading(page, { title, status: document.status, brand });
  drawParties(page, document);
  const totals = measureTotals(page, document.totals);
  drawTable(page, { columns: columnsFor(page, document), rows: document.lines.map(cellsOf), style: { head: label, body, ink, hairline }, reserve: totals.height });
  drawTotals(page, totals);
  if (document.memo.trim() !== '') drawMemo(page, document);
  return page.finish(footer(page, `${document.portalName}  ·  ${title}`, document.labels.page));
}

function drawParties(page: PdfPages, { labels, billTo, issuedOn, dueOn }: InvoiceDocument): void {
  drawFacts(page, [[labels.billTo, billTo.join('\n'), 0, 0.5], [labels.issued, issuedOn, middle, 0.76], [labels.due, dueOn ?? '', 0.8, 1]]);
}

const figures = ['quantity', 'unitPrice', 'amount'] as const;

/** Columns of figures are as wide as their widest figure, up to a quarter of the page; the description has the rest. */
function columnsFor(page: PdfPages, { columns, lines }: InvoiceDocument): PdfColumn[] {
  const right = figures.map((key): PdfColumn => {
    const widths = lines.map((line) => page.widthOf(line[key], body));
    const width = Math.max(36, page.widthOf(columns[key], label), ...widths);
    return { label: columns[key], width: Math.min(Math.ceil(width), page.width / 4), align: 'right' };
  });
  const taken = right.reduce((sum, column) => sum + column.width + columnGap, 0);
  return [{ label: columns.description, width: page.width - taken, align: 'left' }, ...right];
}

function cellsOf(line: InvoiceDocument['lines'][number]): string[] {
  return [line.description, ...figures.map((key) => line[key])];
}

function drawMemo(page: PdfPages, { labels, memo }: InvoiceDocument): void {
  page.y += 24;
  if (label.leading + 2 * body.leading > page.room) page.breakPage();
  page.y += page.block('H2', labels.memo, { style: label, x: page.left, width: page.width, most: 2 }) + 2;
  page.flow('P', memo.trim(), { style: body, width: Math.min(page.width, 390) });
}
