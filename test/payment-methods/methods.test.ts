import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { drain } from '../support/drain.ts';
import { testPortal } from '../support/portal.ts';
import { makeAccount, signedInFamily, sql, type World } from '../support/world.ts';
import { aPayer, chargesOf, choose, pay, saveMethod } from '../support/paying.ts';
import { addMethod, leaveForGateway, typeAtGateway } from './hosted-page.ts';

const methodsOf = (world: World) =>
  sql<{ id: string; brand: string; last4: string; is_default: boolean; removed: boolean }>(world, 'select id, brand, last4, is_default, removed_at is not null as removed from app.payment_methods order by id');

describe('saved payment methods', () => {
  it('S0-36 the page has a "+" that adds a card, on the gateway’s own page', async () => {
    const { visitor } = await signedInFamily('billing');
    const { sandboxUrl } = await testPortal();
    assert.match((await visitor.get('/billing/methods')).text, /<button[^>]*><svg[^]*?plus-lg[^]*?Add Payment Method<\/button>/);
    assert.ok((await leaveForGateway(visitor)).startsWith(sandboxUrl));
  });

  it('S0-37 the new method is a "Credit / Debit card", with a bank account to choose instead', async () => {
    const { visitor } = await signedInFamily('billing');
    const page = await (await fetch(await leaveForGateway(visitor))).text();
    assert.match(page, /Credit \/ debit card[\s\S]*Bank account/i);
  });

  it('S0-38 after saving, the card is on the Saved Payment Methods page', async () => {
    const { world, visitor } = await signedInFamily('billing');
    const back = await addMethod(visitor);
    assert.deepEqual([back.status, back.headers['location']], [303, '/billing/methods']);
    assert.match((await visitor.get('/billing/methods')).text, /Visa ending 4242 is saved[\s\S]*Visa ending 4242[\s\S]*Expires 04\/2030[\s\S]*Default/);
    assert.deepEqual((await methodsOf(world)).map(({ brand, last4, is_default }) => [brand, last4, is_default]), [['Visa', '4242', true]]);
  });

  it('the page’s form may lead to the gateway by the content security policy', async () => {
    const { visitor } = await signedInFamily('studio');
    const { sandboxUrl } = await testPortal();
    assert.ok((await visitor.get('/billing/methods')).headers['content-security-policy']?.includes(`form-action 'self' ${new URL(sandboxUrl).origin}`));
  });

  it('S1-54 the portal log says that billing information changed, with the last four digits and no more', async () => {
    const { world, visitor } = await signedInFamily('studio');
    await addMethod(visitor, '378282246310005');
    const lines = await sql<{ message: string }>(world, `select message from app.portal_log where message like 'Billing%'`);
    assert.deepEqual(lines, [{ message: 'Billing information changed: Credit card added; Last 4: 0005' }]);
  });

  it('S3-39 cards and bank accounts are offered as the organization takes them', async () => {
    const { world, visitor } = await signedInFamily('cloud');
    await addMethod(visitor, '000123456789');
    assert.deepEqual((await methodsOf(world)).map(({ brand, last4 }) => [brand, last4]), [['Sandbox Bank', '6789']]);
    const studio = await signedInFamily('studio');
    assert.doesNotMatch(await (await fetch(await leaveForGateway(studio.visitor))).text(), /Bank account/);
  });

  it('a saved card pays, and coming back to the return address saves it once', async () => {
    const { world, accountId, visitor } = await signedInFamily('studio');
    const back = await typeAtGateway(await leaveForGateway(visitor));
    for (let time = 0; time < 3; time += 1) assert.equal((await visitor.get(back)).status, 303);
    const [method, ...others] = await methodsOf(world);
    assert.deepEqual(others, []);
    await sql(world, `insert into app.invoices (account_id, number, issued_on, currency, total_cents, status) values ($1, 'INV-9', now(), 'USD', 700, 'sent')`, [accountId]);
    assert.match((await pay(visitor, choose(method?.id ?? '', 'INV-9'))).text, /You paid \$7\.00/);
    assert.deepEqual((await chargesOf(world)).map(({ outcome }) => outcome), ['succeeded']);
  });

  it('S4-32 a card on file is added from Billing', async () => {
    const { world, visitor } = await signedInFamily('fieldservice');
    assert.match((await visitor.get('/billing')).text, /href="\/billing\/methods"/);
    await addMethod(visitor);
    assert.equal((await methodsOf(world)).length, 1);
  });

  it('a payer who gives up at the gateway comes back with nothing saved', async () => {
    const { world, visitor } = await signedInFamily('studio');
    const page = await leaveForGateway(visitor);
    const cancel = /href="(http[^"]*\/billing\/methods\/saved\/[^"?]*)"/.exec(await (await fetch(page)).text())?.[1] ?? '';
    const back = await visitor.get(new URL(cancel).pathname);
    assert.equal(back.headers['location'], '/billing/methods');
    assert.deepEqual(await methodsOf(world), []);
  });

  it('A21 a return address made up, or begun by somebody else, saves nothing', async () => {
    const [victim, attacker] = [await signedInFamily('studio'), await signedInFamily('studio')];
    const forged = await typeAtGateway(await leaveForGateway(attacker.visitor));
    assert.equal((await victim.visitor.get(forged)).status, 404);
    assert.equal((await victim.visitor.get(`/billing/methods/saved/${crypto.randomUUID()}?session=x`)).status, 404);
    assert.deepEqual(await methodsOf(victim.world), []);
  });

  it('A20 no return leads away from the portal', async () => {
    const { visitor } = await signedInFamily('studio');
    for (const back of ['https://evil.example', '//evil.example', '/\\evil.example', 'javascript:alert(1)', '/%2F%2Fevil.example']) {
      const location = (await addMethod(visitor, undefined, back)).headers['location'] ?? '';
      assert.match(location, /^\/\?method=[0-9a-f-]{36}$/, back);
    }
  });

  it('S0-3 payment information is updated: a new card is added and takes over, the old one goes', async () => {
    const { world, visitor, methodId } = await aPayer('visa', 'billing');
    await addMethod(visitor, '5555555555554444');
    const added = (await methodsOf(world)).find(({ brand }) => brand === 'Mastercard')?.id ?? '';
    await visitor.post(`/billing/methods/${added}/default`);
    await visitor.post(`/billing/methods/${methodId}/removal`);
    const { text } = await visitor.get('/billing/methods');
    assert.match(text, /Mastercard ending 4444[^]*Default/);
    assert.doesNotMatch(text, /<td class="what"><strong>Visa/);
  });

  it('S0-49 every pack manages cards on the same page, in the same way', async () => {
    const pages = [];
    for (const pack of ['billing', 'studio', 'lawncare', 'cloud', 'fieldservice']) {
      const { visitor } = await aPayer('visa', pack);
      const main = /<h1>[^]*<\/main>/.exec((await visitor.get('/billing/methods')).text)?.[0] ?? '';
      pages.push(main.replaceAll(/[0-9a-f-]{36}|name="_csrf" value="[^"]*"/g, ''));
    }
    assert.match(pages[0] ?? '', /Add Payment Method[^]*Visa ending 4242[^]*Delete/);
    assert.equal(new Set(pages).size, 1);
  });

  it('S3-38 My account leads to Manage Payment Methods, where they are added, deleted and made the default', async () => {
    const { world, visitor } = await signedInFamily('cloud');
    assert.match((await visitor.get('/account')).text, /href="\/billing\/methods">[^]*?Manage Payment Methods/);
    await visitor.get('/billing/methods');
    for (const number of ['4242424242424242', '5555555555554444']) await addMethod(visitor, number);
    const [visa, mastercard] = await methodsOf(world);
    await visitor.post(`/billing/methods/${mastercard?.id}/default`);
    await visitor.post(`/billing/methods/${visa?.id}/removal`);
    assert.deepEqual((await methodsOf(world)).map(({ brand, is_default, removed }) => [brand, is_default, removed]), [['Visa', false, true], ['Mastercard', true, false]]);
  });

  it('S3-41 Add Payment Method asks for what is required and saves it; without it nothing is saved', async () => {
    const { world, visitor } = await signedInFamily('cloud');
    await visitor.get('/billing/methods');
    const page = await leaveForGateway(visitor);
    const form = await (await fetch(page)).text();
    for (const name of ['name', 'number', 'expiry', 'cvc']) assert.match(form, new RegExp(`name="${name}"`));
    assert.match(form, /<button[^>]*>\s*Save\b/);
    const refused = await fetch(page, { method: 'POST', body: new URLSearchParams({ name: 'Maria Bestie', number: '4242424242424242', expiry: '04/30', cvc: '' }), redirect: 'manual' });
    assert.deepEqual([refused.status, await methodsOf(world)], [422, []]);
    await visitor.get(await typeAtGateway(page));
    assert.deepEqual((await methodsOf(world)).map(({ last4 }) => last4), ['4242']);
  });

  it('S3-42 Set As Default: exactly one is the default, however many press at once', async () => {
    const payer = await aPayer('visa', 'cloud');
    const others = [await saveMethod(payer, 'mastercard'), await saveMethod(payer, 'amex')];
    await payer.visitor.get('/billing/methods');
    await Promise.all([...others, payer.methodId, ...others].map((id) => payer.visitor.post(`/billing/methods/${id}/default`)));
    assert.equal((await methodsOf(payer.world)).filter(({ is_default }) => is_default).length, 1);
    await payer.visitor.post(`/billing/methods/${others[0]}/default`);
    assert.equal((await methodsOf(payer.world)).find(({ is_default }) => is_default)?.id, others[0]);
  });

  it('S3-43 Delete asks first, then the card is gone here and at the gateway, and another one becomes the default', async () => {
    const { world, visitor } = await signedInFamily('cloud');
    await addMethod(visitor, '5555555555554444');
    await addMethod(visitor);
    const [first, second] = await methodsOf(world);
    const question = await visitor.get(`/billing/methods/${first?.id}/removal`);
    assert.match(question.text, /Delete Mastercard ending 4444\?/);
    assert.equal((await visitor.post(`/billing/methods/${first?.id}/removal`)).headers['location'], '/billing/methods');
    assert.match((await visitor.get('/billing/methods')).text, /Mastercard ending 4444 is deleted[\s\S]*Visa ending 4242/);
    assert.deepEqual((await methodsOf(world)).map(({ id, is_default, removed }) => [id, is_default, removed]), [[first?.id, false, true], [second?.id, true, false]]);
    await drain(world);
    const { outside } = await testPortal();
    const [{ token } = { token: '' }] = await sql<{ token: string }>(world, 'select token from app.payment_methods order by id');
    const answer = await outside.gateways.sandbox.charge({ key: crypto.randomUUID(), tenantId: world.id, amountCents: 1, currency: 'USD', token, description: '' });
    assert.equal(answer.outcome, 'declined');
  });

  it('A18 another account’s method, a deleted one and one that never was are the same 404', async () => {
    const payer = await aPayer();
    const neighbour = await saveMethod({ world: payer.world, accountId: await makeAccount(payer.world, { name: 'Neighbour' }) }, 'visa');
    const deleted = await saveMethod(payer, 'visa', { removed_at: new Date() });
    for (const id of [neighbour, deleted, crypto.randomUUID(), 'x', '0']) {
      assert.equal((await payer.visitor.get(`/billing/methods/${id}/removal`)).status, 404);
      assert.equal((await payer.visitor.post(`/billing/methods/${id}/removal`)).status, 404);
      assert.equal((await payer.visitor.post(`/billing/methods/${id}/default`)).status, 404);
    }
    assert.equal((await methodsOf(payer.world)).filter(({ removed }) => removed).length, 1);
  });

  it('an expired card says so, and no page shows a token', async () => {
    const payer = await aPayer();
    await saveMethod(payer, 'visa', { exp_month: 3, exp_year: 2026, brand: 'Visa', last4: '0008' });
    const { text } = await payer.visitor.get('/billing/methods');
    assert.match(text, /Visa ending 0008[\s\S]*Expired/);
    assert.doesNotMatch(text, /test_visa/);
    assert.match((await payer.visitor.get('/billing/pay/method?invoice=INV-1')).text, /value="[0-9a-f-]{36}" disabled/);
  });

  it('without a token nothing is added, chosen or deleted', async () => {
    const payer = await aPayer();
    for (const path of ['/billing/methods', `/billing/methods/${payer.methodId}/default`, `/billing/methods/${payer.methodId}/removal`]) {
      assert.equal((await payer.visitor.send('post', path).type('form').send({})).status, 403, path);
    }
  });
});
