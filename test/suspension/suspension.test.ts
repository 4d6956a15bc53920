import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { suspendOverdue } from '../../server/suspension/suspend-overdue.ts';
import { atDesk, staffOf } from '../refunds/refunding.ts';
import { lettersTo } from '../support/letters.ts';
import { aPayer, choose, pay } from '../support/paying.ts';
import { testPortal } from '../support/portal.ts';
import { publish } from '../support/publish.ts';
import { visit } from '../support/visitor.ts';
import { makeAccount, makeInvoice, makeWorld, password, sql, type World } from '../support/world.ts';

const stagesOf = async (world: World) => Object.fromEntries((await sql<{ name: string; stage: string }>(world, 'select name, stage from app.accounts order by name')).map(({ name, stage }) => [name, stage]));
const suspend = async (world: World) => suspendOverdue((await testPortal()).outside, world.id);
const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toLocaleDateString('en-CA', { timeZone: 'America/New_York' });

describe('suspension', () => {
  it('S0-41 an account that is past due for more than the days of the setting is suspended, once, with a mail and a line in the log', async () => {
    const { world } = await aPayer('visa', 'billing');
    assert.deepEqual([await suspend(world), await suspend(world)], [1, 0]);
    assert.deepEqual(await stagesOf(world), { Bestie: 'suspended' });
    const letters = await lettersTo(world, 'maria@example.test');
    assert.deepEqual(letters.map(({ subject }) => subject), ['Your organization with Rosterwell Billing is suspended']);
    assert.match(letters[0]?.text ?? '', /Past due: \$85\.00 since Oct 15, 2026[\s\S]*Pay now: http.*\/billing\/pay\?scope=overdue/);
    assert.deepEqual(await sql(world, `select message from app.portal_log where kind = 'account'`), [{ message: 'Account suspended: past due for more than 10 days' }]);
  });

  it('S0-41 ten days past due is not more than ten days', async () => {
    const world = await makeWorld('billing');
    for (const [name, days] of [['ten', -10], ['eleven', -11], ['future', 5]] as const) await makeInvoice(world, await makeAccount(world, { name }), { due_on: inDays(days) });
    await makeInvoice(world, await makeAccount(world, { name: 'unsent' }), { status: 'unsent' });
    await makeInvoice(world, await makeAccount(world, { name: 'lead', stage: 'lead' }));
    await suspend(world);
    assert.deepEqual(await stagesOf(world), { eleven: 'suspended', future: 'active', lead: 'lead', ten: 'active', unsent: 'active' });
  });

  it('where suspension is off nobody is suspended', async () => {
    const { world } = await aPayer('visa', 'studio');
    assert.equal(await suspend(world), 0);
    assert.deepEqual(await stagesOf(world), { Bestie: 'active' });
  });

  it('S0-43 whoever is suspended signs in, reads why on both pages, and pays', async () => {
    const { world, methodId } = await aPayer('visa', 'billing');
    await suspend(world);
    const visitor = await (await visit(world.slug)).signIn('maria@example.test', password);
    for (const path of ['/', '/billing']) assert.match((await visitor.get(path)).text, /This organization is suspended[\s\S]*\$85\.00 has been past due since Oct 15, 2026[\s\S]*href="\/billing\/pay\?scope=overdue"[^>]*>Pay Now/);
    await pay(visitor, `scope=overdue&method=${methodId}`);
    assert.deepEqual(await stagesOf(world), { Bestie: 'active' });
    assert.doesNotMatch((await visitor.get('/')).text, /is suspended/);
    assert.ok((await lettersTo(world, 'maria@example.test')).some(({ subject }) => subject === 'Your organization with Rosterwell Billing is active again'));
  });

  it('S0-41 it is active again when staff void the last overdue invoice: nothing is left that could be paid', async () => {
    const { world } = await atDesk('visa', 'billing');
    await suspend(world);
    const staff = await staffOf(world, 'manager');
    await staff.get('/staff/invoices/INV-1');
    assert.equal((await staff.post('/staff/invoices/INV-1/voiding', { reason: 'Written twice' })).status, 303);
    assert.deepEqual(await stagesOf(world), { Bestie: 'active' });
  });

  it('S0-42 a declined payment leaves it suspended', async () => {
    const { world, visitor, methodId } = await aPayer('insufficient', 'billing');
    await suspend(world);
    assert.match((await pay(visitor, `scope=overdue&method=${methodId}`)).text, /Insufficient funds/);
    assert.deepEqual(await stagesOf(world), { Bestie: 'suspended' });
  });

  it('S0-44 as long as anything is past due it stays suspended', async () => {
    const { world, visitor, methodId } = await aPayer('visa', 'billing', { 'billing.pay_scopes': ['selected'] });
    await sql(world, `update app.invoices set due_on = '2026-10-20'`);
    await suspend(world);
    await pay(visitor, choose(methodId, 'INV-1'));
    assert.deepEqual(await stagesOf(world), { Bestie: 'suspended' });
    await pay(visitor, choose(methodId, 'INV-2'));
    assert.deepEqual(await stagesOf(world), { Bestie: 'active' });
  });

  it('where staff reactivate, no payment does, and the page says who will', async () => {
    const { world, visitor, methodId } = await aPayer('visa', 'billing');
    await publish(world, { 'suspension.auto_reactivate': false });
    await suspend(world);
    assert.match((await visitor.get('/')).text, /Once it is paid, we will reopen it/);
    await pay(visitor, `scope=overdue&method=${methodId}`);
    assert.deepEqual(await stagesOf(world), { Bestie: 'suspended' });
    assert.match((await visitor.get('/')).text, /Get in touch with us/);
  });

  it('bank money that is under way gets its time', async () => {
    const { world, visitor, methodId } = await aPayer('bank', 'lawncare', { 'suspension.enabled': true });
    await pay(visitor, `scope=overdue&method=${methodId}`);
    assert.equal(await suspend(world), 0);
  });
});
