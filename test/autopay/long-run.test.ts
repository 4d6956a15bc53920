import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { measureRun } from './measure-run.ts';

/** The long form: AUTOPAY_RUN=10000. */
const accounts = Number(process.env['AUTOPAY_RUN'] ?? 250);

describe('a long autopay run', function () {
  this.timeout(120_000 + accounts * 200);

  it(`charges ${accounts} accounts once in one pass, in a heap of 96 MB`, async () => {
    const sum = await measureRun(accounts);
    assert.equal(sum.charged, accounts);
    assert.ok(sum.peakMegabytes < 400, JSON.stringify(sum));
    if (process.env['AUTOPAY_RUN']) process.stdout.write(`      ${JSON.stringify(sum)}\n`);
  });
});
