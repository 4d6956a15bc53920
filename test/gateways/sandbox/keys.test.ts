import assert from 'node:assert/strict';
import { after, describe, it } from 'mocha';
import { GatewayMisuse } from '../../../server/gateways/gateway.ts';
import { aCharge, chargesAt, Sandboxes } from './running-sandbox.ts';

describe('a key at the sandbox gateway', () => {
  const sandboxes = new Sandboxes();
  after(() => sandboxes.end());

  it('sent twice is charged once and answered alike', async () => {
    const { url, gateway } = await sandboxes.start();
    const request = aCharge();
    assert.deepEqual(await gateway.charge(request), await gateway.charge(request));
    assert.equal((await chargesAt(url)).length, 1);
  });

  for (const token of ['test_visa', 'test_slow']) {
    it(`sent 50 times at once is charged once: ${token}`, async () => {
      const { url, gateway } = await sandboxes.start({ slowMs: 1 });
      const request = aCharge({ token });
      const outcomes = await Promise.all(Array.from({ length: 50 }, () => gateway.charge(request)));
      assert.equal(new Set(outcomes.map((outcome) => JSON.stringify(outcome))).size, 1);
      assert.equal(outcomes[0]?.outcome, 'succeeded');
      assert.equal((await chargesAt(url)).length, 1);
    });
  }

  const others = { amountCents: 1, currency: 'CAD', token: 'test_amex', tenantId: 'tenant-2', description: 'INV-1' };
  for (const [field, value] of Object.entries(others)) {
    it(`belongs to one request: another ${field} is refused and charges nothing`, async () => {
      const { url, gateway } = await sandboxes.start();
      const request = aCharge();
      await gateway.charge(request);
      await assert.rejects(gateway.charge({ ...request, [field]: value }), (error) => error instanceof GatewayMisuse && error.message.includes('409'));
      assert.equal((await chargesAt(url)).length, 1);
    });
  }

  it('cancelled before its charge can never be charged', async () => {
    const { url, gateway } = await sandboxes.start();
    const request = aCharge();
    assert.deepEqual(await gateway.cancel(request.key), { cancelled: true });
    assert.deepEqual(await gateway.charge(request), { outcome: 'declined', reference: null, message: 'Payment cancelled' });
    assert.deepEqual(await gateway.cancel(request.key), { cancelled: true });
    assert.deepEqual(await chargesAt(url), []);
  });

  it('charged before its cancellation stays charged, and the cancellation says so', async () => {
    const { gateway } = await sandboxes.start();
    const request = aCharge();
    const answer = await gateway.charge(request);
    assert.deepEqual(await gateway.cancel(request.key), { cancelled: false, answer });
    assert.deepEqual(await gateway.lookup(request.key), answer);
  });

  it('cancelled while the slow card is being charged ends without a charge', async () => {
    const gate = Promise.withResolvers<void>();
    const waiting = Promise.withResolvers<void>();
    const { url, gateway } = await sandboxes.start({ pause: () => (waiting.resolve(), gate.promise) });
    const request = aCharge({ token: 'test_slow' });
    const answer = gateway.charge(request);
    await waiting.promise;
    assert.deepEqual(await gateway.cancel(request.key), { cancelled: true });
    gate.resolve();
    assert.equal((await answer).outcome, 'declined');
    assert.deepEqual(await chargesAt(url), []);
  });

  it('raced by 20 charges and 20 cancellations has one end that all of them tell', async () => {
    const { gateway } = await sandboxes.start();
    const request = aCharge();
    const [charges, cancels] = await Promise.all([
      Promise.all(Array.from({ length: 20 }, () => gateway.charge(request))),
      Promise.all(Array.from({ length: 20 }, () => gateway.cancel(request.key))),
    ]);
    const isCharged = charges[0]?.outcome === 'succeeded';
    assert.ok(charges.every(({ outcome }) => outcome === (isCharged ? 'succeeded' : 'declined')));
    assert.ok(cancels.every(({ cancelled }) => cancelled === !isCharged));
  });
});

describe('a refund at the sandbox gateway', () => {
  const sandboxes = new Sandboxes();
  after(() => sandboxes.end());

  async function paid(token = 'test_visa') {
    const { gateway, url } = await sandboxes.start({ bankMs: 3_600_000 });
    const answer = await gateway.charge(aCharge({ token, amountCents: 500 }));
    assert.ok('reference' in answer && answer.reference);
    return { gateway, url, reference: answer.reference };
  }

  it('gives money back once per key, and never more than was paid', async () => {
    const { gateway, url, reference } = await paid();
    const refunds = await Promise.all(Array.from({ length: 10 }, () => gateway.refund({ key: 'r1', reference, amountCents: 300 })));
    assert.ok(refunds.every((refund) => refund.outcome === 'succeeded'));
    assert.deepEqual(await gateway.refund({ key: 'r2', reference, amountCents: 201 }), { outcome: 'declined', reference: null, message: 'More than was paid' });
    assert.equal((await gateway.refund({ key: 'r3', reference, amountCents: 200 })).outcome, 'succeeded');
    assert.equal((await chargesAt(url))[0]?.refundedCents, 500);
  });

  it('refuses a key that belongs to something else', async () => {
    const { gateway, reference } = await paid();
    await gateway.refund({ key: 'r1', reference, amountCents: 1 });
    await assert.rejects(gateway.refund({ key: 'r1', reference, amountCents: 2 }), GatewayMisuse);
    await assert.rejects(gateway.charge(aCharge({ key: 'r1' })), GatewayMisuse);
  });

  it('gives nothing back of a charge that was declined, is under way or does not exist', async () => {
    for (const token of ['test_declined', 'test_bank']) {
      const { gateway, reference } = await paid(token);
      assert.equal((await gateway.refund({ key: 'r1', reference, amountCents: 1 })).outcome, 'declined');
      assert.equal((await gateway.refund({ key: 'r2', reference: 'ch_none', amountCents: 1 })).outcome, 'declined');
    }
  });
});
