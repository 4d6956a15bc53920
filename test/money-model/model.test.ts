import assert from 'node:assert/strict';
import { array, assert as assertProperty, asyncModelRun, asyncProperty } from 'fast-check';
import { describe, it } from 'mocha';
import { findInvariantFaults } from '../../server/invariants/find-faults.ts';
import { testPortal } from '../support/portal.ts';
import { openCounter, openHouse, type House } from './counter.ts';
import { aStep, begin, bringToAnEnd, tally } from './steps.ts';

/** The long form: MODEL_RUNS=1000. A failure prints its seed and path: MODEL_SEED and MODEL_PATH run it again. */
const runs = Number(process.env['MODEL_RUNS'] ?? 12);
const steps = Number(process.env['MODEL_STEPS'] ?? 40);
const isLong = process.env['MODEL_RUNS'] !== undefined;
const seed = Number(process.env['MODEL_SEED'] ?? (isLong ? Date.now() % 2 ** 31 : 4));
const path = process.env['MODEL_PATH'];

/** Accounts of so many sequences share an organization: it is dear to make, and dear to check when it is large. */
const accountsPerHouse = 25;

describe('the money of an account', function () {
  this.timeout(120_000 + runs * 5_000);

  it(`is what a model of it says, in ${runs} sequences of ${steps} steps, and breaks no invariant`, async () => {
    const began = Date.now();
    let house: House | undefined;
    let done = 0;
    const sequences = asyncProperty(array(aStep, { minLength: steps, maxLength: steps }), async (sequence) => {
      if (done % accountsPerHouse === 0) {
        await house?.close();
        house = await openHouse();
      }
      done += 1;
      const rooms = house as House;
      const { counter, books } = await openCounter(rooms);
      await begin(books, counter);
      await asyncModelRun(() => ({ model: books, real: counter }), sequence);
      await bringToAnEnd(books, counter);
      const { database } = await testPortal();
      assert.deepEqual(await findInvariantFaults({ ...database, sandboxUrl: rooms.sandboxUrl }, [rooms.world.id]), []);
    });
    try {
      await assertProperty(sequences, { numRuns: runs, seed, ...(path ? { path } : {}), endOnFailure: !process.env['MODEL_SHRINK'] });
    } finally {
      await house?.close();
    }
    if (isLong) process.stdout.write(`      seed ${seed}, ${done} sequences in ${Math.round((Date.now() - began) / 1000)} s: ${JSON.stringify(tally)}\n`);
  });
});
