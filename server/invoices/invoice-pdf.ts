import { readableOn } from '../platform/colour.ts';
import { PdfPages, type TextStyle } from '../platform/pdf-page.ts';
import { columnGap, drawTable, type PdfColumn } from '../platform/pdf-table.ts';

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
  totals: { label: string; value: string; strong?: boolean }[];
  /** `page` holds the places `{page}` and `{pages}`. */
  labels: { invoice: string; issued: string; due: string; billTo: string; page: string; memo: string };
  memo: string;
}

type ColumnName = 'description' | 'quantity' | 'unitPrice' | 'amount';

const ink = '#1f2933';
const muted = '#5f6b7a';
const hairline = '#d5dbe1';
const body: TextStyle = { font: 'regular', size: 9.5, leading: 14, color: ink };
const small: TextStyle = { font: 'regular', size: 8.5, leading: 12.5, color: muted };
const label: TextStyle = { font: 'semibold', size: 8.5, leading: 12.5, color: muted };
const name: TextStyle = { font: 'semibold', size: 14, leading: 20, color: ink };
const heading: TextStyle = { font: 'semibold', size: 24, leading: 32, color: ink };
const total: TextStyle = { font: 'semibold', size: 12, leading: 18, color: ink };
/** Where the right half begins, as a share of the width: the dates and the totals stand on one line. */
const middle = 0.56;

/** Draws in the calling thread: requests use `renderPdf` with this module and 'drawInvoice'. */
export async function drawInvoice(document: InvoiceDocument): Promise<Buffer> {
  const title = `${document.labels.invoice} ${document.number}`;
  const page = new PdfPages({ title: `${title}, ${document.portalName}`, author: document.portalName, lang: document.lang });
  const brand = readableOn('#ffffff', document.brandColor);
  drawLetterhead(page, document, brand);
  drawHeading(page, title, document.status, brand);
  drawParties(page, document);
  const totals = measureTotals(page, document.totals);
  const style = { head: label, body, ink, hairline };
  drawTable(page, { columns: columnsFor(page, document), rows: document.lines.map(cellsOf), style, reserve: totals.height });
  drawTotals(page, totals);
  if (document.memo.trim() !== '') drawMemo(page, document);
  return page.finish((number, pages) => drawFooter(page, `${document.portalName}  ·  ${title}`, pageText(document.labels.page, number, pages)));
}

function drawLetterhead(page: PdfPages, { portalName, businessInfo }: InvoiceDocument, brand: string): void {
  page.rule({ x: page.left, y: page.y, width: page.width, thickness: 3, color: brand });
  page.y += 16;
  const nameWidth = page.width * 0.55;
  const nameHeight = page.block('P', portalName, { style: name, x: page.left, width: nameWidth, most: 4 });
  const info = { style: small, x: page.left + nameWidth + columnGap, width: page.width - nameWidth - columnGap, align: 'right' as const };
  page.y += 6; // both first lines stand on one baseline
  page.y += Math.max(nameHeight, page.block('P', businessInfo, info)) + 24;
}

function drawHeading(page: PdfPages, title: string, status: string, brand: string): void {
  const statusWidth = Math.min(page.widthOf(status, label), 150);
  const titleWidth = page.width - statusWidth - 40;
  const height = page.block('H1', title, { style: { ...heading, color: brand }, x: page.left, width: titleWidth, most: 3 });
  if (status !== '') drawStatus(page, status, statusWidth);
  page.y += height + 16;
}

/** In a frame at the right of the heading's first line. */
function drawStatus(page: PdfPages, status: string, width: number): void {
  const top = page.y;
  page.y += (heading.leading - label.leading) / 2;
  const height = page.block('P', status, { style: { ...label, color: ink }, x: page.right - 10 - width, width, most: 3 });
  page.frame({ x: page.right - 20 - width, y: page.y - 4, width: width + 20, height: height + 8, color: muted });
  page.y = top;
}

function drawParties(page: PdfPages, { labels, billTo, issuedOn, dueOn }: InvoiceDocument): void {
  const facts: [term: string, text: string, from: number, to: number][] = [
    [labels.billTo, billTo.join('\n'), 0, 0.5], [labels.issued, issuedOn, middle, 0.76], [labels.due, dueOn ?? '', 0.8, 1],
  ];
  const heights = facts.filter(([, text]) => text !== '').map(([term, text, from, to]) => {
    const at = { x: page.left + page.width * from, width: page.width * (to - from) };
    const top = page.y;
    page.y += page.block('P', term, { ...at, style: label, most: 2 }) + 2;
    const height = page.y - top + page.block('P', text, { ...at, style: body });
    page.y = top;
    return height;
  });
  page.y += Math.max(0, ...heights) + 24;
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

type Totals = ReturnType<typeof measureTotals>;

/** The block is as wide as the right half, wider only where the figures would leave their labels no room. */
function measureTotals(page: PdfPages, totals: InvoiceDocument['totals']) {
  const styles = totals.map(({ strong }) => (strong ? total : body));
  const widest = Math.max(0, ...totals.map(({ value }, index) => page.widthOf(value, styles[index]!)));
  const valueWidth = Math.min(Math.ceil(widest), page.width / 2);
  const width = Math.max(page.width * (1 - middle), valueWidth + columnGap + 110);
  const rows = totals.map(({ label: term, value, strong }, index) => {
    const style = styles[index]!;
    const terms = page.wrap(term, style, width - valueWidth - columnGap);
    const values = page.wrap(value, style, valueWidth);
    const lines = Math.max(terms.length, values.length);
    return { terms, values, style, ruled: strong === true && index > 0, height: lines * style.leading + (strong ? 12 : 6) };
  });
  return { rows, left: page.right - width, height: rows.reduce((sum, row) => sum + row.height, 8) };
}

function drawTotals(page: PdfPages, { rows, left }: Totals): void {
  if (rows.length === 0) return;
  const table = page.element(page.root, 'Table');
  page.y += 8;
  for (const { terms, values, style, ruled, height } of rows) {
    if (height > page.room) page.breakPage();
    if (ruled) page.rule({ x: left, y: page.y + 2, width: page.right - left, thickness: 0.75, color: ink });
    const row = page.element(table, 'TR');
    const y = page.y + (ruled ? 8 : 3);
    page.into(page.element(row, 'TH', { scope: 'Row' }), () => page.print(terms, style, { x: left, y }));
    page.into(page.element(row, 'TD'), () => page.print(values, style, { x: page.right, y, align: 'right' }));
    page.y += height;
  }
}

function drawMemo(page: PdfPages, { labels, memo }: InvoiceDocument): void {
  page.y += 24;
  if (label.leading + 2 * body.leading > page.room) page.breakPage();
  page.y += page.block('H2', labels.memo, { style: label, x: page.left, width: page.width, most: 2 }) + 2;
  page.flow('P', memo.trim(), { style: body, width: Math.min(page.width, 390) });
}

function drawFooter(page: PdfPages, left: string, right: string): void {
  const y = page.bottom + 24;
  const room = Math.max(page.width / 2, page.width - page.widthOf(right, small) - columnGap);
  page.print(page.wrap(left, small, room).slice(0, 1), small, { x: page.left, y });
  page.print(page.wrap(right, small, page.width / 2 - columnGap).slice(0, 1), small, { x: page.right, y, align: 'right' });
}

function pageText(pattern: string, page: number, pages: number): string {
  return pattern.replaceAll('{page}', String(page)).replaceAll('{pages}', String(pages));
}
