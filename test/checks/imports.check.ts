import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'mocha';

const root = path.join(import.meta.dirname, '../..');
/** From the ground up: a folder may use its own layer and those before it. What is not named here is a feature. */
const layers = ['platform', 'money', 'settings', 'site', 'tenancy', 'frame', 'walk', 'gateways', 'portal-log', 'messages'];
const above = { features: 90, tasks: 91 };
/** Known and wanted: what a lower layer asks of one above it is one question each. */
const allowed = new Set(['tenancy -> gateways', 'frame -> staff-users', 'walk -> staff-users', 'platform -> config.ts', 'gateways -> config.ts']);

function files(): { file: string; folder: string; imports: string[] }[] {
  return globSync('server/**/*.ts', { cwd: root }).map((file) => {
    const text = readFileSync(path.join(root, file), 'utf8');
    const imports = [...text.matchAll(/^(?:import|export) .*?from '(\.[^']+)'/gms)].map((match) => path.join(path.dirname(file), match[1] ?? ''));
    return { file, folder: folderOf(file), imports };
  });
}

const folderOf = (file: string) => file.split(path.sep)[1] ?? '';
const heightOf = (folder: string) => (folder in above ? above[folder as keyof typeof above] : layers.includes(folder) ? layers.indexOf(folder) : 50);

describe('imports', () => {
  it('point one way: from features down to the platform', () => {
    const wrong = files().flatMap(({ file, folder, imports }) =>
      imports
        .map((to) => ({ to, below: folderOf(to) }))
        .filter(({ below }) => !folder.endsWith('.ts') && below !== folder && heightOf(below) > heightOf(folder) && !allowed.has(`${folder} -> ${below}`))
        .map(({ to }) => `${file} imports ${to}`),
    );
    assert.deepEqual(wrong, []);
  });

  it('are named, without default exports, barrels or aliases', () => {
    const texts = files().map(({ file }) => ({ file, text: readFileSync(path.join(root, file), 'utf8') }));
    assert.deepEqual(texts.filter(({ file, text }) => /^export default/m.test(text) || path.basename(file) === 'index.ts').map(({ file }) => file), []);
  });

  it('read the environment in config.ts alone', () => {
    const readers = files().filter(({ file }) => /process\.env/.test(readFileSync(path.join(root, file), 'utf8'))).map(({ file }) => file);
    assert.deepEqual(readers.filter((file) => !['server/config.ts', 'server/main.ts', 'server/gateways/sandbox/server.ts'].includes(file) && !file.startsWith('server/tasks/')), []);
  });
});
