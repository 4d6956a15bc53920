import { buffer } from 'node:stream/consumers';
import { openPdf } from './document.ts';
import { plainText, shownText, wrapText, type FontName, type PdfLine } from './text.ts';

/** `size` and `leading` (baseline to baseline) are points. */
export interface TextStyle {
  font: FontName;
  size: number;
  leading: number;
  color: string;
}

export interface PdfBlock {
  style: TextStyle;
  x: number;
  width: number;
  align?: 'left' | 'right';
  /** Lines. */
  most?: number;
}

export type PdfElement = PDFKit.PDFStructureElement;

const mostPages = 500;

/** The frame around the text of every page, in points. */
const margins = { top: 48, side: 54, bottom: 68 };

/**
 * Tagged pages with a cursor `y` that only callers move. Whatever is drawn stands inside `into` (it is read out, under an
 * element of the structure tree) or inside `artifact` (rules, repeated heads, page numbers: seen only).
 */
export class PdfPages {
  readonly left = margins.side;
  readonly top = margins.top;
  readonly right: number;
  readonly bottom: number;
  readonly root: PdfElement;
  y = margins.top;
  readonly #pdf: PDFKit.PDFDocument;
  readonly #types = new WeakMap<PdfElement, string>();

  /** The region of `lang` (BCP 47) picks the paper. */
  constructor(about: { title: string; author: string; lang: string }) {
    this.#pdf = openPdf(about);
    this.right = this.#pdf.page.width - margins.side;
    this.bottom = this.#pdf.page.height - margins.bottom;
    this.root = this.#pdf.struct('Document');
    this.#pdf.addStructure(this.root);
  }

  get width(): number {
    return this.right - this.left;
  }

  /** How much can still be drawn on this page. */
  get room(): number {
    return this.bottom - this.y;
  }

  /** Throws when the document grows past `mostPages`. */
  breakPage(): void {
    if (this.#pdf.bufferedPageRange().count >= mostPages) throw new Error(`a PDF of more than ${mostPages} pages`);
    this.#pdf.addPage();
    this.y = this.top;
  }

  /** A child of `parent` of a standard structure type: H1, P, Table, TR, TH, TD … Siblings are read in the order they are made. */
  element(parent: PdfElement, type: string, options: { scope?: 'Column' | 'Row' } = {}): PdfElement {
    const element = this.#pdf.struct(type, options as PDFKit.Mixins.StructureElementOptions); // its types lack `scope`
    this.#types.set(element, type);
    parent.add(element);
    return element;
  }

  /** What `draw` draws on this page belongs to the element; again on the next page for an element that goes on there. */
  into(element: PdfElement, draw: () => void): void {
    const content = this.#pdf.markStructureContent(this.#types.get(element) ?? 'P');
    draw();
    this.#pdf.endMarkedContent();
    element.add(content);
  }

  artifact(type: 'Layout' | 'Pagination', draw: () => void): void {
    this.#pdf.markContent('Artifact', { type });
    draw();
    this.#pdf.endMarkedContent();
  }

  wrap(text: string, style: TextStyle, width: number): PdfLine[] {
    this.#choose(style);
    return wrapText(text, width, (piece) => this.#pdf.widthOfString(piece));
  }

  /** The width of the text's longest line, not wrapped. */
  widthOf(text: string, style: TextStyle): number {
    this.#choose(style);
    return plainText(text).split('\n').reduce((widest, line) => Math.max(widest, this.#pdf.widthOfString(shownText(line))), 0);
  }

  /** Draws lines downwards from `y` (the cursor, when not given), from the left edge `x` or up to the right edge `x`. */
  print(lines: PdfLine[], style: TextStyle, at: { x: number; y?: number; align?: 'left' | 'right' }): void {
    this.#choose(style).fillColor(style.color);
    const top = (at.y ?? this.y) + (style.leading - this.#pdf.currentLineHeight()) / 2;
    lines.forEach((line, index) => {
      const start = at.align === 'right' ? at.x - this.#pdf.widthOfString(line.text.trimEnd()) : at.x;
      this.#printLine(line, start, top + index * style.leading);
    });
  }

  /** A tagged paragraph at the cursor, on this page, cut with an ellipsis after `most` lines. Gives its height; moves nothing. */
  block(type: string, text: string, { style, x, width, align, most = 12 }: PdfBlock): number {
    const lines = cut(this.wrap(text, style, width), most);
    const edge = align === 'right' ? x + width : x;
    this.into(this.element(this.root, type), () => this.print(lines, style, { x: edge, ...(align && { align }) }));
    return lines.length * style.leading;
  }

  /** A tagged paragraph from the cursor on, over as many pages as it takes. */
  flow(type: string, text: string, { style, width }: { style: TextStyle; width: number }): void {
    const element = this.element(this.root, type);
    let left = this.wrap(text, style, width);
    while (left.length > 0) {
      if (this.room < style.leading) this.breakPage();
      const here = left.slice(0, Math.floor(this.room / style.leading));
      this.into(element, () => this.print(here, style, { x: this.left }));
      this.y += here.length * style.leading;
      left = left.slice(here.length);
    }
  }

  /** A level line across `y`. */
  rule({ x, y, width, thickness, color }: { x: number; y: number; width: number; thickness: number; color: string }): void {
    this.artifact('Layout', () => this.#pdf.rect(x, y - thickness / 2, width, thickness).fill(color));
  }

  frame({ x, y, width, height, color }: { x: number; y: number; width: number; height: number; color: string }): void {
    this.artifact('Layout', () => this.#pdf.roundedRect(x, y, width, height, 4).lineWidth(0.75).stroke(color));
  }

  /** `footer` draws once on each page, when the number of pages is known. */
  finish(footer: (page: number, pages: number) => void): Promise<Buffer> {
    const { count } = this.#pdf.bufferedPageRange();
    for (let page = 0; page < count; page += 1) {
      this.#pdf.switchToPage(page);
      this.artifact('Pagination', () => footer(page + 1, count));
    }
    this.#pdf.end();
    return buffer(this.#pdf);
  }

  #choose(style: TextStyle): PDFKit.PDFDocument {
    return this.#pdf.font(style.font).fontSize(style.size);
  }

  #printLine(line: PdfLine, x: number, y: number): void {
    const print = () => this.#pdf.text(line.text, x, y, { lineBreak: false });
    if (line.actual === undefined) print();
    else this.#spellOut(line.actual, print);
  }

  /** pdfkit turns the page upside down; some readers place the text by how the page stands where the mark ends, so it is turned back there. */
  #spellOut(actual: string, print: () => void): void {
    const turn = () => this.#pdf.transform(1, 0, 0, -1, 0, this.#pdf.page.height);
    this.#pdf.save();
    turn().markContent('Span', { actual });
    turn();
    print();
    turn().endMarkedContent();
    this.#pdf.restore();
  }
}

function cut(lines: PdfLine[], most: number): PdfLine[] {
  const last = lines[most - 1];
  if (!last || lines.length <= most) return lines;
  return [...lines.slice(0, most - 1), { ...last, text: `${last.text.slice(0, -2)}…` }];
}
