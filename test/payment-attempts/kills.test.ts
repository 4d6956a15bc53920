import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { killRounds } from './kill-rounds.ts';

/** The long form: KILLS=200, ten payers each. */
const kills = Number(process.env['KILLS'] ?? 20);

describe('a portal that is killed while it takes payments', function () {
  this.timeout(60_000 + kills * 10_000);

  it(`F1 after ${kills} times kill -9 and the reconciler, no charge is lost and none is taken twice`, async () => {
    const sum = await killRounds({ kills });
    const { lost, invented, double, wrong, undecidedAfter } = sum;
    assert.deepEqual({ lost, invented, double, wrong, undecidedAfter }, { lost: [], invented: [], double: 0, wrong: 0, undecidedAfter: 0 });
    assert.ok(sum.charged > 0 && sum.undecidedBefore > 0, `the kills have met payments under way: ${JSON.stringify(sum)}`);
    if (process.env['KILLS']) process.stdout.write(`      ${JSON.stringify(sum)}\n`);
  });
});
