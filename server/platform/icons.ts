import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

const folder = path.join(path.dirname(createRequire(import.meta.url).resolve('bootstrap-icons/package.json')), 'icons');
const kept = new Map<string, string>();

/** An inlined SVG, hidden from screen readers: the words beside it say the same. Each file is read once. */
export function icon(name: string): string {
  let svg = kept.get(name);
  if (svg === undefined) {
    svg = readFileSync(path.join(folder, `${name}.svg`), 'utf8').replace('<svg ', '<svg aria-hidden="true" focusable="false" ');
    kept.set(name, svg);
  }
  return svg;
}
