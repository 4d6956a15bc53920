import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { catalogue } from '../../server/platform/text.ts';
import { serverFiles, views, type SourceFile } from './read-views.ts';

const english = catalogue('en');
const spanish = catalogue('es');
const sources = [...serverFiles, ...views];
const folders = new Set([...english.keys()].map((key) => key.slice(0, key.indexOf('.'))));

const formsOf = (key: string, texts = english): readonly string[] => {
  const entry = texts.get(key) ?? '';
  return typeof entry === 'string' ? [entry] : Object.values(entry);
};
/** The organization's own words ({accountOne}) are always there, and a language may do without. */
const placeholders = (text: string): string => [...new Set([...text.matchAll(/\{((?!account(?:One|Many)\})\w+)\}/g)].map(([found]) => found))].toSorted().join();
/** Sentences of the sources, which keep their own words. */
const quoted = new Set(['temporary-passwords.mail-case', 'invitations.letter-body']);
const isKey = (text: string): boolean => folders.has(text.slice(0, text.indexOf('.'))) && /^[a-z-]+\.[\w.-]+$/.test(text);

describe('texts', () => {
  it('every text that is asked for exists', () => {
    const missing = sources.flatMap(({ name, text }) => [...keysAskedIn({ name, text })].filter((key) => !english.has(key)).map((key) => `${name}: ${key}`));
    assert.deepEqual(missing, []);
  });

  it('every text exists in both languages, with the same places to fill in', () => {
    assert.deepEqual([...english.keys()].toSorted(), [...spanish.keys()].toSorted());
    const unlike = [...english.keys()].filter((key) => {
      const places = new Set([...formsOf(key), ...formsOf(key, spanish)].map(placeholders));
      return places.size > 1 && typeof english.get(key) === 'string';
    });
    assert.deepEqual(unlike, []);
  });

  it('no text is left that nobody asks for', () => {
    const patterns = sources.flatMap(({ text }) => keyPatterns(text));
    const literals = new Set(sources.flatMap(({ text }) => [...text.matchAll(/['"]([\w.-]+)['"]/g)].map(([, found = '']) => found)));
    const ends = sources.flatMap(({ text }) => [...text.matchAll(/`\$\{\w+(?:\.\w+)*\}(-[a-z-]+)`/g)].map(([, end = '']) => end));
    const isAsked = (key: string): boolean => literals.has(key) || ends.some((end) => key.endsWith(end) && literals.has(key.slice(0, -end.length)));
    const unused = [...english.keys()].filter((key) => !isAsked(key) && !patterns.some((pattern) => pattern.test(key)));
    assert.deepEqual(unused, []);
  });

  it('texts shout nothing, beg nothing and speak no code', () => {
    const wrong = /!|\bplease\b|successful|\bpor favor\b|con éxito|\b(?:tenant|ledger|entity|null|undefined)\b/i;
    const spoken = [...english.keys()].filter((key) => !quoted.has(key)).flatMap((key) => [...formsOf(key), ...formsOf(key, spanish)].filter((text) => wrong.test(text)).map((text) => `${key}: ${text}`));
    assert.deepEqual(spoken, []);
  });

  it('the Spanish keeps to its glossary: one term for one thing, and nobody called by a gender we do not know', () => {
    const other = /(?<!\p{L})(?:importes?|caduc\p{L}*|añad\p{L}*|puls(?:e|ando)|asistencia|compañer\p{L}+|tickets?|medios? de pago|pagos? anticipados?|sustitu\p{L}+|tú|tus?|te|puedes|tienes|haz)(?!\p{L})|(?:los|las|el|la|una?|un[oa]s|est[ae]s?|estos) \{account(?:One|Many)\}/iu;
    const wrong = [...spanish.keys()].flatMap((key) => formsOf(key, spanish).filter((text) => other.test(text.replace('que importe', ''))).map((text) => `${key}: ${text}`));
    assert.deepEqual(wrong, []);
  });
});

/** The literal keys inside calls of t(…), and the messages of forms, which are keys too. */
function keysAskedIn({ text }: SourceFile): Set<string> {
  const calls = [...text.matchAll(/(?<![\w$])t\(((?:[^()]|\([^()]*\))*)\)/g)].map(([, inside = '']) => inside.split(/,\s*\{/)[0] ?? '');
  const literals = calls.flatMap((inside) => [...inside.matchAll(/['"]([\w.-]+)['"]/g)].map(([, found = '']) => found));
  const messages = [...text.matchAll(/'(forms\.[\w-]+)'/g)].map(([, found = '']) => found).filter((found) => found !== 'forms.');
  return new Set([...literals.filter(isKey), ...messages]);
}

/** `invoices.state-${state}` asks for every key of that shape. */
function keyPatterns(text: string): RegExp[] {
  const templates = [...text.matchAll(/`([a-z-]+\.[^`\s]*\$\{[^`]*)`/g)].map(([, found = '']) => found);
  const shapes = templates.map((template) => template.replace(/\$\{[^}]*\}/g, '§').replace(/[.*+?^()[\]\\|{}]/g, '\\$&').replaceAll('§', '.+'));
  return shapes.filter((shape) => shape.length > 5).map((shape) => new RegExp(`^${shape}$`));
}
