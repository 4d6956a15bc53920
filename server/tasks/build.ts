import { globSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Builds what `npm start` runs, unless it stands and was made from these very files. */
const root = path.join(import.meta.dirname, '../..');
const note = path.join(root, 'build/made-of.txt');
const files = globSync(['package-lock.json', 'server/**/*.ts', 'views/**/*.{ejs,json}'], { cwd: root }).toSorted();
const madeOf = files.map((file) => `${file} ${sizeAndTime(path.join(root, file))}`).join('\n');

if (noted() !== madeOf) {
  const { buildPortal } = await import('./build-portal.ts');
  await buildPortal(path.dirname(note));
  writeFileSync(note, madeOf);
}

function sizeAndTime(file: string): string {
  const { size, mtimeMs } = statSync(file);
  return `${size} ${mtimeMs}`;
}

function noted(): string {
  try {
    return readFileSync(note, 'utf8');
  } catch {
    return '';
  }
}
