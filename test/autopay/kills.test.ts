import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { killRuns } from './killed-runs.ts';

/** The long form: AUTOPAY_KILLS=50 of a run of 2,000 accounts. */
const kills = Number(process.env['AUTOPAY_KILLS'] ?? 5);
const accounts = Number(process.env['AUTOPAY_ACCOUNTS'] ?? (kills > 5 ? 2000 : 300));

describe('an autopay worker that is killed in the middle of a run', function () {
  this.timeout(120_000 + accounts * 200);

  it(`F2 A39 after ${kills} times kill -9 and one more run each of ${accounts} due accounts is charged exactly once`, async () => {
    const { wrongAtGateway, wrongInBooks, openCharges, ...sum } = await killRuns({ accounts, kills, within: 4000 });
    assert.deepEqual({ wrongAtGateway, wrongInBooks, openCharges }, { wrongAtGateway: 0, wrongInBooks: 0, openCharges: 0 });
    assert.ok(sum.chargedBefore > 0, `the kills have met charges: ${JSON.stringify(sum)}`);
    if (process.env['AUTOPAY_KILLS']) process.stdout.write(`      ${JSON.stringify(sum)}\n`);
  });
});
