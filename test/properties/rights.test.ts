import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { features } from '../../server/features.ts';
import { run } from '../../server/platform/database.ts';
import type { SettingsDocument } from '../../server/settings/schema.ts';
import { enter } from '../../server/tenancy/tenant-transaction.ts';
import { makeStaff, makeInvoice, makeWorld, makeAccount, makeContact, password, sql } from '../support/world.ts';
import { visit } from '../support/visitor.ts';
import { bothOwe, choose, twoProperties, type Owner } from './properties-world.ts';

const tabs = ['billing', 'invoices', 'payments', 'credits', 'usages', 'account'].map((key) => ({ key, enabled: 'on' as const }));
const everything: Partial<SettingsDocument> = { tabs, 'autopay.enabled': true, 'billing.prepayments': true, 'billing.statement': true, 'payments.bank_drafts': true, 'payments.draft_clients_overdue': 'request_staff' };
const unseen = { may_see_money: false, may_pay: false };

/** Looks at Oak Avenue, where this person has these rights. */
async function atOak(rights: Readonly<Record<string, unknown>>): Promise<Owner> {
  const owner = await twoProperties(everything, rights);
  await bothOwe(owner);
  await choose(owner, owner.oak);
  await owner.visitor.get('/');
  return owner;
}

/** Every address of features about money; what stands in the place of a parameter is nobody's. */
const moneyRoutes = features.flatMap(({ money, customer = [] }) => (money ? customer.map((route) => ({ method: route.method, right: route.money ?? money, path: route.path.replace(/:\w+/g, crypto.randomUUID()) })) : []));

describe('rights to money', () => {
  it('every address about money asks for the right to it', () => {
    const free = features.flatMap(({ money, customer = [] }) => (money ? [] : customer.map(({ path }) => path))).filter((path) => /^\/(billing|invoices|payments|credits|usages|exports|autopay)(\/|$)/.test(path));
    assert.deepEqual(free.filter((path) => !path.startsWith('/billing/contacts')), []);
  });

  it('S4-8 who may not see the money of a property finds none of it, on any page and by any form', async () => {
    const { visitor } = await atOak(unseen);
    for (const { method, path } of moneyRoutes) {
      const answer = method === 'get' ? await visitor.get(path) : await visitor.post(path);
      assert.equal(answer.status, 403, `${method} ${path}`);
      assert.doesNotMatch(answer.text, /120\.00|INV-OAK/, path);
    }
    const home = (await visitor.get('/')).text;
    assert.doesNotMatch(home, /120\.00|INV-OAK|\/billing|\/invoices|\/payments|Balance/);
    assert.match((await visitor.get('/account')).text, /Oak Avenue · P-2/);
  });

  it('S4-8 the same person sees and pays where the property allows it, and all of them side by side show only that', async () => {
    const owner = await atOak(unseen);
    const all = (await owner.visitor.get('/accounts')).text;
    assert.match(all, /Elm Street.*\$85\.00.*Oak Avenue.*No access/s);
    assert.doesNotMatch(all, /120\.00|205\.00/);
    await choose(owner, owner.elm);
    assert.match((await owner.visitor.get('/billing')).text, /INV-ELM/);
  });

  it('S4-8 an invoice of a property whose money is not theirs to see is nobody\'s', async () => {
    const owner = await atOak(unseen);
    await choose(owner, owner.elm);
    assert.match((await owner.visitor.get('/invoices/INV-OAK')).text, /There is nothing here/);
  });

  it('S4-8 who may see and not pay reads everything, finds no way to pay, and no form takes a payment', async () => {
    const { world, visitor } = await atOak({ may_pay: false });
    for (const path of ['/', '/billing', '/invoices', '/invoices/INV-OAK']) {
      const { status, text } = await visitor.get(path);
      assert.equal(status, 200, path);
      assert.match(text, /120\.00/, path);
      assert.doesNotMatch(text, /href="\/billing\/(pay|prepayment|methods|autopay)|action="\/(billing|autopay)/, path);
    }
    for (const { method, path } of moneyRoutes.filter(({ right }) => right === 'pay')) assert.equal((method === 'get' ? await visitor.get(path) : await visitor.post(path)).status, 403, `${method} ${path}`);
    assert.deepEqual(await sql(world, 'select id from app.payments'), []);
  });

  it('S4-8 even a query that forgets the right meets the wall', async () => {
    const { world, elm } = await atOak(unseen);
    const [signIn] = await sql<{ id: string }>(world, 'select id from app.sign_ins');
    const seen = await enter({ tenantId: world.id, mode: 'customer', signInId: signIn?.id }, () => run<{ account: string }>('select account_id as account from app.invoices'));
    assert.deepEqual(seen, [{ account: elm }]);
  });

  it('a right that is taken away is gone with the next request', async () => {
    const { world, visitor, oakContact } = await atOak({});
    assert.equal((await visitor.get('/billing/pay')).status, 200);
    await sql(world, 'update app.contacts set may_pay = false where id = $1', [oakContact]);
    assert.equal((await visitor.get('/billing/pay')).status, 403);
    await sql(world, 'update app.contacts set may_see_money = false where id = $1', [oakContact]);
    assert.equal((await visitor.get('/billing')).status, 403);
  });

  it('S4-8 staff set both on the contact page; paying without seeing is refused beside the box', async () => {
    const { world, oakContact } = await twoProperties();
    await makeStaff(world);
    const staff = await (await visit(world.slug)).signIn('owner@example.test', password, '/staff/login');
    const at = `/staff/contacts/${oakContact}`;
    const form = { revision: 1, firstName: 'Maria', lastName: 'Bestie', email: 'maria@example.test', maySignIn: 'on', ...Object.fromEntries(['type', 'memberId', 'homePhone', 'workPhone', 'cellPhone', 'fax', 'otherPhone', 'address1', 'address2', 'city', 'region', 'postalCode'].map((name) => [name, ''])) };
    assert.match((await staff.get(at)).text, /name="maySeeMoney"[^>]*checked.*name="mayPay"[^>]*checked/s);
    const refused = await staff.post(at, { ...form, mayPay: 'on' });
    assert.equal(refused.status, 422);
    assert.match(refused.text, /Whoever pays has to see what there is to pay/);
    assert.equal((await staff.post(at, { ...form, maySeeMoney: 'on' })).status, 303);
    assert.deepEqual(await sql(world, 'select may_see_money, may_pay from app.contacts where id = $1', [oakContact]), [{ may_see_money: true, may_pay: false }]);
  });

  it('mails about money go to contacts who may see it, and to nobody else', async () => {
    const world = await makeWorld('fieldservice');
    const account = await makeAccount(world);
    await makeContact(world, account, { is_billing: true, email: 'tenant@example.test', ...unseen });
    await makeContact(world, account, { is_primary: false, email: 'landlord@example.test' });
    await makeInvoice(world, account, { number: 'INV-DRAFT', status: 'unsent' });
    await makeStaff(world);
    const staff = await (await visit(world.slug)).signIn('owner@example.test', password, '/staff/login');
    const shown = (await staff.get('/staff/invoices/INV-DRAFT/sending')).text;
    const hidden = Object.fromEntries([...shown.matchAll(/type="hidden" name="(\w+)" value="([^"]*)"/g)].map(([, name = '', value = '']) => [name, value]));
    assert.equal((await staff.post('/staff/invoices/INV-DRAFT/sending', { ...hidden, mail: 'on' })).status, 303);
    assert.deepEqual(await sql(world, 'select to_address as "to" from app.messages'), [{ to: 'landlord@example.test' }]);
  });
});
