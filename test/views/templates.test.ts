import assert from 'node:assert/strict';
import ejs from 'ejs';
import { describe, it } from 'mocha';
import { iconsOfPage } from '../../server/platform/icons.ts';
import { markupOf, serverFiles, views } from './read-views.ts';

/** Mail programs know neither our style sheet nor classes. */
const mails = new Set(['messages/mail.ejs']);
const pages = views.filter(({ name }) => !mails.has(name));

const linesOf = (text: string): number => text.trimEnd().split('\n').length;
const find = (files: typeof views, pattern: RegExp): string[] =>
  files.flatMap(({ name, text }) => [...text.matchAll(pattern)].map(([found]) => `${name}: ${found}`));

describe('templates', () => {
  it('every template compiles', () => {
    for (const { name, text } of views) assert.doesNotThrow(() => ejs.compile(text, { strict: true, localsName: 'it', filename: name }), name);
  });

  it('a view prints unescaped only what was drawn or made by us: includes, the body, icons', () => {
    const raw = find(views, /<%-(?!\s*(?:include\(|it\.(?:body|iconSheet\(\))\s*%>|it\.icon\())[^]*?%>/g);
    assert.deepEqual(raw.filter((found) => !found.startsWith('messages/')), []);
  });

  it('no page holds a style, a script or a handler of its own: the security policy would refuse it', () => {
    const markup = pages.map(({ name, text }) => ({ name, text: markupOf(text) }));
    assert.deepEqual(find(markup, /<style|<script(?![^>]*\ssrc=)|<[a-z][^>]*\s(?:style|on[a-z]+)=|javascript:/gi), []);
  });

  it('no page holds words of its own: they come from the catalogues', () => {
    const words = pages.flatMap(({ name, text }) => {
      const between = markupOf(text).replace(/<!doctype html>/i, '').replace(/<[^>]*>/g, '\n').replace(/&\w+;/g, '');
      return [...between.matchAll(/[^\n§]*\p{L}{2,}[^\n§]*/gu)].map(([found]) => `${name}: ${found.trim()}`);
    });
    assert.deepEqual(words, []);
  });

  it('no page holds a name for screen readers of its own either', () => {
    const markup = pages.map(({ name, text }) => ({ name, text: markupOf(text) }));
    assert.deepEqual(find(markup, /\s(?:aria-label|title|placeholder|alt)="[^"]*\p{L}[^"]*"/gu), []);
  });

  it('every icon that is named exists', () => {
    const named = [...views, ...serverFiles].flatMap(({ text }) => [...text.matchAll(/(?:\bicon\(|\b(?:icon|glyph): )'([\w-]+)'/g)]);
    const page = iconsOfPage();
    for (const [, name = ''] of named) page.icon(name);
    assert.ok(named.length > 20);
    assert.doesNotThrow(page.iconSheet);
  });

  it('views are short: none above 120 lines, nine of ten up to 60, half up to 25', () => {
    const sizes = views.map(({ text }) => linesOf(text)).toSorted((a, b) => a - b);
    const share = (part: number): number => sizes[Math.floor(sizes.length * part)] ?? 0;
    const long = views.filter(({ text }) => linesOf(text) > 120).map(({ name }) => name);
    assert.deepEqual({ long, most: share(0.9) <= 60, half: share(0.5) <= 25 }, { long: [], most: true, half: true }, `90 % ${share(0.9)}, 50 % ${share(0.5)}`);
  });

  it('no view is left that nothing draws', () => {
    const asked = views.map(({ text }) => text).join('\n');
    const unused = views.filter(({ name }) => /^(?:components|layouts)\//.test(name)).map(({ name }) => name.slice(0, -4));
    const drawn = (name: string): boolean => asked.includes(`'${name}'`) || name.startsWith('components/control-') || /layouts\/(?:portal|door|staff|plain)$/.test(name);
    assert.deepEqual(unused.filter((name) => !drawn(name)), []);
  });
});
