import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { describe, it } from 'mocha';
import { fill, sumCents } from '../../server/money/allocate.ts';

const cents = fc.integer({ min: 0, max: 10 ** 12 });
const parts = fc.array(fc.record({ wantedCents: cents, roomCents: cents }), { maxLength: 30 });

describe('money that is spread over invoices', () => {
  it('A41 loses and makes no cent: what is given and what is left is what came', () => {
    fc.assert(fc.property(cents, parts, (amount, list) => {
      const { givenCents, unappliedCents } = fill(amount, list);
      assert.equal(sumCents([...givenCents, unappliedCents]), amount);
    }), { numRuns: 10_000 });
  });

  it('gives no part more than it wanted or has room for, and nothing negative', () => {
    fc.assert(fc.property(cents, parts, (amount, list) => {
      const { givenCents, unappliedCents } = fill(amount, list);
      assert.ok(unappliedCents >= 0);
      for (const [at, given] of givenCents.entries()) assert.ok(given >= 0 && given <= list[at]!.wantedCents && given <= list[at]!.roomCents);
    }), { numRuns: 10_000 });
  });

  it('gives every part what it wanted when all have room and the money is enough', () => {
    fc.assert(fc.property(fc.array(cents, { maxLength: 30 }), cents, (wanted, extra) => {
      const list = wanted.map((wantedCents) => ({ wantedCents, roomCents: wantedCents }));
      assert.deepEqual(fill(sumCents(wanted) + extra, list), { givenCents: wanted, unappliedCents: extra });
    }), { numRuns: 10_000 });
  });

  it('keeps what the invoices no longer need, whether they are full, over-full or gone', () => {
    const part = (roomCents: number) => ({ wantedCents: 500, roomCents });
    assert.deepEqual(fill(1000, [part(0), part(200)]), { givenCents: [0, 200], unappliedCents: 800 });
    assert.deepEqual(fill(1000, [part(-300), part(500)]), { givenCents: [0, 500], unappliedCents: 500 });
    assert.deepEqual(fill(1000, []), { givenCents: [], unappliedCents: 1000 });
  });

  it('sums exactly in any order, and refuses what could not be counted', () => {
    fc.assert(fc.property(fc.array(fc.maxSafeInteger(), { maxLength: 20 }), (list) => {
      const exact = list.reduce((sum, amount) => sum + BigInt(amount), 0n);
      if (exact > BigInt(Number.MAX_SAFE_INTEGER) || exact < BigInt(Number.MIN_SAFE_INTEGER)) assert.throws(() => sumCents(list), RangeError);
      else assert.equal(sumCents(list), sumCents(list.toReversed()));
    }), { numRuns: 10_000 });
  });
});
