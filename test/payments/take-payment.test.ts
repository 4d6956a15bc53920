import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { sql } from '../support/world.ts';
import { aPayer, chargesOf, choose, ledgerOf, paidOf, pay, paymentsOf } from './paying.ts';

describe('paying chosen invoices', () => {
  it('S2-7 one payment over several invoices charges once, pays them, and posts to the ledger', async () => {
    const { world, visitor, methodId } = await aPayer();
    const page = await pay(visitor, choose(methodId, 'INV-1', 'INV-2'));
    assert.equal(page.status, 200);
    assert.match(page.text, /You paid \$205\.00/);
    assert.deepEqual((await chargesOf(world)).map(({ amountCents, outcome }) => [amountCents, outcome]), [[20_500, 'succeeded']]);
    assert.deepEqual(await paidOf(world), { 'INV-1': 8500, 'INV-2': 12_000 });
    assert.deepEqual(await ledgerOf(world), { cash: 20_500, receivable: -20_500 });
    assert.deepEqual((await paymentsOf(world)).map(({ state }) => state), ['succeeded']);
  });

  it('S1-53 the portal log says account, amount and the gateway’s answer in the report’s words', async () => {
    const { world, visitor, methodId } = await aPayer();
    await sql(world, 'update app.invoices set total_cents = 11595 where number = $1', ['INV-1']);
    await pay(visitor, choose(methodId, 'INV-1'));
    const [line] = await sql<{ message: string; contact_name: string }>(world, `select message, contact_name from app.portal_log where kind = 'payment'`);
    assert.deepEqual(line, { message: 'Account: Bestie Amount: 115.95 Response Code: Approved', contact_name: 'Maria Bestie' });
  });
});
