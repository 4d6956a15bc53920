import type { PdfLine } from './text.ts';
import type { PdfElement, PdfPages, TextStyle } from './page.ts';

export interface PdfColumn {
  label: string;
  /** Points. The columns and the gaps between them fill the width of the page. */
  width: number;
  align: 'left' | 'right';
}

export interface PdfTable {
  columns: PdfColumn[];
  rows: string[][];
  style: { head: TextStyle; body: TextStyle; ink: string; hairline: string };
  /** The height of what follows (totals), in points: the last row, or the end of a very tall one, moves to where there is room for both. */
  reserve: number;
}

export const columnGap = 16;
const padding = 5;

/** Draws a table from the cursor on, over as many pages as it takes, its head repeated on each. */
export function drawTable(page: PdfPages, { columns, rows, style, reserve }: PdfTable): void {
  const table = new Table(page, columns, style);
  table.begin(rows[0]);
  rows.forEach((row, index) => table.drawRow(row, index === rows.length - 1 ? reserve : 0));
}

class Table {
  readonly #page: PdfPages;
  readonly #style: PdfTable['style'];
  readonly #columns: PdfColumn[];
  readonly #table: PdfElement;
  readonly #head: PdfLine[][];

  constructor(page: PdfPages, columns: PdfColumn[], style: PdfTable['style']) {
    this.#page = page;
    this.#style = style;
    this.#columns = columns;
    this.#table = page.element(page.root, 'Table');
    this.#head = this.#wrap(columns.map((column) => column.label), style.head);
  }

  begin(firstRow: string[] | undefined): void {
    const first = firstRow ? tallest(this.#wrap(firstRow, this.#style.body)) : 0;
    if (this.#headHeight + this.#height(Math.min(first, 3)) > this.#page.room) this.#page.breakPage();
    const cells = this.#cells('TH');
    this.#drawHead((index, draw) => this.#page.into(cells[index]!, draw));
  }

  drawRow(texts: string[], reserve: number): void {
    const cells = this.#cells('TD');
    let left = this.#wrap(texts, this.#style.body);
    while (tallest(left) > 0) {
      const count = this.#linesHere(tallest(left), Math.min(reserve, this.#emptyRoom / 2));
      this.#page.y += padding;
      this.#print(left.map((lines) => lines.slice(0, count)), this.#style.body, (index, draw) => this.#page.into(cells[index]!, draw));
      this.#page.y += count * this.#style.body.leading + padding;
      left = left.map((lines) => lines.slice(count));
      if (tallest(left) > 0) this.#breakPage();
    }
    this.#rule(0.5, this.#style.hairline);
  }

  /** How many of a row's lines to draw on this page; turns the page first where that keeps the row in one piece. */
  #linesHere(lines: number, reserve: number): number {
    const needed = this.#height(lines) + reserve;
    if (needed > this.#page.room && (needed <= this.#emptyRoom || this.#fitting < 3)) this.#breakPage();
    return needed <= this.#page.room ? lines : Math.max(1, Math.min(this.#fitting, lines - 1));
  }

  get #fitting(): number {
    return Math.floor((this.#page.room - 2 * padding) / this.#style.body.leading);
  }

  /** The room on a page that holds nothing but the head. */
  get #emptyRoom(): number {
    return this.#page.bottom - this.#page.top - this.#headHeight;
  }

  get #headHeight(): number {
    return tallest(this.#head) * this.#style.head.leading + padding;
  }

  #height(lines: number): number {
    return lines * this.#style.body.leading + 2 * padding;
  }

  #breakPage(): void {
    this.#page.breakPage();
    this.#drawHead((_index, draw) => this.#page.artifact('Pagination', draw));
  }

  #drawHead(put: (index: number, draw: () => void) => void): void {
    this.#print(this.#head, this.#style.head, put);
    this.#page.y += this.#headHeight;
    this.#rule(0.75, this.#style.ink);
  }

  #rule(thickness: number, color: string): void {
    this.#page.rule({ x: this.#page.left, y: this.#page.y, width: this.#page.width, thickness, color });
  }

  #cells(type: 'TH' | 'TD'): PdfElement[] {
    const row = this.#page.element(this.#table, 'TR');
    return this.#columns.map(() => this.#page.element(row, type, type === 'TH' ? { scope: 'Column' } : {}));
  }

  #wrap(texts: string[], style: TextStyle): PdfLine[][] {
    return texts.map((text, index) => this.#page.wrap(text, style, this.#columns[index]!.width));
  }

  #print(cells: PdfLine[][], style: TextStyle, put: (index: number, draw: () => void) => void): void {
    let x = this.#page.left;
    this.#columns.forEach(({ width, align }, index) => {
      const edge = align === 'left' ? x : x + width;
      const lines = cells[index] ?? [];
      if (lines.length > 0) put(index, () => this.#page.print(lines, style, { x: edge, align }));
      x += width + columnGap;
    });
  }
}

function tallest(cells: PdfLine[][]): number {
  return Math.max(...cells.map((lines) => lines.length));
}
