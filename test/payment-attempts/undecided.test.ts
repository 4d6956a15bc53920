import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { Gateway } from '../../server/gateways/gateway.ts';
import { sandboxGateway } from '../../server/gateways/sandbox/sandbox.ts';
import { reconcilePayments } from '../../server/payment-attempts/reconcile-payments.ts';
import { drain } from '../support/drain.ts';
import { ageAttempts, aPayer, chargesOf, choose, ledgerOf, paidOf, pay, paymentsOf, reviewForm, withGateway, withPatience } from '../support/paying.ts';
import { testPortal } from '../support/portal.ts';
import { sql, type World } from '../support/world.ts';

const reconcile = async ({ id }: World, options = {}) => reconcilePayments((await testPortal()).outside, id, options);
const states = async (world: World) => (await paymentsOf(world)).map(({ state }) => state);

describe('payments that nobody knows the end of', function () {
  this.timeout(120_000);

  it('F6 a time-out after charging reads "confirming", and the reconciler books the charge', async () => {
    const { world, visitor, methodId } = await aPayer('silent_after');
    const page = await withPatience(400, () => pay(visitor, choose(methodId, 'INV-1')));
    assert.match(page.text, /You paid \$85\.00|We are confirming your payment/);
    await reconcile(world, { olderThanSeconds: 0 });
    assert.deepEqual(await states(world), ['succeeded']);
    assert.deepEqual([await paidOf(world), await ledgerOf(world)], [{ 'INV-1': 8500, 'INV-2': 0 }, { cash: 8500, receivable: -8500 }]);
    assert.equal((await chargesOf(world)).length, 1);
  });

  it('a time-out before charging is fenced, and only then called failed', async () => {
    const { world, visitor, methodId } = await aPayer('silent_before');
    const page = await withPatience(400, () => pay(visitor, choose(methodId, 'INV-1')));
    assert.match(page.text, /We are confirming your payment/);
    assert.deepEqual((await reconcile(world)).asked, 0, 'young attempts are left alone');
    await ageAttempts(world);
    assert.deepEqual(await reconcile(world), { asked: 1, left: 0, oldestSeconds: 0 });
    assert.deepEqual([await states(world), await paidOf(world)], [['failed'], { 'INV-1': 0, 'INV-2': 0 }]);
    const [attempt] = await sql<{ id: string }>(world, 'select id from app.payments');
    const { outside } = await testPortal();
    const late = await outside.gateways.sandbox.charge({ key: attempt?.id ?? '', tenantId: world.id, amountCents: 8500, currency: 'USD', token: 'test_visa', description: '' });
    assert.equal(late.outcome, 'declined', 'the fence holds');
  });

  it('while one is undecided the account can pay nothing else: the button is off and the server refuses', async () => {
    const { world, visitor, methodId } = await aPayer('silent_before');
    const earlier = await reviewForm(visitor, choose(methodId, 'INV-2'));
    await withPatience(400, () => pay(visitor, choose(methodId, 'INV-1')));
    const review = await visitor.get(`/billing/pay/review?${choose(methodId, 'INV-2')}`);
    assert.match(review.text, /We are confirming your payment PAY-1001/);
    assert.doesNotMatch(review.text, /Pay \$/);
    const refused = await visitor.post('/billing/pay', earlier);
    assert.equal(refused.status, 422);
    assert.match(refused.text, /A payment for this account is under way/);
    assert.equal((await paymentsOf(world)).length, 1);
  });

  it('opening the payment’s page asks the gateway, without waiting for the reconciler', async () => {
    const { world, visitor, methodId } = await aPayer('silent_after');
    const short = sandboxGateway((await testPortal()).sandboxUrl, { timeoutMs: 400 });
    const deaf: Gateway = { ...sandboxGateway('http://127.0.0.1:1'), charge: (request) => short.charge(request) };
    assert.match((await withGateway(deaf, () => pay(visitor, choose(methodId, 'INV-1')))).text, /We are confirming/);
    assert.deepEqual(await states(world), ['unknown']);
    assert.match((await visitor.get('/payments/PAY-1001')).text, /You paid \$85\.00/);
    assert.deepEqual(await states(world), ['succeeded']);
  });

  it('a gateway that is down leaves them undecided; the job asks again when it is back', async () => {
    const { world, visitor, methodId } = await aPayer('silent_after');
    await withPatience(400, async () => visitor.post('/billing/pay', await reviewForm(visitor, choose(methodId, 'INV-1'))));
    await ageAttempts(world);
    const { left, oldestSeconds } = await withGateway(sandboxGateway('http://127.0.0.1:1'), () => reconcile(world));
    assert.ok(left === 1 && oldestSeconds >= 120, `${left} ${oldestSeconds}`);
    assert.deepEqual(await states(world), ['unknown']);
    await sql(world, `select jobs.enqueue('reconcile-payments', json_build_object('tenantId', app.tenant()))`);
    await drain(world);
    assert.deepEqual(await states(world), ['succeeded']);
  });

  it('F7 an attempt of yesterday is only asked about and fenced, never charged', async () => {
    const { world, visitor, methodId } = await aPayer('silent_before');
    await withPatience(400, () => pay(visitor, choose(methodId, 'INV-1')));
    await ageAttempts(world, 25 * 3600);
    const { outside } = await testPortal();
    const calls: string[] = [];
    const watched = new Proxy(outside.gateways.sandbox, { get: (target, name) => (calls.push(String(name)), Reflect.get(target, name) as unknown) });
    await withGateway(watched, () => reconcile(world));
    assert.deepEqual([await states(world), calls], [['failed'], ['lookup', 'cancel']]);
  });

  it('one that was never submitted is closed without asking, and can then not be charged', async () => {
    const { world, accountId } = await aPayer();
    await sql(world, `insert into app.payments (account_id, number, amount_cents, currency, gateway, paid_on, created_at) values ($1, 'PAY-1', 100, 'USD', 'sandbox', now(), now() - interval '2 minutes')`, [accountId]);
    await reconcile(world);
    assert.deepEqual(await states(world), ['failed']);
    assert.deepEqual(await sql(world, `update app.payments set state = 'submitted' where state = 'created' returning id`), []);
  });

  it('goes on until it has asked about all of them, however many there are', async () => {
    const { world } = await aPayer();
    await sql(world, `with many as (insert into app.accounts (number, name) select 'M-' || n, 'Many' from generate_series(1, 450) n returning id)
      insert into app.payments (account_id, number, amount_cents, currency, gateway, paid_on, created_at, state)
      select id, 'PAY-' || id, 100, 'USD', 'sandbox', now(), now() - interval '2 minutes', 'submitted' from many`);
    assert.deepEqual(await reconcile(world), { asked: 450, left: 0, oldestSeconds: 0 });
    assert.deepEqual(new Set(await states(world)), new Set(['failed']));
  });

  it('bank money is under way for days: its invoices read "being paid", the account pays others, and in the end it is booked', async () => {
    const { world, visitor, methodId } = await aPayer('bank', 'lawncare');
    const earlier = await reviewForm(visitor, choose(methodId, 'INV-1'));
    assert.match((await pay(visitor, choose(methodId, 'INV-1'))).text, /Your bank payment is under way/);
    assert.match((await visitor.post('/billing/pay', earlier)).text, /INV-1 is being paid already/);
    const list = await visitor.get('/billing/pay');
    assert.match(list.text, /value="INV-1"[^>]* disabled/);
    await pay(visitor, choose(methodId, 'INV-2'));
    await new Promise((resolve) => setTimeout(resolve, 5100));
    await reconcile(world, { olderThanSeconds: 0 });
    assert.deepEqual([await states(world), await paidOf(world)], [['succeeded', 'succeeded'], { 'INV-1': 8500, 'INV-2': 12_000 }]);
  });

  it('bank money that the bank sends back is declined, and the invoice can be paid again', async () => {
    const { world, visitor, methodId } = await aPayer('bank_returned', 'lawncare');
    await pay(visitor, choose(methodId, 'INV-1'));
    await new Promise((resolve) => setTimeout(resolve, 5100));
    assert.match((await visitor.get('/payments/PAY-1001')).text, /Returned by the bank\. Nothing was charged/);
    assert.deepEqual([await ledgerOf(world), await paidOf(world)], [{}, { 'INV-1': 0, 'INV-2': 0 }]);
    assert.match((await visitor.get('/billing/pay')).text, /value="INV-1"[^>]* checked|value="INV-1"[^>]*>/);
  });
});
