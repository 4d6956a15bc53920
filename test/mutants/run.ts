import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { mutants, type Mutant } from './mutants.ts';

/**
 * Takes out one lock, filter, policy or check at a time, in a copy of the project, and runs the test that must notice.
 * Words on the command line choose mutants by name. The last full output is committed as docs/mutants.txt.
 */
const root = path.join(import.meta.dirname, '../..');
const chosen = mutants.filter(({ name }) => process.argv.slice(2).every((word) => name.includes(word)));
const home = mkdtempSync(path.join(os.tmpdir(), 'portico-mutants-'));
let survived = 0;
for (const folder of ['server', 'views', 'public', 'migrations', 'tenants', 'test', 'docs', 'package.json', 'tsconfig.json']) {
  cpSync(path.join(root, folder), path.join(home, folder), { recursive: true });
}
symlinkSync(path.join(root, 'node_modules'), path.join(home, 'node_modules'));
for (const mutant of chosen) {
  const verdict = await tryMutant(mutant);
  if (verdict !== 'noticed') survived += 1;
  process.stdout.write(`${verdict.padEnd(9)} ${mutant.name}: ${mutant.title}\n`);
}
rmSync(home, { recursive: true });
process.stdout.write(`${chosen.length - survived} passed, ${survived} failed\n`);
process.exitCode = survived || !chosen.length ? 1 : 0;

async function tryMutant({ file, find, put, test, title }: Mutant): Promise<'noticed' | 'SURVIVED' | 'STALE'> {
  const target = path.join(home, file);
  const original = readFileSync(target, 'utf8');
  if (original.split(find).length !== 2) return 'STALE';
  writeFileSync(target, original.replace(find, () => put));
  const red = await failedTitles(test, title);
  writeFileSync(target, original);
  return red.some((failed) => failed.includes(title)) ? 'noticed' : 'SURVIVED';
}

function failedTitles(test: string, title: string): Promise<string[]> {
  const child = spawn('mocha', ['--no-parallel', '--reporter', 'json', '--fgrep', title, test], { cwd: home, stdio: ['ignore', 'pipe', 'ignore'] });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', () => {
      const report = output.slice(output.indexOf('{\n  "stats"'));
      try {
        resolve((JSON.parse(report) as { failures: { fullTitle: string }[] }).failures.map((failure) => failure.fullTitle));
      } catch {
        resolve([]);
      }
    });
  });
}
