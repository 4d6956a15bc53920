import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as fontkit from 'fontkit';

export type FontName = 'regular' | 'semibold';

/** What a line shows; and what it says, where its glyphs do not tell: screen readers, search and copying get `actual`. */
export interface PdfLine {
  text: string;
  actual?: string;
}

/** Parsed once per process: reading a font costs ten times as much as drawing an invoice with it. */
export const fonts: Record<FontName, fontkit.Font> = {
  regular: readFont('400Regular/NotoSans_400Regular.ttf'),
  semibold: readFont('600SemiBold/NotoSans_600SemiBold.ttf'),
};

const tabs = /\t/g;
const breaks = /\r\n?|[\u2028\u2029\v\f]/g;
// Unassigned and private use characters stay: they are shown as a substitute. A direction override would show other words than it says.
const unprintable = /[\p{Cc}\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffc]/gu;

/** Plain text in one form: composed letters, `\n` the only control character, no direction overrides, no lone surrogates. */
export function plainText(text: string): string {
  const oneForm = text.toWellFormed().normalize('NFC').replace(tabs, ' ').replace(breaks, '\n');
  return oneForm.replace(/[\ufb00-\ufb06]/g, (ligature) => ligature.normalize('NFKC')).replace(unprintable, (character) => (character === '\n' ? character : ''));
}

/**
 * Breaks into lines no wider than `width`; a word that is wider by itself is cut. `measure` gives the width of a printable
 * text. A line that ends between words keeps one space, or it would be read out as one word with the next line.
 */
export function wrapText(text: string, width: number, measure: (text: string) => number): PdfLine[] {
  const paragraphs = plainText(text).trimEnd().replace(/ *\n/g, ' \n').split('\n');
  return paragraphs.flatMap((paragraph) => wrapParagraph(paragraph, width, measure));
}

/** The text with U+FFFD for each letter that the font lacks. */
export function shownText(text: string): string {
  return /^[ -~]*$/.test(text) ? text : text.replace(unknownLetters, '\ufffd');
}

// A break may follow spaces, and a hyphen or slash between letters; never the sign of a number.
const breakPoints = /(?<= )(?! )|(?<=\p{L}[-\u2013\u2014/])(?=\p{L})/u;

// Noto Sans draws these from parts, or in another order than they are written in: their glyphs do not say them.
const retold = /[\p{M}\p{Script=Devanagari}\u01f9\u1e3f\u1e43\u1e45\u1e63\u1eb9\u1ecb\u1ecd\u1ee5\u200c]|\u200d/u;

const unknownLetters = unknownTo(fonts.regular);

function wrapParagraph(paragraph: string, width: number, measure: (text: string) => number): PdfLine[] {
  const lines: PdfLine[] = [];
  let line = '';
  let used = 0;
  const endLine = () => {
    lines.push(pdfLine(line.replace(/ +$/, ' ')));
    line = '';
    used = 0;
  };
  for (const piece of piecesOf(paragraph, width, measure)) {
    if (line !== '' && used + piece.width > width) endLine();
    line += piece.text;
    used += piece.advance;
  }
  endLine();
  return lines;
}

interface Piece {
  text: string;
  /** Without the spaces it ends with, which may stand beyond the end of the line; `advance` is with them. */
  width: number;
  advance: number;
}

/** Words; one too wide for a line falls into its letters, each with its accents, so that it fills the line it begins on. */
function* piecesOf(paragraph: string, width: number, measure: (text: string) => number): Generator<Piece> {
  for (const word of paragraph.split(breakPoints)) {
    const whole = pieceOf(word, measure);
    if (whole.width <= width) yield whole;
    else for (const [letter] of word.matchAll(/\P{M}\p{M}*|\p{M}+/gu)) yield pieceOf(letter, measure);
  }
}

function pieceOf(text: string, measure: (text: string) => number): Piece {
  const advance = measure(shownText(text));
  const spaces = text.length - text.trimEnd().length;
  return { text, advance, width: spaces === 0 ? advance : advance - spaces * measure(' ') };
}

function pdfLine(text: string): PdfLine {
  const shown = shownText(text);
  return shown === text && !retold.test(text) ? { text } : { text: shown, actual: text };
}

/** One letter with the marks that follow it is one substitute. */
function unknownTo(font: fontkit.Font): RegExp {
  const known = font.characterSet.map((codePoint) => `\\u{${codePoint.toString(16)}}`).join('');
  return new RegExp(`[^${known}][\\p{M}\\u200d\\ufe0f]*`, 'gu');
}

/** One sign for 'ffi' and the like: read out, searched and copied as its letters. */
function isLigature(codePoint: number): boolean {
  return codePoint >= 0xfb00 && codePoint <= 0xfb06;
}

function readFont(file: string): fontkit.Font {
  const path = fileURLToPath(import.meta.resolve(`@expo-google-fonts/noto-sans/${file}`));
  const font = fontkit.create(readFileSync(path)) as fontkit.Font;
  // A glyph remembers the letter it was first asked for. Asked for as a part of another one it would remember none, and be mute in every later document.
  for (const codePoint of font.characterSet) if (!isLigature(codePoint)) font.glyphForCodePoint(codePoint);
  font.layout('ff fi fl ffi ffl');
  return font;
}
