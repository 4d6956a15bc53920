import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { SettingsDocument } from '../../server/settings/schema.ts';
import { lettersTo } from '../support/letters.ts';
import { sql } from '../support/world.ts';
import { chargesOf, choose, pay, saveMethod } from '../support/paying.ts';
import { atDesk } from '../refunds/refunding.ts';

async function draftClient(settings: Partial<SettingsDocument> = {}) {
  const desk = await atDesk('visa', 'billing', settings);
  await sql(desk.world, `update app.accounts set pays_by = 'bank_draft'`);
  return desk;
}

describe('bank drafts and overdue fees', function () {
  this.timeout(60_000);

  it('S0-32 S0-33 a bank account pays nothing while something is overdue, although it is preselected', async () => {
    const { world, accountId, visitor } = await atDesk('visa', 'billing');
    const bank = await saveMethod({ world, accountId }, 'bank_clears', { is_default: true });
    const review = await visitor.get(`/billing/pay/review?scope=overdue&method=${bank}`);
    assert.deepEqual([review.status, /While something is past due, only a card is accepted/.test(review.text)], [422, true]);
    const answer = await visitor.post('/billing/pay', { scope: 'overdue', method: bank, requestKey: crypto.randomUUID(), shown: 'INV-1 8500' });
    assert.deepEqual([answer.status, await chargesOf(world)], [422, []]);
  });

  it('C-9 where the organization takes it, a bank account pays what is overdue', async () => {
    const { world, accountId, visitor } = await atDesk('visa', 'billing', { 'payments.bank_for_overdue': true });
    const bank = await saveMethod({ world, accountId }, 'bank_clears');
    await pay(visitor, `scope=overdue&method=${bank}`);
    assert.equal((await chargesOf(world)).length, 1);
  });

  it('S0-45 S0-46 S0-47 a bank-draft client asks staff: a mail to the billing address and a task, once a day', async () => {
    const { world, visitor, staff } = await draftClient();
    const { text } = await visitor.get('/billing');
    assert.match(text, /Request a card payment/);
    assert.match(text, /mailto:billing@rosterwell\.example/);
    assert.doesNotMatch(text, />Pay Now</);
    for (let press = 0; press < 3; press += 1) assert.equal((await visitor.post('/billing/card-payment-request')).status, 303);
    const letters = await lettersTo(world, 'billing@rosterwell.example');
    assert.equal(letters.length, 1);
    assert.match(letters[0]?.text ?? '', /Maria Bestie of Bestie .* past due amount of \$85\.00/);
    const tasks = (await staff.get('/staff/tasks')).text;
    assert.equal([...tasks.matchAll(/Charge a card: \$85\.00 past due/g)].length, 1);
  });

  it('S0-46 the server lets a bank-draft client start no payment while something is overdue', async () => {
    const { world, visitor, methodId } = await draftClient();
    assert.match((await visitor.get('/billing/pay')).text, /Request a card payment/);
    const answer = await visitor.post('/billing/pay', { scope: 'overdue', method: methodId, requestKey: crypto.randomUUID(), shown: 'INV-1 8500' });
    assert.deepEqual([answer.status, await chargesOf(world)], [422, []]);
  });

  it('C-10 where they pay by themselves, they pay', async () => {
    const { world, visitor, methodId } = await draftClient({ 'payments.draft_clients_overdue': 'self' });
    assert.equal((await visitor.post('/billing/card-payment-request')).status, 404);
    await pay(visitor, `scope=overdue&method=${methodId}`);
    assert.equal((await chargesOf(world)).length, 1);
  });

  it('a task is taken, given back, done and opened again', async () => {
    const { world, visitor, staff } = await draftClient();
    await visitor.get('/billing');
    await visitor.post('/billing/card-payment-request');
    const [{ id } = { id: '' }] = await sql<{ id: string }>(world, 'select id from app.staff_tasks');
    await staff.get('/staff/tasks');
    await staff.post(`/staff/tasks/${id}/assignment`, { give: 'me' });
    assert.match((await staff.get('/staff/tasks?show=mine')).text, /Give back/);
    await staff.post(`/staff/tasks/${id}/completion`);
    assert.equal((await staff.post(`/staff/tasks/${id}/completion`)).status, 404);
    assert.match((await staff.get('/staff/tasks?show=done')).text, /The owner, /);
    await staff.post(`/staff/tasks/${id}/reopening`);
    assert.match((await staff.get('/staff/tasks')).text, /Take it|Give back/);
  });
});

describe('part payments', function () {
  this.timeout(60_000);
  const partly = (settings: Partial<SettingsDocument> = {}) => atDesk('visa', 'studio', { 'payments.partial': true, 'payments.partial_min': 20, ...settings });

  it('C-28 a part pays the oldest invoice first', async () => {
    const { world, visitor, methodId } = await partly();
    const review = await visitor.get(`/billing/pay/review?${choose(methodId, 'INV-2', 'INV-1')}&amount=100`);
    assert.match(review.text, /Pay \$100\.00/);
    const form = { amount: '100', chosen: '1', invoice: ['INV-1', 'INV-2'], method: methodId, requestKey: crypto.randomUUID(), shown: ['INV-2 12000', 'INV-1 8500'] };
    assert.equal((await visitor.post('/billing/pay', form)).status, 303);
    const paid = await sql<{ number: string; paid: number }>(world, 'select number, paid_cents as paid from app.invoices order by number');
    assert.deepEqual(paid, [{ number: 'INV-1', paid: 8500 }, { number: 'INV-2', paid: 1500 }]);
  });

  it('A34 C-28 takes no part that is none, too small or more than what is chosen', async () => {
    const { world, visitor, methodId } = await partly();
    for (const amount of ['0', '-1', '0.001', '1e309', 'NaN', '9999999999', '205.01', '19.99']) {
      assert.equal((await visitor.get(`/billing/pay/review?${choose(methodId, 'INV-2', 'INV-1')}&amount=${amount}`)).status, 422, amount);
      const form = { amount, chosen: '1', invoice: ['INV-1', 'INV-2'], method: methodId, requestKey: crypto.randomUUID(), shown: ['INV-1 8500', 'INV-2 12000'] };
      assert.equal((await visitor.post('/billing/pay', form)).status, 422, amount);
    }
    assert.deepEqual(await chargesOf(world), []);
  });

  it('C-28 where parts are not taken, none is', async () => {
    const { world, visitor, methodId } = await atDesk();
    const form = { amount: '50', chosen: '1', invoice: ['INV-1'], method: methodId, requestKey: crypto.randomUUID(), shown: ['INV-1 8500'] };
    assert.deepEqual([(await visitor.post('/billing/pay', form)).status, await chargesOf(world)], [422, []]);
  });

  it('a payment above the usual is asked about twice', async () => {
    const { visitor, methodId } = await partly({ 'payments.max_amount_warn': 100 });
    assert.match((await visitor.get(`/billing/pay/review?${choose(methodId, 'INV-2')}`)).text, /more than the usual \$100\.00/);
    assert.doesNotMatch((await visitor.get(`/billing/pay/review?${choose(methodId, 'INV-1')}`)).text, /more than the usual/);
  });
});
