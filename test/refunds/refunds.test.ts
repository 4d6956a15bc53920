import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { sandboxGateway } from '../../server/gateways/sandbox/sandbox.ts';
import { reconcileRefunds } from '../../server/refunds/reconcile-refunds.ts';
import { findTenant } from '../../server/tenancy/tenant.ts';
import { lastLetter } from '../support/letters.ts';
import { testPortal } from '../support/portal.ts';
import { sql } from '../support/world.ts';
import { ledgerOf, paidOf, paymentsOf, withGateway } from '../support/paying.ts';
import { faultsOf, refundedAtGateway, refundsOf, staffOf, withPayment } from './refunding.ts';

const key = () => crypto.randomUUID();
const address = '/staff/payments/PAY-1001/refund';

describe('refunds', function () {
  this.timeout(120_000);

  it('a part of a payment is paid back, and the newest invoice is open again by so much', async () => {
    const { world, staff } = await withPayment();
    assert.equal((await staff.post(address, { amount: '50.00', reason: 'One class less', requestKey: key() })).status, 303);
    assert.match((await staff.get('/staff/payments/PAY-1001')).text, /Refund RF-1001 of \$50\.00\. The owner\. One class less/);
    assert.deepEqual(await paidOf(world), { 'INV-1': 8500, 'INV-2': 7000 });
    assert.deepEqual((await paymentsOf(world)).map(({ state }) => state), ['partially_refunded']);
    assert.deepEqual([await refundedAtGateway(world), await faultsOf(world)], [5000, []]);
    const letter = await lastLetter(world, 'maria@example.test');
    assert.deepEqual([letter.type, letter.subject], ['Refund', 'Refund of $50.00 from Juniper Hollow Gymnastics & Dance']);
  });

  it('the whole payment is paid back, also in two parts', async () => {
    const { world, staff } = await withPayment();
    await staff.post(address, { amount: '55.00', requestKey: key() });
    await staff.post(address, { amount: '150', requestKey: key() });
    assert.deepEqual((await paymentsOf(world)).map(({ state }) => state), ['refunded']);
    assert.deepEqual([await paidOf(world), await ledgerOf(world)], [{ 'INV-1': 0, 'INV-2': 0 }, { cash: 0, receivable: 20_500, revenue: -20_500 }]);
    assert.deepEqual([await refundedAtGateway(world), await faultsOf(world)], [20_500, []]);
  });

  it('A34 no amount that is none, and no more than was paid', async () => {
    const { world, staff } = await withPayment();
    for (const amount of ['', '0', '-1', '0.001', '1e309', 'NaN', '205.01', '9999999999', '٣']) {
      const answer = await staff.post(address, { amount, requestKey: key() });
      assert.equal(answer.status, 422, amount);
      assert.match(answer.text, /id="amount-error"/, amount);
    }
    assert.deepEqual([await refundsOf(world), await refundedAtGateway(world), await faultsOf(world)], [[], 0, []]);
  });

  it('A37 fifty refunds of the whole at once pay back once', async () => {
    const { world, staff } = await withPayment();
    const answers = await Promise.all(Array.from({ length: 50 }, () => staff.post(address, { amount: '205', requestKey: key() })));
    assert.equal(answers.filter(({ status }) => status === 303).length, 1);
    assert.equal(answers.filter(({ status }) => status === 422).length, 49);
    assert.deepEqual([await refundsOf(world), await refundedAtGateway(world), await faultsOf(world)], [[{ state: 'succeeded', cents: 20_500 }], 20_500, []]);
  });

  it('A37 fifty refunds of a part at once pay back only what was paid', async () => {
    const { world, staff } = await withPayment();
    await Promise.all(Array.from({ length: 50 }, () => staff.post(address, { amount: '30', requestKey: key() })));
    assert.deepEqual([(await refundsOf(world)).length, await refundedAtGateway(world), await faultsOf(world)], [6, 18_000, []]);
  });

  it('A37 the same form sent fifty times is one refund', async () => {
    const { world, staff } = await withPayment();
    const form = { amount: '30', requestKey: key() };
    await Promise.all(Array.from({ length: 50 }, () => staff.post(address, form)));
    assert.deepEqual([(await refundsOf(world)).length, await refundedAtGateway(world), await faultsOf(world)], [1, 3000, []]);
  });

  it('a refund whose answer was lost counts as under way, and the reconciler finds out without refunding twice', async () => {
    const { world, staff } = await withPayment();
    const { sandboxUrl, outside } = await testPortal();
    const real = sandboxGateway(sandboxUrl);
    const lost = { ...real, refund: async (request: Parameters<typeof real.refund>[0]) => (await real.refund(request), { outcome: 'unknown' as const, message: 'No answer' }) };
    await withGateway(lost, async () => staff.post(address, { amount: '200', requestKey: key() }));
    assert.deepEqual(await refundsOf(world), [{ state: 'unknown', cents: 20_000 }]);
    assert.equal((await staff.post(address, { amount: '100', requestKey: key() })).status, 422);
    assert.equal((await staff.post('/staff/payments/PAY-1001/reversal', { to: 'disputed' })).status, 422);
    const tenant = await findTenant(world.slug);
    assert.equal(await reconcileRefunds(outside, tenant!, { olderThanSeconds: 0 }), 0);
    assert.deepEqual([await refundsOf(world), await refundedAtGateway(world), await faultsOf(world)], [[{ state: 'succeeded', cents: 20_000 }], 20_000, []]);
  });

  it('nobody refunds without the right to', async () => {
    const { world } = await withPayment();
    const desk = await staffOf(world, 'front_desk');
    assert.doesNotMatch((await desk.get('/staff/payments/PAY-1001')).text, /Refund …/);
    assert.equal((await desk.post(address, { amount: '1', requestKey: key() })).status, 403);
    assert.deepEqual(await refundsOf(world), []);
  });
});

