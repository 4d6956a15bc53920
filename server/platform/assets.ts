import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import type { RequestHandler, Router } from 'express';

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
  'live.js': publicFile('live.js'),
  'dispatch.js': publicFile('dispatch.js'),
  'webauthn.js': besideMain('@simplewebauthn/browser', '../dist/bundle/index.umd.min.js'),
};

const contents = new Map(Object.entries(assets).map(([name, file]) => [name, readFileSync(file)]));
const paths = new Map([...contents].map(([name, content]) => [name, `/assets/${createHash('sha256').update(content).digest('hex').slice(0, 12)}/${name}`]));

/** '/assets/3f2a…/portico.css': the content is in the address, so a browser may keep it for ever. */
export function assetPath(name: string): string {
  const found = paths.get(name);
  if (!found) throw new Error(`there is no asset ${name}`);
  return found;
}

export function serveAssets(router: Router): void {
  const byPath = new Map([...contents].map(([name, content]) => [assetPath(name), serve(name, content)]));
  router.get('/assets/:hash/:name', (req, res, next) => {
    const answer = byPath.get(req.path);
    return answer ? answer(req, res, next) : next();
  });
}

/**
 * Squeezed once, when first asked for: Bootstrap goes over the wire as 25 kB instead of 232. Pages are not compressed: they carry the form token
 * beside what a visitor has typed, and their length would then tell about it.
 */
function serve(name: string, content: Buffer): RequestHandler {
  const squeezed = new Map<string, Buffer>();
  const squeeze = { br: brotliCompressSync, gzip: gzipSync } as const;
  return (req, res) => {
    const encoding = req.acceptsEncodings('br', 'gzip');
    res.set({ 'Cache-Control': 'public, max-age=31536000, immutable', Vary: 'Accept-Encoding' }).type(path.extname(name));
    if (encoding !== 'br' && encoding !== 'gzip') return void res.send(content);
    const small = squeezed.get(encoding) ?? squeeze[encoding](content);
    squeezed.set(encoding, small);
    return void res.set('Content-Encoding', encoding).send(small);
  };
}
