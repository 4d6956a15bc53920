import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { after, describe, it } from 'mocha';
import { sandboxGateway } from '../../../server/gateways/sandbox/sandbox.ts';
import { isLuhnValid, testNumbers } from '../../../server/gateways/sandbox/numbers.ts';
import { aCharge, chargesAt, Sandboxes, until } from './running-sandbox.ts';

describe('a charge at the sandbox gateway', () => {
  const sandboxes = new Sandboxes();
  after(() => sandboxes.end());

  it('S3-40 the gateway declares what it can do', () => {
    const gateway = sandboxGateway('http://127.0.0.1:1');
    assert.equal(gateway.name, 'sandbox');
    assert.deepEqual(gateway.abilities, { kinds: ['card', 'bank'], refund: true });
  });

  it('publishes card numbers that pass the check digit, each once', () => {
    const cards = testNumbers.filter((test) => test.kind === 'card').map((test) => test.number);
    assert.ok(cards.every(isLuhnValid));
    assert.equal(new Set(cards).size, cards.length);
    assert.equal(isLuhnValid('4242424242424241'), false);
  });

  for (const token of ['test_visa', 'test_mastercard', 'test_amex', 'test_visa:of-one-account']) {
    it(`approves ${token}, and lookup agrees`, async () => {
      const { gateway } = await sandboxes.start();
      const request = aCharge({ token });
      const outcome = await gateway.charge(request);
      assert.equal(outcome.outcome, 'succeeded');
      assert.deepEqual(await gateway.lookup(request.key), outcome);
    });
  }

  const refusals = { test_declined: 'Card declined', test_insufficient: 'Insufficient funds', test_expired: 'Expired card' };
  for (const [token, message] of Object.entries(refusals)) {
    it(`declines ${token} with words for the payer, and lookup agrees`, async () => {
      const { gateway } = await sandboxes.start();
      const request = aCharge({ token });
      const outcome = await gateway.charge(request);
      assert.equal(outcome.outcome, 'declined');
      assert.equal(outcome.message, message);
      assert.deepEqual(await gateway.lookup(request.key), outcome);
    });
  }

  it('declines a token that it never gave out', async () => {
    const { gateway } = await sandboxes.start();
    const outcome = await gateway.charge(aCharge({ token: 'sbx_unknown' }));
    assert.deepEqual(outcome, { outcome: 'declined', reference: null, message: 'Payment method no longer available' });
  });

  it('knows nothing of a key that was never used', async () => {
    const { gateway } = await sandboxes.start();
    assert.deepEqual(await gateway.lookup('never'), { outcome: 'not_found' });
  });

  it('approves the slow card only after its wait, and knows nothing of the charge before', async () => {
    const gate = Promise.withResolvers<void>();
    const waiting = Promise.withResolvers<number>();
    const { gateway } = await sandboxes.start({ slowMs: 7000, pause: (ms) => (waiting.resolve(ms), gate.promise) });
    const request = aCharge({ token: 'test_slow' });
    const answer = gateway.charge(request);
    assert.equal(await waiting.promise, 7000);
    assert.deepEqual(await gateway.lookup(request.key), { outcome: 'not_found' });
    gate.resolve();
    assert.equal((await answer).outcome, 'succeeded');
  });

  it('never answers and does not charge: time-out before', async () => {
    const { url, gateway } = await sandboxes.start();
    const request = aCharge({ token: 'test_silent_before' });
    assert.equal((await sandboxGateway(url, { timeoutMs: 50 }).charge(request)).outcome, 'unknown');
    assert.deepEqual(await gateway.lookup(request.key), { outcome: 'not_found' });
    assert.deepEqual(await chargesAt(url), []);
  });

  it('charges and never answers: time-out after', async () => {
    const { url, gateway, close, dataDir } = await sandboxes.start();
    const request = aCharge({ token: 'test_silent_after' });
    const answer = gateway.charge(request);
    await until(async () => (await chargesAt(url)).length === 1);
    await close();
    assert.equal((await answer).outcome, 'unknown');
    const { gateway: again } = await sandboxes.start({ dataDir });
    assert.equal((await again.lookup(request.key)).outcome, 'succeeded');
  });

  for (const [token, end] of [['test_bank', 'succeeded'], ['test_bank_returned', 'declined']] as const) {
    it(`keeps ${token} under way and then says ${end} under the same reference`, async () => {
      let now = 1000;
      const { gateway } = await sandboxes.start({ now: () => now, bankMs: 500 });
      const request = aCharge({ token });
      const first = await gateway.charge(request);
      assert.ok(first.outcome === 'processing');
      now = 1499;
      assert.equal((await gateway.lookup(request.key)).outcome, 'processing');
      now = 1500;
      const last = await gateway.lookup(request.key);
      assert.ok(last.outcome === end);
      assert.equal(last.reference, first.reference);
    });
  }

  it('is not reached when nobody listens; lookup and cancel then leave the question open', async () => {
    const { url, gateway, close } = await sandboxes.start();
    const request = aCharge();
    await gateway.charge(request);
    await close();
    const gone = sandboxGateway(url);
    assert.equal((await gone.charge(request)).outcome, 'not_reached');
    assert.equal((await gone.lookup(request.key)).outcome, 'unknown');
    assert.deepEqual(await gone.cancel(request.key), { cancelled: false, answer: { outcome: 'unknown', message: 'The payment service cannot be reached' } });
    await assert.rejects(gone.readSaved('any'), { status: 503 });
  });

  const broken = { 'cuts the line': null, 'answers 500': 'HTTP/1.1 500 No\r\ncontent-length: 2\r\n\r\n{}', 'answers nonsense': 'HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\nyes' };
  for (const [name, answer] of Object.entries(broken)) {
    it(`does not know what became of a charge when the gateway ${name}`, async () => {
      const server = createServer((socket) => socket.once('data', () => (answer ? socket.end(answer) : socket.destroy())));
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const gateway = sandboxGateway(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
      const outcome = await gateway.charge(aCharge()).finally(() => server.close());
      assert.equal(outcome.outcome, 'unknown');
    });
  }
});
