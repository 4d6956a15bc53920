import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { addMethod } from '../payment-methods/hosted-page.ts';
import { lettersTo } from '../support/letters.ts';
import { aPayer, saveMethod } from '../support/paying.ts';
import { publish } from '../support/publish.ts';
import { makeAccount, signedInFamily, sql, type World } from '../support/world.ts';
import { isOn, onAutopay } from './autopay-world.ts';

const logOf = async (world: World) => (await sql<{ message: string }>(world, `select message from app.portal_log where message like '%utopay%' order by id`)).map(({ message }) => message);
const slider = (state: boolean) => new RegExp(`<section[^>]*id="autopay"[\\s\\S]*<button class="slider" role="switch" aria-checked="${state}">Autopay Future Invoices</button>`);

describe('turning autopay on and off', () => {
  it('S2-23 S2-24 the "Billing Info" tab has the Auto-pay slider at its bottom', async () => {
    const { visitor } = await signedInFamily('lawncare');
    const { text } = await visitor.get('/billing');
    assert.match(text, /<h1>Billing Info<\/h1>/);
    assert.match(text, slider(false));
    assert.ok(text.indexOf('id="autopay"') > text.indexOf('Recent Activity'));
  });

  it('S2-25 the card is entered next, and is the one that autopay will charge', async () => {
    const { visitor } = await signedInFamily('lawncare');
    assert.match((await visitor.get('/billing/autopay/card')).text, /Autopay needs a card[\s\S]*Add Payment Method/);
    const card = (await addMethod(visitor, undefined, '/billing/autopay/card')).headers['location'] ?? '';
    assert.match((await visitor.get(card)).text, /name="method" value="[0-9a-f-]{36}" checked[\s\S]*Visa ending 4242/);
  });

  it('S2-26 "Submit" leads to the settings page, and "Submit" again signs up: not one press earlier', async () => {
    const { world, visitor, methodId } = await aPayer('visa', 'lawncare');
    assert.match((await visitor.get('/billing/autopay/card')).text, /action="\/billing\/autopay\/review"[\s\S]*class="total-bar"[\s\S]*>Submit<\/button>/);
    const review = await visitor.get(`/billing/autopay/review?method=${methodId}`);
    assert.match(review.text, /charged on its due day to Visa ending 4242[\s\S]*action="\/autopay"[\s\S]*class="total-bar"><button class="btn btn-primary ms-auto">Submit<\/button>/);
    assert.equal(await isOn(world), false);
    assert.equal((await visitor.post('/autopay', { method: methodId })).headers['location'], '/billing/autopay');
    assert.equal(await isOn(world), true);
    assert.match((await visitor.get('/billing')).text, slider(true));
  });

  it('S2-8 S3-36 signing up is logged and mailed, once however often it is sent', async () => {
    const { world, visitor, methodId } = await aPayer('visa', 'lawncare');
    for (let time = 0; time < 3; time += 1) await visitor.post('/autopay', { method: methodId });
    assert.deepEqual(await logOf(world), ['Billing information changed: Autopay turned on; Last 4: 4242']);
    assert.deepEqual((await lettersTo(world, 'maria@example.test')).map(({ subject }) => subject), ['Autopay with Cloverfell Lawn Care is on']);
  });

  it('S3-37 it is not turned on without a method, nor with an expired or foreign one', async () => {
    const payer = await aPayer('visa', 'lawncare');
    const expired = await saveMethod(payer, 'visa', { exp_month: 1, exp_year: 2020 });
    const neighbour = await saveMethod({ world: payer.world, accountId: await makeAccount(payer.world, { name: 'Neighbour' }) }, 'visa');
    await payer.visitor.get('/billing/autopay');
    for (const method of ['', 'x', expired, neighbour, crypto.randomUUID()]) assert.equal((await payer.visitor.post('/autopay', { method })).status, 422, method);
    assert.deepEqual(await sql(payer.world, 'select distinct autopay from app.accounts'), [{ autopay: false }]);
  });

  it('S3-37 the last method cannot be deleted while it is on: neither by the page nor by the database', async () => {
    const { world, visitor, methodId } = await onAutopay();
    const other = await saveMethod({ world, accountId: (await sql<{ id: string }>(world, 'select id from app.accounts'))[0]?.id ?? '' }, 'visa');
    await visitor.get('/billing/methods');
    assert.equal((await visitor.post(`/billing/methods/${methodId}/removal`)).status, 303);
    const refused = await visitor.post(`/billing/methods/${other}/removal`);
    assert.equal(refused.status, 422);
    assert.match(refused.text, /Autopay is on and needs a payment method/);
    await assert.rejects(sql(world, 'update app.payment_methods set removed_at = now(), is_default = false where removed_at is null'), /autopay needs a payment method/);
    await visitor.post('/autopay/cancellation');
    assert.equal((await visitor.post(`/billing/methods/${other}/removal`)).status, 303);
    await assert.rejects(sql(world, 'update app.accounts set autopay = true'), /autopay needs a payment method/);
  });

  it('turning on and deleting the only card at once never leaves autopay on without a card', async () => {
    for (let round = 0; round < 5; round += 1) {
      const { world, visitor, methodId } = await aPayer('visa', 'lawncare');
      await visitor.get('/billing/methods');
      await Promise.all([visitor.post('/autopay', { method: methodId }), visitor.post(`/billing/methods/${methodId}/removal`)]);
      const [state] = await sql<{ autopay: boolean; methods: number }>(world, 'select autopay, (select count(*)::int from app.payment_methods where removed_at is null) as methods from app.accounts');
      assert.equal(state?.autopay, state?.methods === 1, JSON.stringify(state));
    }
  });

  it('S2-8 turning it off asks first, is logged and mailed once', async () => {
    const { world, visitor } = await onAutopay();
    assert.match((await visitor.get('/billing/autopay/cancellation')).text, /From now on nothing is charged automatically/);
    for (let time = 0; time < 2; time += 1) assert.equal((await visitor.post('/autopay/cancellation')).status, 303);
    assert.equal(await isOn(world), false);
    assert.deepEqual(await logOf(world), ['Billing information changed: Autopay turned off']);
    assert.deepEqual((await lettersTo(world, 'maria@example.test')).map(({ subject }) => subject), ['Autopay with Cloverfell Lawn Care is off']);
  });

  it('S4-33 S4-46 Billing only shows whether it is on; it is switched on the account page', async () => {
    const { visitor } = await onAutopay('visa', 'fieldservice');
    const [billing, account] = [await visitor.get('/billing'), await visitor.get('/account')];
    assert.match(billing.text, /id="autopay"[\s\S]*On[\s\S]*charged on their due day to Visa ending 4242[\s\S]*href="\/account#autopay"/);
    assert.doesNotMatch(billing.text, /class="slider"/);
    assert.match(account.text, slider(true));
  });

  it('C-15 the slider stands where the organization puts it, the state in both places', async () => {
    const { world, visitor } = await signedInFamily('cloud');
    for (const [place, billing, account] of [['billing', true, false], ['account', false, true], ['both', true, true]] as const) {
      await publish(world, { 'autopay.place': place });
      for (const [path, has] of [['/billing', billing], ['/account', account]] as const) {
        const { text } = await visitor.get(path);
        assert.match(text, /<section[^>]*id="autopay"/);
        assert.equal(/class="slider"/.test(text), has, `${place} ${path}`);
      }
    }
  });

  it('where autopay is not offered, none of its pages answers', async () => {
    const { visitor } = await signedInFamily('billing');
    for (const path of ['/billing/autopay', '/billing/autopay/card', '/billing/autopay/review']) assert.equal((await visitor.get(path)).status, 404);
    assert.doesNotMatch((await visitor.get('/billing')).text, /id="autopay"/);
  });
});
