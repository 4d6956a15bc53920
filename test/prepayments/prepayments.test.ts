import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { sql } from '../support/world.ts';
import { chargesOf, ledgerOf, paidOf, paymentsOf } from '../support/paying.ts';
import { atDesk, faultsOf, refundedAtGateway, type Desk } from '../refunds/refunding.ts';

const prepaying = (): Promise<Desk> => atDesk('visa', 'fieldservice');
const key = () => crypto.randomUUID();

async function prepay({ visitor, methodId }: Desk, amount: string) {
  await visitor.get('/billing/prepayment');
  const { text } = await visitor.get(`/billing/prepayment/review?amount=${amount}&method=${methodId}`);
  const requestKey = /name="requestKey" value="([^"]+)"/.exec(text)?.[1] ?? key();
  return visitor.post('/billing/prepayment', { amount, method: methodId, requestKey });
}

describe('prepayments', function () {
  this.timeout(120_000);

  it('S4-28 "Make a Prepayment" stands next to Pay Now where it is allowed', async () => {
    const { visitor } = await prepaying();
    assert.match((await visitor.get('/billing')).text, /Pay Now<\/a><a class="btn btn-link is-prepay" href="\/billing\/prepayment">Make a Prepayment</);
  });

  it('S4-27 C-13 where it is not allowed there is no link, no page and no payment', async () => {
    const desk = await atDesk('visa', 'fieldservice', { 'billing.prepayments': false });
    assert.doesNotMatch((await desk.visitor.get('/billing')).text, /prepayment/i);
    assert.equal((await desk.visitor.get('/billing/prepayment')).status, 404);
    assert.equal((await desk.visitor.post('/billing/prepayment', { amount: '5', method: desk.methodId, requestKey: key() })).status, 404);
    assert.deepEqual(await chargesOf(desk.world), []);
  });

  it('S4-29 a prepayment pays no invoice by itself and is shown apart', async () => {
    const desk = await prepaying();
    const { visitor, methodId } = desk;
    const review = await visitor.get(`/billing/prepayment/review?amount=300&method=${methodId}`);
    assert.match(review.text, /You pay \$300\.00 in advance[\s\S]*Pay \$300\.00/);
    const answer = await prepay(desk, '300');
    assert.match((await visitor.get(answer.headers['location'] ?? '')).text, /You paid \$300\.00[\s\S]*\$300\.00, kept on your account/);
    assert.deepEqual([await paidOf(desk.world), await ledgerOf(desk.world)], [{ 'INV-1': 0, 'INV-2': 0 }, { cash: 30_000, prepayment: -30_000, receivable: 20_500, revenue: -20_500 }]);
    const billing = (await visitor.get('/billing')).text;
    assert.match(billing, /hero-number">\$205\.00</);
    assert.match(billing, /\$300\.00 of prepayments are on your account/);
    assert.deepEqual(await faultsOf(desk.world), []);
  });

  it('A34 takes no amount that is none', async () => {
    const desk = await prepaying();
    for (const amount of ['', '0', '-1', '0.001', '1e309', 'NaN', 'ten']) {
      assert.equal((await desk.visitor.get(`/billing/prepayment/review?amount=${amount}&method=${desk.methodId}`)).status, 422, amount);
      assert.equal((await desk.visitor.post('/billing/prepayment', { amount, method: desk.methodId, requestKey: key() })).status, 422, amount);
    }
    assert.deepEqual([await chargesOf(desk.world), await paymentsOf(desk.world)], [[], []]);
  });

  it('A36 fifty posts of one form are one prepayment', async () => {
    const desk = await prepaying();
    const form = { amount: '40', method: desk.methodId, requestKey: key() };
    await Promise.all(Array.from({ length: 50 }, () => desk.visitor.post('/billing/prepayment', form)));
    assert.deepEqual([(await chargesOf(desk.world)).length, (await paymentsOf(desk.world)).length, await faultsOf(desk.world)], [1, 1, []]);
  });

  it('S4-29 staff apply it to an invoice, and refund what is left', async () => {
    const desk = await prepaying();
    const { staff, world } = desk;
    await prepay(desk, '100');
    assert.match((await staff.get('/staff/payments/PAY-1001')).text, /Apply to an invoice/);
    assert.equal((await staff.post('/staff/payments/PAY-1001/application', { invoice: 'INV-1', applied: '60', requestKey: key() })).status, 303);
    assert.equal((await staff.post('/staff/payments/PAY-1001/application', { invoice: 'INV-1', applied: '26', requestKey: key() })).status, 422);
    assert.equal((await staff.post('/staff/payments/PAY-1001/application', { invoice: 'INV-2', applied: '41', requestKey: key() })).status, 422);
    await staff.post('/staff/payments/PAY-1001/refund', { amount: '40', requestKey: key() });
    assert.deepEqual([await paidOf(world), await refundedAtGateway(world), await faultsOf(world)], [{ 'INV-1': 6000, 'INV-2': 0 }, 4000, []]);
    await staff.post('/staff/payments/PAY-1001/refund', { amount: '60', requestKey: key() });
    assert.deepEqual([await paidOf(world), (await paymentsOf(world))[0]?.state, await faultsOf(world)], [{ 'INV-1': 0, 'INV-2': 0 }, 'refunded', []]);
  });

  it('A37 fifty at once spend a prepayment once', async () => {
    const desk = await prepaying();
    const { staff, world } = desk;
    await prepay(desk, '85');
    await staff.get('/staff/payments/PAY-1001');
    const answers = await Promise.all(Array.from({ length: 50 }, (_, at) => staff.post('/staff/payments/PAY-1001/application', { invoice: at % 2 ? 'INV-1' : 'INV-2', applied: '85', requestKey: key() })));
    assert.equal(answers.filter(({ status }) => status === 303).length, 1);
    const [{ spent } = { spent: 0 }] = await sql<{ spent: number }>(world, 'select sum(paid_cents)::bigint as spent from app.invoices');
    assert.deepEqual([spent, await faultsOf(world)], [8500, []]);
  });

  it('money that waits can be applied where nobody may prepay, too', async () => {
    const { staff, world } = await atDesk('visa', 'fieldservice', { 'billing.prepayments': false });
    const [account] = await sql<{ number: string }>(world, 'select number from app.accounts');
    const { headers } = await staff.post(`/staff/accounts/${account?.number}/payment`, { amount: '10', kind: 'cash', pays: 'nothing', requestKey: key() });
    const address = headers['location'] ?? '';
    assert.match((await staff.get(address)).text, /Apply to an invoice/);
    assert.equal((await staff.post(`${address}/application`, { invoice: 'INV-1', applied: '10', requestKey: key() })).status, 303);
    assert.deepEqual([await paidOf(world), await faultsOf(world)], [{ 'INV-1': 1000, 'INV-2': 0 }, []]);
  });

  it('A36 fifty posts of one form apply it once', async () => {
    const desk = await prepaying();
    const { staff, world } = desk;
    await prepay(desk, '85');
    const { text } = await staff.get('/staff/payments/PAY-1001');
    const form = { invoice: 'INV-2', applied: '40', requestKey: /application"[\s\S]*?name="requestKey" value="([^"]+)"/.exec(text)?.[1] };
    const answers = await Promise.all(Array.from({ length: 50 }, () => staff.post('/staff/payments/PAY-1001/application', form)));
    assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([303]));
    assert.deepEqual([await paidOf(world), await faultsOf(world)], [{ 'INV-1': 0, 'INV-2': 4000 }, []]);
  });

  it('A37 applied and refunded at once, it is spent once', async () => {
    const desk = await prepaying();
    const { staff, world } = desk;
    await prepay(desk, '85');
    await staff.get('/staff/payments/PAY-1001');
    await Promise.all(Array.from({ length: 20 }, (_, at) => (at % 2
      ? staff.post('/staff/payments/PAY-1001/application', { invoice: 'INV-1', applied: '85', requestKey: key() })
      : staff.post('/staff/payments/PAY-1001/refund', { amount: '85', requestKey: key() }))));
    assert.deepEqual([await refundedAtGateway(world), await faultsOf(world)], [8500, []]);
  });
});
