import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { keptForMany } from './kept.ts';

const folder = path.join(path.dirname(createRequire(import.meta.url).resolve('bootstrap-icons/package.json')), 'icons');
const kept = new Map<string, string>();

export interface PageIcons {
  /** A reference into the sheet, hidden from screen readers: the words beside it say the same. */
  readonly icon: (name: string) => string;
  /** What the references lead to; stands once on the page, after the last of them was drawn. */
  readonly iconSheet: () => string;
}

/** The icons of one page: a list of a hundred rows carries each drawing once. */
export function iconsOfPage(): PageIcons {
  const used = new Set<string>();
  return {
    icon: (name) => {
      used.add(name);
      return `<svg class="bi" aria-hidden="true"><use href="#i-${name}"/></svg>`;
    },
    iconSheet: () => sheetOf([...used].join(' ')),
  };
}

/** Pages of one kind show the same icons. */
const sheetOf = keptForMany((names: string) => `<svg class="icon-sheet" aria-hidden="true">${names.split(' ').filter(Boolean).map(symbol).join('')}</svg>`, 500);

/** Each file is read once. */
function symbol(name: string): string {
  let drawing = kept.get(name);
  if (drawing === undefined) {
    const paths = readFileSync(path.join(folder, `${name}.svg`), 'utf8').replace(/^<svg[^>]*>|<\/svg>\s*$/g, '').replace(/\n\s*/g, '');
    kept.set(name, (drawing = `<symbol id="i-${name}" viewBox="0 0 16 16" fill="currentColor">${paths}</symbol>`));
  }
  return drawing;
}
