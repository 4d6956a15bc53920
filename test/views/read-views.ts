import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { viewsFolder } from '../../server/platform/views.ts';

export interface SourceFile {
  readonly name: string;
  readonly text: string;
}

export const views: readonly SourceFile[] = filesBelow(viewsFolder, '.ejs');
export const serverFiles: readonly SourceFile[] = filesBelow(path.join(viewsFolder, '../server'), '.ts');

/** The markup alone: comments and code gone, everything that is printed shown as one sign. */
export function markupOf(text: string): string {
  return text.replace(/<%#[^]*?%>/g, '').replace(/<%[=-][^]*?%>/g, '§').replace(/<%[^]*?%>/g, '');
}

function filesBelow(folder: string, end: string): SourceFile[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith(end));
  return names.map((name) => ({ name: name.replaceAll(path.sep, '/'), text: readFileSync(path.join(folder, name), 'utf8') }));
}
