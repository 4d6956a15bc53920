import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'mocha';
import { columns, fileNameOf, nounNames, type Column, type NounName } from '../../server/import/columns.ts';
import { mostBytes, mostRows } from '../../server/import/reading/check-file.ts';

const text = readFileSync(path.join(import.meta.dirname, '../../docs/import.md'), 'utf8');

interface Described {
  readonly name: string;
  readonly required: boolean;
  readonly type: string;
  readonly allowed: string;
}

/** The columns in the table below "## accounts.csv"; one row may describe several. */
function describedIn(noun: NounName): Described[] {
  const section = text.split(`\n## ${fileNameOf(noun)}\n`)[1]?.split('\n## ')[0] ?? '';
  return [...section.matchAll(/^\| (`.*?) \| (\S+) \| (.*?) ?\| (.*) \|$/gm)].flatMap(([, names = '', type = '', allowed = '']) =>
    [...names.matchAll(/`(\w+)`( \\\*)?/g)].map(([, name = '', star]) => ({ name, required: star !== undefined, type, allowed })),
  );
}

/** What the document has to say about the column, in its own words. */
function wordsFor({ max = 100, choices = [], initial, least, type }: Column): string[] {
  return [
    ...(max !== 100 ? [`up to ${max} characters`] : []),
    ...(choices.length ? [choices.map((choice) => `\`${choice}\``).join(', ')] : []),
    ...(initial === undefined ? [] : [`default \`${initial}\``]),
    ...(least === undefined ? [] : [least === 'more than zero' ? 'more than 0.00' : type === 'amount' ? '0.00 or more' : '0 or more']),
  ];
}

describe('docs/import.md', () => {
  for (const noun of nounNames) {
    it(`describes the columns of ${fileNameOf(noun)} as the importer takes them`, () => {
      const described = describedIn(noun);
      assert.deepEqual(
        described.map(({ name, required, type }) => `${name} ${type} ${required}`),
        columns[noun].map(({ name, required, type }) => `${name} ${type} ${required === true}`),
      );
      const missing = columns[noun].flatMap((column) => wordsFor(column).filter((words) => !described.find(({ name }) => name === column.name)?.allowed.includes(words)).map((words) => `${column.name}: ${words}`));
      assert.deepEqual(missing, []);
    });
  }

  it('names the files in their order, and the limits', () => {
    assert.deepEqual([...text.matchAll(/^\| \d \| `(\w+)\.csv`/gm)].map((match) => match[1]), nounNames);
    assert.ok(text.includes(`${mostRows.toLocaleString('en')} rows and ${mostBytes / 1e6} MB a file`));
  });
});
