import path from 'node:path';
import ejs from 'ejs';
import { pageFiles } from './page-files.ts';

export const viewsFolder = path.join(import.meta.dirname, '../../views');

type Compiled = (it: object, escape: typeof escapeText, include: Include, rethrow: unknown) => string;
type Include = (name: string, data?: object) => string;

/** As it was written until it is drawn for the first time, and compiled from then on. */
const views = new Map<string, string | Compiled>();
for (const [file, text] of pageFiles) if (file.endsWith('.ejs')) views.set(file.slice(0, -4), text);

/**
 * Draws views/<name>.ejs. A view sees `it`: its own data above the frame (what every view may use). include(name, data)
 * draws another view, which sees the frame and exactly the data it is given. All views are read at start: drawing
 * touches no file.
 */
export function draw(name: string, data: object, frame: object): string {
  const template = viewOf(name);
  const include: Include = (other, given) => (given ? draw(other, given, frame) : viewOf(other)(frame, escapeText, include, undefined));
  const it = { ...frame, ...data };
  return template(it, escapeText, include, undefined);
}

function viewOf(name: string): Compiled {
  const view = views.get(name);
  if (view === undefined) throw new Error(`there is no view ${name}`);
  if (typeof view === 'function') return view;
  const compiled = compile(path.join(viewsFolder, `${name}.ejs`), view);
  views.set(name, compiled);
  return compiled;
}

/** Lines that only think: no blank line of them stands on the page. */
const silentLines = /^((?:<%(?![-=%])(?:(?!%>)[^])*%>)*<%(?![-=%])(?:(?!-?%>)[^])*)%>\n/gm;

/** EJS's own include resolves files at each call, ours never. */
function compile(file: string, text: string): Compiled {
  const options = { filename: file, strict: true, localsName: 'it', compileDebug: false };
  const template = new ejs.Template(text.replace(silentLines, '$1-%>\n'), options) as unknown as { compile(): unknown; source: string };
  template.compile();
  // The text is a file of ours, read at start.
  // oxlint-disable-next-line typescript/no-implied-eval
  return new Function('it', 'escapeFn', 'include', 'rethrow', `"use strict";\n${template.source}\n//# sourceURL=${file}`) as Compiled;
}

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&#34;', "'": '&#39;' };

function escapeText(value: string | number | boolean | null | undefined): string {
  if (value === undefined || value === null) return '';
  const text = String(value);
  // Most have nothing to escape, and a test is half the cost of a replacement.
  return /[&<>"']/.test(text) ? text.replace(/[&<>"']/g, (character) => escapes[character] ?? '') : text;
}
