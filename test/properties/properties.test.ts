import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { makeAccount, makeInvoice, signedInFamily, sql } from '../support/world.ts';
import { bothOwe, choose, twoProperties, type Owner } from './properties-world.ts';

const path = '/account/phones';
const phones = { cellPhone: '(215) 555-0199', homePhone: '', workPhone: '', otherPhone: '' };
const changed = ({ world }: Owner) => sql(world, `select a.name from app.contacts c join app.accounts a on a.id = c.account_id where c.cell_phone = '(215) 555-0199'`);

describe('related properties', () => {
  it('S4-8 the dropdown shows every page for the property that is chosen, and stays on the tab', async () => {
    const owner = await twoProperties();
    await bothOwe(owner);
    assert.match((await owner.visitor.get('/billing')).text, /name="next" value="\/billing".*name="account".*Oak Avenue/s);
    const answer = await owner.visitor.post('/account/choice', { account: owner.oak, next: '/billing' });
    assert.equal(answer.headers['location'], '/billing');
    for (const [address, own, foreign] of [['/', /INV-OAK/, /INV-ELM/], ['/billing', /INV-OAK/, /INV-ELM/], ['/billing/pay', /INV-OAK/, /INV-ELM/], ['/account', /Oak Avenue · P-2/, /Elm Street · P-1/]] as const) {
      const { text } = await owner.visitor.get(address);
      assert.match(text, own, address);
      assert.doesNotMatch(text, foreign, address);
    }
  });

  it('S4-8 C-32 an address of another property of the same person says whose it is, and switches', async () => {
    const owner = await twoProperties({ tabs: [{ key: 'billing', enabled: 'on' }, { key: 'invoices', enabled: 'on' }] });
    await bothOwe(owner);
    const page = await owner.visitor.get('/invoices/INV-OAK');
    assert.equal(page.status, 404);
    assert.match(page.text, /This belongs to Oak Avenue.*name="next" value="\/invoices\/INV-OAK".*Switch to Oak Avenue/s);
    assert.doesNotMatch(page.text, /120\.00/);
    assert.match((await owner.visitor.get('/invoices/INV-OAK.pdf')).text, /This belongs to Oak Avenue/);
    const answer = await owner.visitor.post('/account/choice', { account: owner.oak, next: '/invoices/INV-OAK' });
    assert.match((await owner.visitor.get(answer.headers['location'] ?? '')).text, /120\.00/);
  });

  it('S4-8 what belongs to somebody else is said to be nobody\'s', async () => {
    const owner = await twoProperties({ tabs: [{ key: 'invoices', enabled: 'on' }] });
    await makeInvoice(owner.world, await makeAccount(owner.world, { name: 'The neighbour' }), { number: 'INV-THEIRS' });
    const [theirs, none] = [await owner.visitor.get('/invoices/INV-THEIRS'), await owner.visitor.get('/invoices/INV-NONE')];
    for (const page of [theirs, none]) assert.match(page.text, /There is nothing here/);
    assert.equal(theirs.status, none.status);
  });

  it('S4-8 a form of one property does nothing while another one is chosen, says so, and leads back', async () => {
    const owner = await twoProperties();
    await owner.visitor.get(path);
    const token = /name="_csrf" value="([^"]+)"/.exec((await owner.visitor.get(path)).text)?.[1];
    await choose(owner, owner.oak);
    const answer = await owner.visitor.post(path, { _csrf: token, ...phones });
    assert.equal(answer.status, 409);
    assert.match(answer.text, /This was for Elm Street.*You have switched to Oak Avenue.*nothing was changed.*Switch to Elm Street.*Stay with Oak Avenue/s);
    assert.deepEqual(await changed(owner), []);
    await choose(owner, owner.elm);
    assert.equal((await owner.visitor.post(path, { _csrf: token, ...phones })).status, 303);
    assert.deepEqual(await changed(owner), [{ name: 'Elm Street' }]);
  });

  it('S4-8 a form that does not say its property, or one that is nobody\'s, does nothing', async () => {
    const owner = await twoProperties();
    const [token = ''] = (/name="_csrf" value="([^"]+)"/.exec((await owner.visitor.get(path)).text)?.[1] ?? '').split('.');
    for (const about of ['', '.', `.${crypto.randomUUID()}`, '.x.y']) {
      const answer = await owner.visitor.post(path, { _csrf: token + about, ...phones });
      assert.equal(answer.status, 409, about);
      assert.match(answer.text, /This page was for something else/);
    }
    assert.deepEqual(await changed(owner), []);
  });

  it('S4-8 while two tabs choose and send at once, what is sent is about the property that its page has shown, or nothing is done', async () => {
    const owner = await twoProperties();
    await bothOwe(owner);
    const token = /name="_csrf" value="([^"]+)"/.exec((await owner.visitor.get('/contact')).text)?.[1];
    const send = async (at: number) => owner.visitor.post('/contact', { _csrf: token, subject: `Elm ${at}`, body: 'About Elm Street', requestKey: crypto.randomUUID() });
    const answers = await Promise.all(Array.from({ length: 20 }, async (_, at) => (at % 2 ? send(at) : choose(owner, at % 4 ? owner.elm : owner.oak))));
    for (const { status } of answers) assert.ok([303, 409, 429].includes(status), String(status));
    const written = await sql<{ name: string }>(owner.world, 'select distinct a.name from app.contact_requests r join app.accounts a on a.id = r.account_id');
    assert.ok(written.every(({ name }) => name === 'Elm Street'), JSON.stringify(written));
  });

  it('S4-9 with one account the dropdown is grey, and the view over all of them leads home', async () => {
    const { visitor } = await signedInFamily('fieldservice');
    assert.match((await visitor.get('/')).text, /class="account-choice is-single" disabled/);
    assert.equal((await visitor.get('/accounts')).headers['location'], '/');
  });

  it('S4-8 all properties stand side by side: balance, past due and open invoices of each, and a total per currency', async () => {
    const owner = await twoProperties();
    await bothOwe(owner);
    await makeInvoice(owner.world, owner.oak, { number: 'INV-CAD', currency: 'CAD', total_cents: 5000 });
    await makeInvoice(owner.world, owner.oak, { number: 'INV-UNSENT', total_cents: 99900, status: 'unsent' });
    const { text } = await owner.visitor.get('/accounts');
    assert.match(text, /Together.*CA\$50\.00.*\$205\.00.*\$205\.00 past due.*2 open invoices/s);
    assert.match(text, /Elm Street.*\$85\.00.*\$85\.00 past due.*1 open invoice.*Oak Avenue.*\$120\.00/s);
    assert.doesNotMatch(text, /999\.00/);
  });

  it('S4-8 properties are paid one after the other: a paid one leads to the next', async () => {
    const owner = await twoProperties();
    await bothOwe(owner);
    await sql(owner.world, `insert into app.payments (account_id, number, state, amount_cents, currency, paid_on) values ($1, 'PAY-1', 'succeeded', 100, 'USD', '2026-11-01')`, [owner.elm]);
    const page = await owner.visitor.get('/billing/payments/PAY-1');
    assert.match(page.text, /Oak Avenue has \$120\.00 to pay, too\..*Pay for Oak Avenue/s);
    const answer = await owner.visitor.post('/account/choice', { account: owner.oak, next: '/billing/pay' });
    assert.match((await owner.visitor.get(answer.headers['location'] ?? '')).text, /INV-OAK/);
  });
});
