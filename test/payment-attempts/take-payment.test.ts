import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { aPayer, chargesOf, choose, ledgerOf, paidOf, pay, paymentsOf, withGateway } from '../support/paying.ts';
import { testPortal } from '../support/portal.ts';
import { visit } from '../support/visitor.ts';
import { password, sql } from '../support/world.ts';

describe('paying chosen invoices', () => {
  it('S2-7 one payment over several invoices charges once, pays them, and posts to the ledger', async () => {
    const { world, visitor, methodId } = await aPayer('visa', 'lawncare');
    const page = await pay(visitor, choose(methodId, 'INV-1', 'INV-2'));
    assert.equal(page.status, 200);
    assert.match(page.text, /You paid \$205\.00/);
    assert.deepEqual((await chargesOf(world)).map(({ amountCents, outcome }) => [amountCents, outcome]), [[20_500, 'succeeded']]);
    assert.deepEqual(await paidOf(world), { 'INV-1': 8500, 'INV-2': 12_000 });
    assert.deepEqual(await ledgerOf(world), { cash: 20_500, receivable: -20_500 });
    assert.deepEqual((await paymentsOf(world)).map(({ state }) => state), ['succeeded']);
  });

  it('S3-31 the success page can be reloaded and pays nothing again', async () => {
    const { world, visitor, methodId } = await aPayer('visa', 'cloud');
    await pay(visitor, choose(methodId, 'INV-1'));
    for (let time = 0; time < 3; time += 1) assert.match((await visitor.get('/payments/PAY-1001')).text, /You paid \$85\.00/);
    assert.equal((await chargesOf(world)).length, 1);
  });

  it('S1-53 the portal log says account, amount and the gateway’s answer in the report’s words', async () => {
    const { world, visitor, methodId } = await aPayer();
    await sql(world, 'update app.invoices set total_cents = 11595 where number = $1', ['INV-1']);
    await pay(visitor, choose(methodId, 'INV-1'));
    const [line] = await sql<{ message: string; contact_name: string }>(world, `select message, contact_name from app.portal_log where kind = 'payment'`);
    assert.deepEqual(line, { message: 'Account: Bestie Amount: 115.95 Response Code: Approved', contact_name: 'Maria Bestie' });
  });

  it('the receipt is in the message history, to the person who paid, with the amount and the invoices', async () => {
    const { world, visitor, methodId } = await aPayer();
    await pay(visitor, choose(methodId, 'INV-1'));
    const mails = await sql<{ type: string; to_address: string; subject: string; text_body: string }>(world, 'select type, to_address, subject, text_body from app.messages');
    assert.deepEqual(mails.map(({ type, to_address }) => [type, to_address]), [['Receipt', 'maria@example.test']]);
    assert.match(mails[0]?.subject ?? '', /Receipt for \$85\.00 from Juniper Hollow/);
    assert.match(mails[0]?.text_body ?? '', /Invoice INV-1: \$85\.00/);
    assert.match(mails[0]?.text_body ?? '', /\/payments\/PAY-1001/);
  });

  it('S0-42 a declined card says so in plain words and changes nothing', async () => {
    const { world, visitor, methodId } = await aPayer('insufficient', 'billing');
    await sql(world, `update app.accounts set stage = 'suspended'`);
    const page = await pay(visitor, `scope=overdue&method=${methodId}`);
    assert.match(page.text, /The payment was declined/);
    assert.match(page.text, /Insufficient funds\. Nothing was charged/);
    assert.match(page.text, /href="\/billing\/pay\/method"[^>]*>Use another payment method<[^]*href="\/billing\/pay"[^>]*>Pay Now/);
    assert.deepEqual([await paidOf(world), await ledgerOf(world)], [{ 'INV-1': 0, 'INV-2': 0 }, {}]);
    assert.deepEqual(await sql(world, 'select stage from app.accounts'), [{ stage: 'suspended' }]);
    assert.deepEqual(await sql(world, `select message from app.portal_log where kind = 'payment'`), [{ message: 'Account: Bestie Amount: 85.00 Response Code: Insufficient funds' }]);
  });

  it('after a declined card another one pays the same invoices', async () => {
    const { world, visitor, methodId } = await aPayer('declined');
    await pay(visitor, choose(methodId, 'INV-1'));
    await sql(world, `update app.payment_methods set token = 'test_visa:' || id`);
    assert.match((await pay(visitor, choose(methodId, 'INV-1'))).text, /You paid/);
    assert.deepEqual((await paymentsOf(world)).map(({ state }) => state), ['declined', 'succeeded']);
  });

  it('S0-41 an approved payment makes the account active again when nothing is overdue any more', async () => {
    const { world, visitor, methodId } = await aPayer('visa', 'billing');
    await sql(world, `update app.accounts set stage = 'suspended'`);
    await pay(visitor, `scope=overdue&method=${methodId}`);
    assert.deepEqual(await sql(world, 'select stage from app.accounts'), [{ stage: 'active' }]);
    assert.deepEqual(await paidOf(world), { 'INV-1': 8500, 'INV-2': 0 });
  });

  it('S0-43 a suspended account can still sign in to pay', async () => {
    const { world } = await aPayer('visa', 'billing');
    await sql(world, `update app.accounts set stage = 'suspended'`);
    const visitor = await (await visit(world.slug)).signIn('maria@example.test', password);
    assert.match((await visitor.get('/billing/pay')).text, /Overdue: \$85\.00/);
  });

  it('S0-44 paying a part of what is overdue does not reactivate', async () => {
    const { world, visitor, methodId } = await aPayer('visa', 'billing', { 'billing.pay_scopes': ['selected'] });
    await sql(world, `update app.accounts set stage = 'suspended'`);
    await sql(world, `update app.invoices set due_on = '2026-10-20'`);
    await pay(visitor, choose(methodId, 'INV-1'));
    assert.deepEqual(await sql(world, 'select stage from app.accounts'), [{ stage: 'suspended' }]);
  });

  it('a gateway that cannot be reached charges nothing; the attempt is closed only once a fence holds', async () => {
    const { world, visitor, methodId } = await aPayer();
    const { outside } = await testPortal();
    const reached = { ...outside.gateways.sandbox, charge: () => Promise.resolve({ outcome: 'not_reached', message: '' } as const) };
    const gone = { ...reached, cancel: () => Promise.resolve({ cancelled: false, answer: { outcome: 'unknown', message: '' } } as const) };
    assert.match((await withGateway(gone, () => pay(visitor, choose(methodId, 'INV-1')))).text, /We are confirming your payment/);
    await sql(world, `update app.payments set state = 'failed'`);
    assert.match((await withGateway(reached, () => pay(visitor, choose(methodId, 'INV-1')))).text, /The payment was not made/);
    assert.deepEqual(await chargesOf(world), []);
  });
});
