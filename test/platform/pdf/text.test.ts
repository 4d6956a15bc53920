import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { fonts, plainText, wrapText, type FontName } from '../../../server/platform/pdf/text.ts';

const tenWide = (text: string) => text.length * 10;
const linesOf = (text: string, width: number) => wrapText(text, width, tenWide).map((line) => line.text);

describe('text for a PDF', () => {
  for (const name of Object.keys(fonts) as FontName[]) {
    it(`says every letter that ${name} has: by its glyph, or spelled out`, () => {
      const letters = fonts[name].characterSet.map((codePoint) => String.fromCodePoint(codePoint)).filter((letter) => plainText(letter).trim() !== '');
      const silent = letters.filter((letter) => saidBy(name, plainText(letter)) !== plainText(letter));
      assert.deepEqual(silent, []);
    });
  }

  it('breaks between words and keeps one space, so that two lines are not read as one word', () => {
    assert.deepEqual(linesOf('one two   three', 80), ['one two ', 'three']);
    assert.deepEqual(linesOf('one\n\ntwo', 80), ['one ', ' ', 'two']);
  });

  it('breaks after a hyphen or slash between letters, never after the sign of a number', () => {
    assert.deepEqual(linesOf('semi-detached and/or', 100), ['semi-', 'detached ', 'and/or']);
    assert.deepEqual(linesOf('paid -12.50', 60), ['paid ', '-12.50']);
  });

  it('cuts a word that is wider than a line, and no accent from its letter', () => {
    assert.deepEqual(linesOf('abcdefgh', 30), ['abc', 'def', 'gh']);
    assert.deepEqual(linesOf('q\u0301q\u0301q\u0301', 40), ['q\u0301q\u0301', 'q\u0301']);
  });

  it('keeps a space that must not break', () => {
    assert.deepEqual(linesOf('to 1\u00a0234,50\u00a0€', 110), ['to ', '1\u00a0234,50\u00a0€']);
  });

  it('cuts a million letters in one word within the time of a request', function () {
    this.timeout(10_000);
    assert.equal(linesOf('x'.repeat(1_000_000), 600).length, Math.ceil(1_000_000 / 60));
  });
});

function saidBy(name: FontName, letter: string): string {
  const [line] = wrapText(letter, 1000, tenWide);
  return line?.actual ?? fonts[name].layout(letter).glyphs.map((glyph) => String.fromCodePoint(...glyph.codePoints)).join('');
}
