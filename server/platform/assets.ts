import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import express, { type Router } from 'express';

const packageFile = (name: string, file: string) => path.join(path.dirname(createRequire(import.meta.url).resolve(`${name}/package.json`)), file);
/** For packages whose package.json is not to be had: relative to their main file. */
const besideMain = (name: string, file: string) => path.join(path.dirname(createRequire(import.meta.url).resolve(name)), file);
const publicFile = (file: string) => path.join(import.meta.dirname, '../../public', file);

/** Everything a browser may fetch from us: its short name and where it lies. */
const assets: Readonly<Record<string, string>> = {
  'bootstrap.css': packageFile('bootstrap', 'dist/css/bootstrap.min.css'),
  'htmx.js': packageFile('htmx.org', 'dist/htmx.min.js'),
  'portico.css': publicFile('portico.css'),
  'portico.js': publicFile('portico.js'),
  'passkeys.js': publicFile('passkeys.js'),
  'webauthn.js': besideMain('@simplewebauthn/browser', '../dist/bundle/index.umd.min.js'),
};

const hashes = new Map(Object.entries(assets).map(([name, file]) => [name, createHash('sha256').update(readFileSync(file)).digest('hex').slice(0, 12)]));

/** '/assets/3f2a…/portico.css': the content is in the address, so a browser may keep it for ever. */
export function assetPath(name: string): string {
  const hash = hashes.get(name);
  if (!hash) throw new Error(`there is no asset ${name}`);
  return `/assets/${hash}/${name}`;
}

export function serveAssets(router: Router): void {
  for (const [name, file] of Object.entries(assets)) {
    router.use(assetPath(name), express.static(file, { immutable: true, maxAge: '365d', index: false, fallthrough: true }));
  }
}
