import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, it } from 'mocha';
import { Turnstile } from '../../server/platform/turnstile.ts';

/** Work that goes on until it is ended, and writes down when it began. */
function works() {
  const begun: string[] = [];
  const ends = new Map<string, (failure?: Error) => void>();
  const work = (name: string) => () => {
    begun.push(name);
    return new Promise<string>((resolve, reject) => ends.set(name, (failure) => (failure ? reject(failure) : resolve(name))));
  };
  return { begun, work, end: async (name: string, failure?: Error) => (ends.get(name)?.(failure), delay(1)) };
}

describe('a turnstile', () => {
  it('lets a few in at a time, the others in the order in which they came, and gives each its own answer', async () => {
    const { begun, work, end } = works();
    const turnstile = new Turnstile(2, 60_000);
    const answers = ['a', 'b', 'c', 'd'].map((name) => turnstile.pass(work(name)));
    await delay(1);
    assert.deepEqual(begun, ['a', 'b']);
    await end('b');
    assert.deepEqual(begun, ['a', 'b', 'c']);
    for (const name of ['c', 'a', 'd']) await end(name);
    assert.deepEqual(await Promise.all(answers), ['a', 'b', 'c', 'd']);
  });

  it('lets the next one in after a failure, too', async () => {
    const { begun, work, end } = works();
    const turnstile = new Turnstile(1, 60_000);
    const [first, second] = [turnstile.pass(work('a')), turnstile.pass(work('b'))];
    await Promise.all([assert.rejects(first, /broken/), end('a', new Error('broken'))]);
    assert.deepEqual(begun, ['a', 'b']);
    await end('b');
    assert.equal(await second, 'b');
  });

  it('lets whoever has waited too long in all the same', async () => {
    const { begun, work, end } = works();
    const turnstile = new Turnstile(1, 5);
    const answers = [turnstile.pass(work('slow')), turnstile.pass(work('quick'))];
    while (begun.length < 2) await delay(1);
    await end('quick');
    assert.equal(await answers[1], 'quick');
    await end('slow');
    assert.equal(await turnstile.pass(async () => 'next'), 'next');
  });
});
