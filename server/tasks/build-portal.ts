import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { build as bundle, type OnLoadArgs, type Plugin } from 'esbuild';
import { pageFiles } from '../platform/page-files.ts';

const root = path.join(import.meta.dirname, '../..');

/**
 * Puts the program with all that it imports into a dozen files: a start that reads two thousand takes a third more work. What is imported when first
 * needed stays in a file of its own, whose name is its content: a portal that is running still finds its own. Assets, migrations, packs and
 * threads are read from where they lie.
 */
export async function buildPortal(folder: string, program = 'server/main.ts'): Promise<void> {
  await bundle({
    entryPoints: [path.join(root, program)], outdir: folder, absWorkingDir: root, logLevel: 'warning',
    bundle: true, splitting: true, format: 'esm', platform: 'node', target: 'node24', charset: 'ascii',
    // The text stays in memory: without its blanks 5 MB less. Short names would give nothing, and no stack could be read.
    minifyWhitespace: true, lineLimit: 160,
    // pg and Sequelize look for them and do without.
    external: ['pg-native', 'pg-hstore'],
    // Sequelize would ask it for a zone by its name; ours is +00:00, and setting up six hundred of them takes 20 ms.
    alias: { 'moment-timezone': 'moment-timezone/moment-timezone.js' },
    banner: { js: `import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);` },
    plugins: [pagesInside, leftOut, shortLived, lazyPackages, asIfInPlace(folder)],
  });
}

/** Views and words as one file instead of 500. Not as part of a program: what is compiled of that would hold all of it a second time. */
const pagesInside: Plugin = {
  name: 'pages inside',
  setup: (build) => {
    // As plain ASCII, which is read fastest.
    const text = JSON.stringify([...pageFiles]).replace(/[^ -~]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`);
    build.onLoad({ filter: /page-files\.ts$/ }, () => ({ contents: `
      import { readFileSync } from 'node:fs';
      import file from 'pages.json';
      export const pageFiles = new Map(JSON.parse(readFileSync(new URL(file, import.meta.url), 'latin1')));` }));
    build.onResolve({ filter: /^pages\.json$/ }, ({ path: file }) => ({ path: file, namespace: 'pages' }));
    build.onLoad({ filter: /^/, namespace: 'pages' }, () => ({ contents: text, loader: 'file' }));
  },
};

const empty: Readonly<Record<string, string>> = {
  cosmiconfig: 'export const cosmiconfigSync = () => ({ search: () => null });',
  '@opentelemetry/api': 'export const context = { active: () => undefined }, trace = { getSpan: () => undefined };',
};

/** What others load and Portico never uses: the queue's search for settings of a kind that it no longer reads, and the metrics' traces. */
const leftOut: Plugin = {
  name: 'left out',
  setup: (build) => {
    build.onResolve({ filter: /^(cosmiconfig|@opentelemetry\/api)$/ }, ({ path: name }) => ({ path: name, namespace: 'empty' }));
    build.onLoad({ filter: /^/, namespace: 'empty' }, ({ path: name }) => ({ contents: empty[name] ?? '' }));
  },
};

/** By file: functions that are written where a property is set, and what to write instead so that they are not. */
const written: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
  'express-session/index.js': [['res.end = function end(', 'res.end = _end && function end(']],
  'pg/lib/client.js': [
    ['query.callback = (err, res) => (err ? reject(err) : resolve(res))', 'query.callback = query && ((err, res) => (err ? reject(err) : resolve(res)))'],
    ['query.callback = (err, res) => {\n        clearTimeout(readTimeoutTimer)\n        queryCallback(err, res)\n      }', 'query.callback = query && ((err, res) => { clearTimeout(readTimeoutTimer); queryCallback(err, res) })'],
  ],
};

/**
 * V8 takes such a function for a method, which is kept, and makes it where old things are. Whatever it can reach then stays until the
 * next full collection: with express-session each request with all that was made for it, with pg each answer of the database.
 */
const shortLived: Plugin = {
  name: 'short-lived',
  setup: (build) => build.onLoad({ filter: /node_modules\/(express-session\/index|pg\/lib\/client)\.js$/ }, async ({ path: file }) => {
    let contents = await readFile(file, 'utf8');
    for (const [text, instead] of Object.entries(written).find(([name]) => file.endsWith(name))?.[1] ?? []) {
      if (!contents.includes(text)) throw new Error(`${file} no longer says ${text}: look whether it still sets a property to a function for each request`);
      contents = contents.replace(text, instead);
    }
    return { contents };
  }),
};

/** A package that is imported when first needed stays where it is, with its binaries and its own files. */
const lazyPackages: Plugin = {
  name: 'lazy packages',
  setup: (build) => build.onResolve({ filter: /^[^.]/ }, ({ kind }) => (kind === 'dynamic-import' ? { external: true } : undefined)),
};

/** A module finds what lies beside it, although it now lies elsewhere itself. And zod by parts: the languages of its own errors are left out. */
function asIfInPlace(folder: string): Plugin {
  const load = async ({ path: file }: OnLoadArgs) => {
    const there = (target: string) => JSON.stringify(path.relative(folder, target).replaceAll(path.sep, '/'));
    const contents = (await readFile(file, 'utf8'))
      .replaceAll('import.meta.url', `new URL(${there(file)}, import.meta.url).href`)
      .replaceAll('import.meta.dirname', `(import.meta.dirname + '/' + ${there(path.dirname(file))})`)
      .replace(`import { z } from 'zod'`, `import * as z from 'zod'`);
    return { contents, loader: 'ts' as const };
  };
  return { name: 'as if in place', setup: (build) => build.onLoad({ filter: /\.ts$/ }, load) };
}
