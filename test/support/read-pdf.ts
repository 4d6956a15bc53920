import { inflateSync } from 'node:zlib';

/** One run of text as it stands on a page; x and y are points from the bottom left corner, y of the baseline. */
export interface PdfText {
  text: string;
  x: number;
  y: number;
  font: string;
  size: number;
  isArtifact: boolean;
}

export interface ReadPdf {
  /** The file without its streams: objects, as text. */
  objects: Map<string, string>;
  pages: PdfText[][];
  /** The operators of each page. */
  contents: string[];
}

/** Reads back what pdfkit writes (one content stream per page, hexadecimal text, ToUnicode maps); no other PDF. */
export function readPdf(pdf: Uint8Array): ReadPdf {
  const file = Buffer.from(pdf).toString('latin1');
  const objects = new Map(objectsOf(file));
  const bodyOf = (reference: string | undefined) => objects.get(reference ?? '') ?? '';
  const kids = [...(/\/Kids \[([^\]]*)\]/.exec([...objects.values()].find((body) => body.includes('/Type /Pages')) ?? '')?.[1] ?? '').matchAll(/(\d+) 0 R/g)];
  const pages = kids.map(([, id]) => bodyOf(id));
  const contents = pages.map((page) => streamOf(bodyOf(/\/Contents (\d+) 0 R/.exec(page)?.[1])));
  const fonts = pages.map((page) => fontsOf(bodyOf(/\/Resources (\d+) 0 R/.exec(page)?.[1]), bodyOf));
  return { objects, contents, pages: contents.map((content, index) => textsOf(content, fonts[index] ?? new Map())) };
}

/** Everything a page says, in the order it is drawn, one line per run. */
export function wordsOf(pages: PdfText[][]): string {
  return pages.flat().map(({ text }) => text.trimEnd()).join('\n');
}

interface Font {
  name: string;
  letters: string[];
}

function* objectsOf(file: string): Generator<[string, string]> {
  const table = file.slice(Number(/startxref\n(\d+)/.exec(file)?.[1]));
  const offsets = [...table.matchAll(/^(\d{10}) 00000 n/gm)].map(([, offset]) => Number(offset));
  for (const [index, offset] of offsets.entries()) {
    const end = Math.min(...offsets.filter((other) => other > offset), file.length);
    yield [String(index + 1), file.slice(offset, end)];
  }
}

function streamOf(body: string): string {
  const start = body.indexOf('stream\n') + 'stream\n'.length;
  const bytes = Buffer.from(body.slice(start, body.lastIndexOf('\nendstream')), 'latin1');
  return (body.includes('/FlateDecode') ? inflateSync(bytes) : bytes).toString('latin1');
}

function fontsOf(resources: string, bodyOf: (reference: string | undefined) => string): Map<string, Font> {
  return new Map([...resources.matchAll(/\/(F\d+) (\d+) 0 R/g)].map(([, key = '', id]) => {
    const font = bodyOf(id);
    const map = streamOf(bodyOf(/\/ToUnicode (\d+) 0 R/.exec(font)?.[1]));
    const letters = [...map.matchAll(/> \[(.*)\]/g)].flatMap(([, row = '']) => [...row.matchAll(/<([^>]*)>/g)].map(([, codes = '']) => utf16(codes)));
    return [key, { name: /\/BaseFont \/(\S+)/.exec(font)?.[1] ?? '', letters }];
  }));
}

function utf16(hex: string): string {
  return String.fromCharCode(...(hex.match(/[0-9a-f]{4}/gi) ?? []).map((unit) => Number.parseInt(unit, 16)));
}

function textsOf(content: string, fonts: Map<string, Font>): PdfText[] {
  const texts: PdfText[] = [];
  const marks: string[] = [];
  for (const [, text, mark] of content.matchAll(/^BT\n([^]*?)\nET$|^(\/\w+ (?:BMC|<<)|EMC$)/gm)) {
    if (text !== undefined) texts.push({ ...runOf(text, fonts), isArtifact: marks.some((open) => open.startsWith('/Artifact')) });
    else if (mark === 'EMC') marks.pop();
    else marks.push(mark ?? '');
  }
  return texts;
}

function runOf(operators: string, fonts: Map<string, Font>): Omit<PdfText, 'isArtifact'> {
  const [, x, y] = /1 0 0 1 (\S+) (\S+) Tm/.exec(operators) ?? [];
  const [, key = '', size] = /\/(F\d+) (\S+) Tf/.exec(operators) ?? [];
  const font = fonts.get(key);
  const glyphs = [...operators.matchAll(/<([0-9a-f]+)>/g)].flatMap(([, hex = '']) => hex.match(/.{4}/g) ?? []);
  const text = glyphs.map((glyph) => font?.letters[Number.parseInt(glyph, 16)] ?? '\0').join('');
  return { text, x: Number(x), y: Number(y), size: Number(size), font: font?.name ?? '' };
}
