import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { makeAccount, makeInvoice, sql } from '../support/world.ts';
import { chargesOf, paidOf, pay, paymentsOf, choose, saveMethod } from '../support/paying.ts';
import { atDesk, faultsOf, withPayment, type Desk } from '../refunds/refunding.ts';

const key = () => crypto.randomUUID();
const numberOf = async ({ world, accountId }: Desk): Promise<string> => (await sql<{ number: string }>(world, 'select number from app.accounts where id = $1', [accountId]))[0]?.number ?? '';

describe('payments as staff see them', function () {
  this.timeout(60_000);

  it('every attempt is listed with what the gateway answered', async () => {
    const { staff, visitor, methodId } = await atDesk('declined', 'studio');
    await pay(visitor, choose(methodId, 'INV-1'));
    const { text } = await staff.get('/staff/payments');
    assert.match(text, /PAY-1001[\s\S]*Declined[\s\S]*\$85\.00/);
    assert.match((await staff.get('/staff/payments/PAY-1001')).text, /sandbox[\s\S]*Declined/i);
  });

  it('they are searched, filtered and exported', async () => {
    const { staff } = await withPayment();
    assert.match((await staff.get('/staff/payments?q=bestie&state=paid')).text, /PAY-1001/);
    assert.doesNotMatch((await staff.get('/staff/payments?state=not-paid')).text, /PAY-1001/);
    assert.doesNotMatch((await staff.get('/staff/payments?q=%25')).text, /PAY-1001/);
    const csv = await staff.get('/staff/payments/export.csv?q=PAY-1001');
    assert.match(csv.headers['content-type'] ?? '', /text\/csv/);
    assert.match(csv.text, /PAY-1001,.*,Paid,205\.00,0\.00,0\.00,USD/);
  });

  it('they come page by page, without a gap or a double', async () => {
    const { world, accountId, staff } = await atDesk();
    await sql(world, `insert into app.payments (account_id, number, state, amount_cents, currency, created_at) select $1, 'P-' || n, 'declined', n, 'USD', now() - (n / 3) * interval '1 hour' from generate_series(1, 120) n`, [accountId]);
    const seen: string[] = [];
    for (let address = '/staff/payments', pages = 0; address && pages < 5; pages += 1) {
      const { text } = await staff.get(address);
      seen.push(...[...text.matchAll(/payments\/(P-\d+)"/g)].map((match) => match[1] ?? ''));
      address = (/rel="next" href="([^"]+)"/.exec(text)?.[1] ?? '').replaceAll('&amp;', '&');
    }
    assert.deepEqual([seen.length, new Set(seen).size], [120, 120]);
  });

  it('S0-46 staff charge the saved card for what is overdue', async () => {
    const desk = await atDesk('visa', 'billing');
    const path = `/staff/accounts/${await numberOf(desk)}`;
    const { text } = await desk.staff.get(`${path}/payment`);
    const choice = /value="(overdue \d+)"/.exec(text)?.[1] ?? '';
    const form = { choice, method: desk.methodId, requestKey: key() };
    assert.equal((await desk.staff.post(`${path}/charge`, form)).headers['location'], '/staff/payments/PAY-1001');
    assert.equal((await desk.staff.post(`${path}/charge`, form)).headers['location'], '/staff/payments/PAY-1001');
    assert.equal((await desk.staff.post(`${path}/charge`, { ...form, requestKey: key() })).status, 422);
    assert.deepEqual([(await chargesOf(desk.world)).length, await paidOf(desk.world), await faultsOf(desk.world)], [1, { 'INV-1': 8500, 'INV-2': 0 }, []]);
    assert.match((await desk.staff.get('/staff/payments/PAY-1001')).text, /The owner/);
  });

  it('A35 staff cannot charge the card of another account', async () => {
    const desk = await atDesk('visa', 'billing');
    const other = await makeAccount(desk.world, { number: 'A-OTHER' });
    await makeInvoice(desk.world, other, { number: 'INV-9', total_cents: 100 });
    const methodId = await saveMethod({ world: desk.world, accountId: other }, 'visa');
    const answer = await desk.staff.post(`/staff/accounts/${await numberOf(desk)}/charge`, { choice: 'overdue 8500', method: methodId, requestKey: key() });
    assert.deepEqual([answer.status, await chargesOf(desk.world)], [422, []]);
  });

  it('cash is recorded once, pays the most urgent invoice first, and what is left waits', async () => {
    const desk = await atDesk();
    const form = { amount: '250', kind: 'check', label: '1001', pays: 'invoices', requestKey: key() };
    const path = `/staff/accounts/${await numberOf(desk)}/payment`;
    const answers = await Promise.all(Array.from({ length: 10 }, () => desk.staff.post(path, form)));
    assert.deepEqual(new Set(answers.map(({ headers }) => headers['location'])), new Set(['/staff/payments/PAY-1001']));
    assert.deepEqual((await paymentsOf(desk.world)).map(({ state, unappliedCents }) => [state, unappliedCents]), [['succeeded', 4500]]);
    assert.deepEqual([await paidOf(desk.world), await faultsOf(desk.world)], [{ 'INV-1': 8500, 'INV-2': 12_000 }, []]);
  });

  it('cash is given back by hand: no gateway is asked', async () => {
    const desk = await atDesk();
    await desk.staff.post(`/staff/accounts/${await numberOf(desk)}/payment`, { amount: '85', kind: 'cash', label: '', pays: 'invoices', requestKey: key() });
    assert.equal((await desk.staff.post('/staff/payments/PAY-1001/refund', { amount: '85', requestKey: key() })).status, 303);
    assert.deepEqual([(await paymentsOf(desk.world))[0]?.state, await faultsOf(desk.world)], ['refunded', []]);
  });
});
