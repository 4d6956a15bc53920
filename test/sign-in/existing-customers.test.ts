import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { visit } from '../support/visitor.ts';
import { makeAccount, makeContact, makeInvoice, makeLogin, makeWorld, password } from '../support/world.ts';

describe('the portal of a studio', () => {
  it('S1-1 is for existing customers: they manage their account there by themselves, and strangers and prospects do not get in', async () => {
    const world = await makeWorld('studio');
    const accountId = await makeAccount(world);
    await makeContact(world, accountId, { login_ref: await makeLogin(world) });
    await makeInvoice(world, accountId, { number: 'INV-77' });
    await makeContact(world, await makeAccount(world, { stage: 'lead' }), { email: 'lead@example.test', login_ref: await makeLogin(world, 'lead@example.test') });
    for (const login of ['stranger@example.test', 'lead@example.test']) {
      const visitor = await visit(world.slug);
      assert.equal((await visitor.post('/login', { login, password })).status, 422, login);
      assert.equal((await visitor.get('/invoices')).headers['location'], '/login?next=%2Finvoices', login);
    }
    const family = await (await visit(world.slug)).signIn('maria@example.test', password);
    assert.match((await family.get('/')).text, /INV-77/);
    for (const page of ['/account', '/invoices', '/billing', '/billing/pay']) assert.equal((await family.get(page)).status, 200, page);
  });
});
