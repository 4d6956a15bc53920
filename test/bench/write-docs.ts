import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const file = path.join(import.meta.dirname, '../../docs/benchmarks.md');

/** Puts a run's tables between its two marks. The words around them are written by people. */
export function writeDocs(name: string, markdown: string): void {
  const [begin, end] = [`<!-- bench ${name} -->`, `<!-- end ${name} -->`];
  const text = readFileSync(file, 'utf8');
  const [before, rest] = text.split(begin);
  const after = rest?.split(end)[1];
  if (before === undefined || after === undefined) throw new Error(`docs/benchmarks.md has no place marked "${begin}" … "${end}"`);
  writeFileSync(file, `${before}${begin}\n${markdown.trim()}\n${end}${after}`);
}
