import { globSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const root = path.join(import.meta.dirname, '../..');

interface Proof {
  readonly file: string;
  readonly title: string;
}

/** Every row of docs/rows.tsv with the tests whose titles begin with its id (several ids may share one title). */
export function requirementsPage(): string {
  const proofs = findProofs();
  const rows = readFileSync(path.join(root, 'docs/rows.tsv'), 'utf8').trim().split('\n').map((line) => line.split('\t'));
  const proved = rows.filter(([id = '']) => proofs.has(id)).length;
  const lines = rows.map(([id = '', kind = '', says = '']) => {
    const tests = (proofs.get(id) ?? []).map(({ file, title }) => `[${escape(title)}](../${file})`).join('<br>');
    return `| ${id} | ${kind} | ${escape(says)} | ${tests} |`;
  });
  return `# Requirements and their proofs

Made by \`npm run requirements\` from the titles of the tests; do not edit. ${proved} of ${rows.length} rows have a test so far.

| row | kind | what is wanted | proved by |
|---|---|---|---|
${lines.join('\n')}
`;
}

function findProofs(): Map<string, Proof[]> {
  const proofs = new Map<string, Proof[]>();
  for (const file of globSync('test/**/*.test.ts', { cwd: root }).toSorted()) {
    const text = readFileSync(path.join(root, file), 'utf8');
    for (const [, , title = ''] of text.matchAll(/\bit\(\s*(['"`])((?:S\d-|A\d|C-).*?)\1\s*,/g)) {
      for (const id of /^((?:(?:S\d-\d+|C-\d+|A\d+),? (?:and )?)+)/.exec(title)?.[1]?.match(/S\d-\d+|C-\d+|A\d+/g) ?? []) {
        proofs.set(id, [...(proofs.get(id) ?? []), { file, title }]);
      }
    }
  }
  return proofs;
}

function escape(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;');
}

if (import.meta.main) writeFileSync(path.join(root, 'docs/requirements.md'), requirementsPage());
