import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const folder = path.join(import.meta.dirname, '../../views');

const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => /\.(ejs|json)$/.test(file));

/** Every view and every catalogue of words, by its path below views/. The build puts them all into one file. */
export const pageFiles: ReadonlyMap<string, string> = new Map(files.map((file) => [file.replaceAll(path.sep, '/'), readFileSync(path.join(folder, file), 'utf8')]));
