import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'mocha';

const root = path.join(import.meta.dirname, '../..');
const read = (file: string) => JSON.parse(readFileSync(path.join(root, file), 'utf8')) as never;

interface Locked {
  readonly version?: string;
  readonly integrity?: string;
  readonly resolved?: string;
  readonly optional?: boolean;
  readonly optionalDependencies?: Record<string, string>;
  readonly license?: string;
}
const { packages }: { packages: Record<string, Locked> } = read('package-lock.json');
const manifest: Record<string, Record<string, string>> = read('package.json');

// Everything here may be used in a closed product; weak copyleft only where we do not change it.
const fine = /^\(?(MIT|MIT-0|ISC|0BSD|BSD-0-Clause|PSF-2\.0|BSD-2-Clause|BSD-3-Clause|Apache-2\.0|BlueOak-1\.0\.0|CC0-1\.0|CC-BY-4\.0|Python-2\.0|OFL-1\.1|Unlicense|PostgreSQL|MPL-2\.0|LGPL-3\.0-or-later|WTFPL|Zlib)/;

/** Without the field in their package.json; their licence files say MIT. */
const mitByFile = new Set(['busboy', 'passport-local', 'passport-strategy', 'pause', 'png-js', 'streamsearch'].map((name) => `node_modules/${name}`));

describe('packages', () => {
  it('are pinned to exact versions', () => {
    const all = Object.entries({ ...manifest['dependencies'], ...manifest['devDependencies'], ...manifest['optionalDependencies'] });
    assert.deepEqual(all.filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version)), []);
  });

  it('are locked with their integrity, and no address of anybody’s registry', () => {
    const loose = Object.entries(packages).filter(([name, locked]) => name && !locked.integrity);
    assert.deepEqual(loose.map(([name]) => name), []);
    assert.doesNotMatch(readFileSync(path.join(root, 'package-lock.json'), 'utf8'), /"resolved": "(?!https:\/\/registry\.npmjs\.org\/)/);
  });

  it('name no optional package that the lockfile lacks', () => {
    const missing = Object.entries(packages).flatMap(([name, locked]) =>
      Object.keys(locked.optionalDependencies ?? {}).filter((wanted) => !packages[`node_modules/${wanted}`] && !packages[`${name}/node_modules/${wanted}`]),
    );
    assert.deepEqual(missing, []);
  });

  it('are all used by the product', () => {
    const sources = ['server', 'migrations'].flatMap((folder) => readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' }).map((file) => path.join(root, folder, file)));
    const texts = sources.filter((file) => file.endsWith('.ts')).map((file) => readFileSync(file, 'utf8')).join('\n');
    const idle = Object.keys(manifest['dependencies'] ?? {}).filter((name) => !new RegExp(`['"\`]${name}['"/\`]`).test(texts));
    assert.deepEqual(idle, []);
  });

  it('have licences that this project can live with', () => {
    const strange = Object.keys(packages).filter(Boolean).flatMap((name) => {
      const file = path.join(root, name, 'package.json');
      if (!existsSync(file)) return [];
      const { license } = JSON.parse(readFileSync(file, 'utf8')) as { license?: string | { type: string } };
      const text = typeof license === 'object' ? license.type : (license ?? '');
      return fine.test(text) || mitByFile.has(name) ? [] : [`${name}: ${text}`];
    });
    assert.deepEqual(strange, []);
  });
});