describe('returns and disputes', function () {
  this.timeout(60_000);

  it('S0-32 a bank payment that is returned opens its invoices again, tells the payer and makes a task', async () => {
    const { world, staff } = await withPayment();
    await sql(world, `update app.payments set method_kind = 'bank_draft'`);
    assert.equal((await staff.post('/staff/payments/PAY-1001/reversal', { to: 'returned', message: 'Not enough money' })).status, 303);
    assert.deepEqual([(await paymentsOf(world))[0]?.state, await paidOf(world)], ['returned', { 'INV-1': 0, 'INV-2': 0 }]);
    assert.deepEqual([await ledgerOf(world), await faultsOf(world)], [{ cash: 0, receivable: 20_500, revenue: -20_500 }, []]);
    assert.equal((await lastLetter(world, 'maria@example.test')).type, 'Payment Returned');
    assert.match((await staff.get('/staff/tasks')).text, /Payment PAY-1001 of \$205\.00 was returned/);
    assert.equal((await staff.post('/staff/payments/PAY-1001/reversal', { to: 'returned' })).status, 422);
  });

  it('a dispute takes the money away, and a won one gives it back to what still needs it', async () => {
    const { world, staff } = await withPayment();
    await staff.post('/staff/payments/PAY-1001/reversal', { to: 'disputed' });
    assert.deepEqual([(await paymentsOf(world))[0]?.state, await paidOf(world), await faultsOf(world)], ['disputed', { 'INV-1': 0, 'INV-2': 0 }, []]);
    await staff.post('/staff/payments/PAY-1001/dispute-won');
    assert.deepEqual([(await paymentsOf(world))[0]?.state, await paidOf(world), await faultsOf(world)], ['succeeded', { 'INV-1': 8500, 'INV-2': 12_000 }, []]);
  });

  it('what was won can be disputed again, and lost then', async () => {
    const { world, staff } = await withPayment();
    for (const step of ['disputed', 'won', 'disputed', 'returned']) {
      const [at, form] = step === 'won' ? ['dispute-won', {}] : ['reversal', { to: step }];
      assert.equal((await staff.post(`/staff/payments/PAY-1001/${at}`, form)).status, 303, step);
      assert.deepEqual(await faultsOf(world), [], step);
    }
    assert.deepEqual([(await paymentsOf(world))[0]?.state, await ledgerOf(world)], ['returned', { cash: 0, receivable: 20_500, revenue: -20_500 }]);
  });

  it('a won dispute gives one invoice no more than it still needs, in however many parts it was paid', async () => {
    const { world, staff } = await withPayment();
    await staff.post(address, { amount: '20', requestKey: key() });
    await sql(world, `update app.allocations set amount_cents = amount_cents - 3000 where reversed_at is null and amount_cents = 10000`);
    await sql(world, `insert into app.allocations (account_id, invoice_id, payment_id, amount_cents, applied_at) select account_id, invoice_id, payment_id, 3000, now() from app.allocations where reversed_at is null and amount_cents = 7000`);
    await staff.post('/staff/payments/PAY-1001/reversal', { to: 'disputed' });
    const account = /\/staff\/accounts\/([^"/]+)/.exec((await staff.get('/staff/payments/PAY-1001')).text)?.[1];
    await staff.post(`/staff/accounts/${account}/payment`, { amount: '165', kind: 'cash', pays: 'invoices', requestKey: key() });
    assert.deepEqual(await paidOf(world), { 'INV-1': 8500, 'INV-2': 8000 });
    assert.equal((await staff.post('/staff/payments/PAY-1001/dispute-won')).status, 303);
    assert.deepEqual([await paidOf(world), (await paymentsOf(world))[0]?.unappliedCents, await faultsOf(world)], [{ 'INV-1': 8500, 'INV-2': 12_000 }, 14_500, []]);
  });

  it('a lost dispute moves nothing more', async () => {
    const { world, staff } = await withPayment();
    await staff.post(address, { amount: '5', requestKey: key() });
    await staff.post('/staff/payments/PAY-1001/reversal', { to: 'disputed' });
    await staff.post('/staff/payments/PAY-1001/reversal', { to: 'returned' });
    assert.deepEqual([(await paymentsOf(world))[0]?.state, await ledgerOf(world), await faultsOf(world)], ['returned', { cash: 0, receivable: 20_500, revenue: -20_500 }, []]);
  });
});
