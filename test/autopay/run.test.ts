import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { dayOfRun } from '../../server/autopay/run-autopay.ts';
import { chargesOf, choose, paidOf, pay, paymentsOf, saveMethod } from '../support/paying.ts';
import { reconcilePayments } from '../../server/payment-attempts/reconcile-payments.ts';
import { lettersTo, urlIn } from '../support/letters.ts';
import { testPortal } from '../support/portal.ts';
import { inRounds } from '../support/rounds.ts';
import { makeInvoice, sql } from '../support/world.ts';
import { chargesIn, daysPass, onAutopay, run } from './autopay-world.ts';

describe('the autopay run', () => {
  it('S3-36 charges what is due and nothing else, once however often the worker looks', async () => {
    const { world, accountId, visitor } = await onAutopay();
    await makeInvoice(world, accountId, { number: 'UNSENT', status: 'unsent' });
    await makeInvoice(world, accountId, { number: 'VOID', status: 'void' });
    for (let look = 0; look < 3; look += 1) await run(world);
    assert.deepEqual(await paidOf(world), { 'INV-1': 8500, 'INV-2': 0, UNSENT: 0, VOID: 0 });
    assert.deepEqual((await chargesOf(world)).map(({ outcome, amountCents }) => [outcome, amountCents]), [['succeeded', 8500]]);
    assert.match((await visitor.get('/')).text, /\$120\.00/);
    assert.ok((await lettersTo(world, 'maria@example.test')).some(({ type }) => type === 'Receipt'));
  });

  it('A39 ten workers at once charge once', async () => {
    await inRounds(async () => {
      const { world } = await onAutopay();
      await Promise.all(Array.from({ length: 10 }, () => run(world)));
      await run(world);
      assert.deepEqual((await chargesOf(world)).map(({ amountCents }) => amountCents), [8500]);
      assert.deepEqual((await chargesIn(world)).map(({ result }) => result), ['paid']);
    });
  });

  it('A36 a payer who pays the same invoice while the run does is charged once', async () => {
    await inRounds(async () => {
      const { world, visitor, methodId } = await onAutopay();
      await Promise.all([run(world), pay(visitor, choose(methodId, 'INV-1')), run(world)]);
      await run(world);
      assert.deepEqual(await paidOf(world), { 'INV-1': 8500, 'INV-2': 0 });
      assert.equal((await chargesOf(world)).filter(({ outcome }) => outcome === 'succeeded').length, 1);
    });
  });

  it('B-10 a declined charge is told by mail with a link that pays it now, and tried again on the days of the setting', async () => {
    const { world, visitor } = await onAutopay('insufficient', 'lawncare', { 'autopay.retry_days': '1, 3' });
    await run(world);
    const [letter] = await lettersTo(world, 'maria@example.test');
    assert.equal(letter?.subject, 'Autopay could not charge $85.00 for Cloverfell Lawn Care');
    assert.match(letter.text, /Insufficient funds[\s\S]*Invoice INV-1[\s\S]*we will try again on/);
    const url = urlIn(letter, 'Pay now');
    assert.match((await visitor.get(url.pathname + url.search)).text, /value="INV-1"[^>]* checked/);
    const tries = [];
    for (let day = 1; day <= 6; day += 1) {
      await daysPass(world, 1);
      await run(world);
      tries.push((await chargesOf(world)).length);
    }
    assert.deepEqual(tries, [2, 2, 3, 3, 3, 3]);
    const letters = await lettersTo(world, 'maria@example.test');
    assert.equal(letters.length, 3);
    assert.match(letters.at(-1)?.text ?? '', /We will not try again/);
  });

  it('another method makes a new start after the last try', async () => {
    const { world, accountId, visitor } = await onAutopay('declined', 'lawncare', { 'autopay.retry_days': '' });
    await run(world);
    await daysPass(world, 2);
    await run(world);
    assert.equal((await chargesOf(world)).length, 1);
    const good = await saveMethod({ world, accountId }, 'mastercard');
    await visitor.get('/billing/autopay');
    await visitor.post('/autopay', { method: good });
    await daysPass(world, 1);
    await run(world);
    assert.deepEqual(await paidOf(world), { 'INV-1': 8500, 'INV-2': 0 });
  });

  it('a charge that nobody knows the end of is left to the reconciler, and closed by what it finds', async () => {
    const { world } = await onAutopay('silent_after');
    await run(world);
    assert.deepEqual(await chargesIn(world), [{ result: null, attempt: 1 }]);
    await reconcilePayments((await testPortal()).outside, world.id, { olderThanSeconds: 0 });
    await run(world);
    assert.deepEqual([await chargesIn(world), await paidOf(world)], [[{ result: 'paid', attempt: 1 }], { 'INV-1': 8500, 'INV-2': 0 }]);
  }).timeout(120_000);

  it('A42 a card that is deleted while the run charges it: charged once at most, and never without a word', async () => {
    await inRounds(async () => {
      const { world, accountId, visitor, methodId } = await onAutopay();
      await saveMethod({ world, accountId }, 'mastercard');
      await visitor.get('/billing/methods');
      await Promise.all([run(world), visitor.post(`/billing/methods/${methodId}/removal`)]);
      await run(world);
      const succeeded = (await chargesOf(world)).filter(({ outcome }) => outcome === 'succeeded').length;
      const letters = (await lettersTo(world, 'maria@example.test')).filter(({ type }) => type === 'Autopay').length;
      assert.equal(succeeded + letters, 1, `${succeeded} charged, ${letters} told`);
      assert.equal((await paidOf(world))['INV-1'], succeeded * 8500);
    });
  });

  it('an expired card charges nothing and says so', async () => {
    const { world, visitor } = await onAutopay();
    await sql(world, 'update app.payment_methods set exp_year = 2020');
    await run(world);
    assert.deepEqual([await chargesOf(world), await chargesIn(world)], [[], [{ result: 'no_method', attempt: 1 }]]);
    assert.match((await lettersTo(world, 'maria@example.test'))[0]?.text ?? '', /expired/);
    assert.match((await visitor.get('/billing')).text, /Visa ending 4242 has expired/);
  });

  it('what is being paid by bank is not charged again', async () => {
    const { world } = await onAutopay('bank');
    await run(world);
    await daysPass(world, 1);
    await run(world);
    assert.equal((await paymentsOf(world)).length, 1);
  });

  it('two currencies are two charges', async () => {
    const { world, accountId } = await onAutopay();
    await makeInvoice(world, accountId, { number: 'INV-3', currency: 'EUR', total_cents: 700 });
    await run(world);
    assert.deepEqual((await chargesOf(world)).map(({ amountCents }) => amountCents).toSorted((a, b) => a - b), [700, 8500]);
  });

  it('nothing is charged before the hour, where autopay is off, or for whoever has left', async () => {
    for (const settings of [{ 'autopay.enabled': false }, { 'payments.gateway': 'none' as const }]) {
      const { world } = await onAutopay('visa', 'lawncare', settings);
      await run(world);
      assert.deepEqual(await chargesOf(world), []);
    }
    const { world, visitor } = await onAutopay();
    await visitor.post('/autopay/cancellation');
    await run(world);
    assert.deepEqual(await chargesOf(world), []);
  });

  it('a charge that is approved opens a suspended account again', async () => {
    const { world } = await onAutopay();
    await sql(world, `update app.accounts set stage = 'suspended'`);
    await run(world);
    assert.deepEqual(await sql(world, 'select stage from app.accounts'), [{ stage: 'active' }]);
  });
});

