import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'mocha';
import { requirementsPage } from '../../server/tasks/write-requirements.ts';

const root = path.join(import.meta.dirname, '../..');
const read = (file: string) => readFileSync(path.join(root, file), 'utf8');

describe('documents', () => {
  it('docs/requirements.md is what the titles of the tests say (npm run requirements)', () => {
    assert.equal(read('docs/requirements.md'), requirementsPage());
  });

  it('README prints commands that exist', () => {
    const scripts = Object.keys((JSON.parse(read('package.json')) as { scripts: Record<string, string> }).scripts);
    const named = [...read('README.md').matchAll(/npm run ([\w:-]+)/g)].map((match) => match[1] ?? '');
    assert.deepEqual(named.filter((name) => !scripts.includes(name)), []);
  });

  it('README and docs name only files that exist', () => {
    const files = new Set(globSync('{server,views,public,migrations,tenants,test,docs}/**/*', { cwd: root }));
    const named = ['README.md', 'docs/operating.md', 'docs/glossary.md'].flatMap((file) => [...read(file).matchAll(/`((?:server|views|test|docs|tenants|migrations)\/[\w./-]+\.\w+)`/g)].map((match) => match[1] ?? ''));
    assert.deepEqual(named.filter((name) => !files.has(name)), []);
  });
});
