import { keptBy } from './kept.ts';
import { pageFiles } from './page-files.ts';

type Entry = string | Readonly<Record<string, string>>;
type Catalogue = ReadonlyMap<string, Entry>;
export type TextValues = Readonly<Record<string, string | number>>;
export type Translate = (key: string, values?: TextValues) => string;

export const languages = ['en', 'es'] as const;
export type Language = (typeof languages)[number];

const plurals = new Map(languages.map((language) => [language, new Intl.PluralRules(language)]));

export function languageOf(locale: string): Language {
  const short = locale.slice(0, 2);
  return languages.find((language) => language === short) ?? 'en';
}

/** Put together when its first word is needed. */
export const catalogue: (language: Language) => Catalogue = keptBy(load);

/**
 * The words for a key like 'invoices.title': views/invoices/en.json, entry "title". {name} is replaced from the values;
 * an entry with plural forms ({"one": …, "other": …}) is chosen by values.count. An unknown key is shown as it is.
 */
export function translator(language: Language, always: TextValues = {}): Translate {
  const texts = catalogue(language);
  return (key, values = {}) => {
    const entry = texts.get(key);
    if (entry === undefined) return key;
    const text = typeof entry === 'string' ? entry : plural(entry, language, values);
    return text.includes('{') ? fill(text, values, always) : text;
  };
}

function plural(entry: Readonly<Record<string, string>>, language: Language, values: TextValues): string {
  return entry[plurals.get(language)?.select(Number(values['count'] ?? 0)) ?? 'other'] ?? entry['other'] ?? '';
}

/** A value that ends with a point ("2:30 p.m.") ends the sentence, too. */
function fill(text: string, values: TextValues, always: TextValues): string {
  const pieces = piecesOf(text);
  let said = pieces[0] ?? '';
  for (let at = 1; at < pieces.length; at += 3) {
    const [name = '', end = '', then = ''] = [pieces[at], pieces[at + 1], pieces[at + 2]];
    const value = String(values[name] ?? always[name] ?? `{${name}}`);
    said += (value.endsWith('.') ? value : value + end) + then;
  }
  return said;
}

/** What stands before the first name; then each name, the point after it and what follows. */
const piecesOf = keptBy((text) => text.split(/\{(\w+)\}(\.?)/));

function load(language: string): Catalogue {
  const entries = new Map<string, Entry>();
  for (const [file, text] of pageFiles) {
    const [folder, name] = file.split('/');
    if (name !== `${language}.json`) continue;
    for (const [key, entry] of Object.entries(readTexts(file, text))) entries.set(`${folder}.${key}`, entry);
  }
  return entries;
}

function readTexts(file: string, text: string): Record<string, Entry> {
  try {
    return JSON.parse(text) as Record<string, Entry>;
  } catch (error) {
    throw new Error(`${file}: ${(error as Error).message}`, { cause: error });
  }
}
