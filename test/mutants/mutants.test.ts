import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'mocha';
import { mutants } from './mutants.ts';

const read = (file: string): string => readFileSync(path.join(import.meta.dirname, '../..', file), 'utf8');

/** Whether the tests turn red is what `npm run test:mutants` finds out: that takes long. */
describe('mutants', () => {
  it('still find what they take out, exactly once, and the test that must notice', () => {
    const stale = mutants.filter(({ file, find, test, title }) => read(file).split(find).length !== 2 || !read(test).includes(title));
    assert.deepEqual(stale.map(({ name }) => name), []);
    assert.equal(new Set(mutants.map(({ name }) => name)).size, mutants.length);
  });
});
