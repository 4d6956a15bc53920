import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { createDeadline } from '../../server/platform/deadline.ts';
import { Unavailable } from '../../server/platform/errors.ts';

describe('a deadline', () => {
  const never = () => new Promise<never>(() => undefined);
  const works = () => Promise.resolve('done');

  it('passes results and failures through unchanged', async () => {
    const within = createDeadline('the store', 1000);
    assert.equal(await within(works), 'done');
    await assert.rejects(within(() => Promise.reject(new RangeError('as it came'))), RangeError);
    assert.equal(await within(works), 'done');
  });

  it('answers Unavailable with a time to come back when the work does not end', async () => {
    await assert.rejects(createDeadline('the store', 5)(never), (error) => error instanceof Unavailable && error.retryAfterSeconds > 0);
  });

  it('refuses without starting the work for a while after a late answer, then tries again', async () => {
    const within = createDeadline('the store', 5, 30);
    let started = 0;
    const counted = () => { started += 1; return works(); };
    await assert.rejects(within(never), Unavailable);
    await assert.rejects(within(counted), Unavailable);
    assert.equal(started, 0);
    await new Promise((resolve) => setTimeout(resolve, 60));
    assert.equal(await within(counted), 'done');
  });

  it('drops a failure that comes too late, and leaves no unhandled rejection', async () => {
    const late = Promise.withResolvers<never>();
    await assert.rejects(createDeadline('the store', 5)(() => late.promise), Unavailable);
    late.reject(new Error('too late'));
    await new Promise((resolve) => setImmediate(resolve));
  });
});