describe('the day of a run', () => {
  const days = (from: string, zone: string, hour: number) => {
    const seen: Record<string, number> = {};
    for (let minutes = 0; minutes < 48 * 60; minutes += 10) {
      const now = new Date(Date.parse(from) + minutes * 60_000);
      const day = dayOfRun(now, zone, hour);
      if (day) seen[day] ??= minutes;
    }
    return seen;
  };

  it('begins at the hour where the organization is', () => {
    assert.deepEqual(days('2026-06-10T04:00:00Z', 'America/New_York', 6), { '2026-06-10': 360, '2026-06-11': 360 + 1440 });
    assert.deepEqual(days('2026-06-09T18:30:00Z', 'Asia/Kolkata', 6), { '2026-06-10': 360, '2026-06-11': 360 + 1440 });
  });

  it('is not lost when the clock skips the hour in spring', () => {
    assert.deepEqual(days('2026-03-08T05:00:00Z', 'America/New_York', 2), { '2026-03-08': 120, '2026-03-09': 120 + 1380 });
  });

  it('comes once when the clock repeats the hour in autumn', () => {
    assert.deepEqual(days('2026-11-01T04:00:00Z', 'America/New_York', 1), { '2026-11-01': 60, '2026-11-02': 60 + 1500 });
  });
});
