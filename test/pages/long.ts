import { execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import os from 'node:os';
import { packs } from './place.ts';

/*
 * npm run test:pages [part …]: the long form, part by part (the packs, then `frame`: keyboard, paper, weight), each into its own
 * section of docs/pages.txt with the day and the commit, so that a part can be run alone. Ends with 1 where something is found.
 */
const report = 'docs/pages.txt';
const parts = [...packs, 'frame'];
const asked = process.argv.slice(2);
const wanted = asked.length > 0 ? asked : parts;
const unknown = wanted.filter((part) => !parts.includes(part));
if (unknown.length > 0) throw new Error(`no such part: ${unknown.join(', ')}; there are ${parts.join(', ')}`);

let failed = false;
for (const part of wanted) {
  const { text, code } = await run(part);
  failed ||= code !== 0;
  await write(part, text);
}
process.exit(failed ? 1 : 0);

async function run(part: string): Promise<{ text: string; code: number }> {
  const only = part === 'frame' ? ['--invert', '--grep', `of (${packs.join('|')}) `] : ['--grep', `of ${part} `];
  const child = spawn(process.execPath, ['node_modules/mocha/bin/mocha.js', '--no-parallel', '--no-color', 'test/pages/*.test.ts', ...only], {
    env: { ...process.env, PAGES: 'all', TEST_LOG: 'fatal' }, stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout.on('data', (piece: Buffer) => {
    process.stdout.write(piece);
    text += piece.toString();
  });
  const code = await new Promise<number>((resolve) => child.on('close', (ended) => resolve(ended ?? 1)));
  return { text: text.trim(), code };
}

/** The part's section is replaced, the others stay as they were. */
async function write(part: string, text: string): Promise<void> {
  const sections = new Map((existsSync(report) ? await readFile(report, 'utf8') : '').split(/^(?== )/m).map((section) => [/^= (\w+)/.exec(section)?.[1] ?? '', section]));
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
  sections.set(part, `= ${part}, ${new Date().toISOString().slice(0, 16).replace('T', ' ')} UTC, at ${commit}, ${os.availableParallelism()} cores\n${text}\n\n`);
  await writeFile(report, parts.flatMap((name) => sections.get(name) ?? [`= ${name}: has not been run in the long form yet\n\n`]).join('').trimEnd() + '\n');
}
