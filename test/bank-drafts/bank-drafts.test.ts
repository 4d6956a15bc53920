import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { isRoutingNumber } from '../../server/bank-drafts/forms.ts';
import { unseal } from '../../server/platform/crypto.ts';
import { atDesk, staffOf } from '../refunds/refunding.ts';
import { chargesOf } from '../support/paying.ts';
import { testConfig } from '../support/portal.ts';
import { makeAccount, signedInFamily, sql, type World } from '../support/world.ts';

const number = '000123456789';
const given = { holder: 'Maria Bestie', kind: 'checking', routing: '0210 0002-1', secretNumber: '0001 2345 6789', secretNumberAgain: number };
const logOf = async (world: World) => (await sql<{ message: string }>(world, `select message from app.portal_log where kind = 'billing' order by id`)).map(({ message }) => message);
const numberOf = async (world: World) => (await sql<{ n: string }>(world, 'select number as n from app.accounts'))[0]?.n ?? '';
const kept = (world: World) => sql<{ id: string; sealed: string; last4: string; holder: string }>(world, 'select account_id as id, sealed_number as sealed, last4, holder from app.bank_drafts');

describe('bank drafts', () => {
  it('a routing number has nine digits of a district, the last of them its check digit', () => {
    for (const good of ['021000021', '110000000', '011401533', '322271627']) assert.ok(isRoutingNumber(good), good);
    for (const bad of ['', '02100002', '021000022', '120000021', '500000005', '990000000', 'abcdefghi', '0210000210']) assert.ok(!isRoutingNumber(bad), bad);
  });

  it('an account is given, changed and deleted; its number is encrypted, and shown masked everywhere', async () => {
    const { world, accountId, visitor } = await signedInFamily('billing');
    assert.match((await visitor.get('/billing')).text, /href="\/billing\/bank-draft"/);
    await visitor.get('/billing/bank-draft');
    assert.equal((await visitor.post('/billing/bank-draft', given)).status, 303);
    const [draft] = await kept(world);
    assert.deepEqual([draft?.last4, draft?.sealed.includes(number), unseal(testConfig.encryptionKeys, draft?.sealed ?? '', `bank-draft ${accountId}`)], ['6789', false, number]);
    const shown = await visitor.get('/billing/bank-draft');
    assert.match(shown.text, /•••• 6789/);
    assert.doesNotMatch(shown.text, /0001 ?2345/);

    await visitor.post('/billing/bank-draft', { ...given, holder: 'Maria B.', secretNumber: '', secretNumberAgain: '' });
    const [changed] = await kept(world);
    assert.deepEqual([changed?.holder, changed?.sealed], ['Maria B.', draft?.sealed]);
    assert.equal((await visitor.post('/billing/bank-draft/removal')).status, 303);
    assert.equal((await visitor.post('/billing/bank-draft/removal')).status, 404);
    assert.deepEqual(await kept(world), []);
    assert.deepEqual(await logOf(world), ['added', 'changed', 'deleted'].map((what) => `Billing information changed: Bank account ${what}; Last 4: 6789`));
  });

  it('what is wrong is said beside its field, and a refused number is not shown again', async () => {
    const { world, visitor } = await signedInFamily('billing');
    await visitor.get('/billing/bank-draft');
    const cases = { holder: '', kind: 'gold', routing: '021000022', secretNumber: '123', secretNumberAgain: '0001' };
    for (const [field, wrong] of Object.entries(cases)) {
      const refused = await visitor.post('/billing/bank-draft', { ...given, [field]: wrong });
      assert.equal(refused.status, 422, field);
      assert.match(refused.text, field === 'kind' ? /class="field has-error"/ : new RegExp(`id="${field}-error"`), field);
      assert.doesNotMatch(refused.text, /0001 2345 6789|000123456789/, field);
    }
    assert.deepEqual(await kept(world), []);
  });

  it('twenty at once leave one account', async () => {
    const { world, visitor } = await signedInFamily('billing');
    await visitor.get('/billing/bank-draft');
    const answers = await Promise.all(Array.from({ length: 20 }, () => visitor.post('/billing/bank-draft', given)));
    assert.deepEqual([new Set(answers.map(({ status }) => status)), (await kept(world)).length], [new Set([303]), 1]);
  });

  it('where the organization keeps none, no page takes one', async () => {
    const { world, visitor } = await signedInFamily('studio');
    const staff = await staffOf(world);
    await visitor.get('/');
    assert.equal((await visitor.get('/billing/bank-draft')).status, 404);
    assert.equal((await visitor.post('/billing/bank-draft', given)).status, 404);
    const at = `/staff/accounts/${await numberOf(world)}/bank-draft`;
    for (const path of [at, `${at}/removal`, `${at}/showing`]) assert.equal((await staff.post(path, given)).status, 404, path);
  });

  it('staff see the whole number by asking for it, and each look is logged', async () => {
    const { world, visitor } = await signedInFamily('billing');
    await visitor.get('/billing/bank-draft');
    await visitor.post('/billing/bank-draft', given);
    const at = `/staff/accounts/${await numberOf(world)}`;
    const staff = await staffOf(world, 'front_desk');
    const paying = await staff.get(`${at}/paying`);
    assert.match(paying.text, /•••• 6789/);
    for (const path of [`${at}/paying`, `${at}/billing`, at, `${at}/payment`]) assert.doesNotMatch((await staff.get(path)).text, /000123456789/, path);
    assert.equal((await staff.get(`${at}/bank-draft/showing`)).status, 404);
    assert.match((await staff.post(`${at}/bank-draft/showing`)).text, /000123456789/);
    const [line] = await sql<{ message: string; staff_name: string }>(world, `select message, staff_name from app.portal_log where message like '%shown%'`);
    assert.deepEqual(line, { message: 'Bank account number shown; Last 4: 6789', staff_name: 'The front_desk' });

    await sql(world, `update app.staff_users set permissions = '{"invoices": false}'`);
    assert.equal((await staff.get(`${at}/paying`)).status, 403);
    assert.equal((await staff.post(`${at}/bank-draft/showing`)).status, 403);
  });

  it('a sealed number that is copied to another account does not open there', async () => {
    const { world, visitor } = await signedInFamily('billing');
    await visitor.get('/billing/bank-draft');
    await visitor.post('/billing/bank-draft', given);
    const other = await makeAccount(world, { number: 'A-OTHER' });
    await sql(world, `update app.bank_drafts set account_id = $1`, [other]);
    const staff = await staffOf(world);
    await staff.get('/staff/accounts/A-OTHER/paying');
    assert.equal((await staff.post('/staff/accounts/A-OTHER/bank-draft/showing')).status, 500);
    assert.match((await visitor.get('/billing/bank-draft')).text, /Add a bank account/);
  });

  it('S0-34 staff set how an account regularly pays: by card, or by bank draft, which then asks staff for what is overdue', async () => {
    const { world, visitor, staff } = await atDesk('visa', 'billing');
    const at = `/staff/accounts/${await numberOf(world)}/paying`;
    assert.match((await staff.get(at)).text, /value="card" checked/);
    assert.match((await visitor.get('/billing')).text, /href="\/billing\/pay">Make Payment/);
    assert.equal((await staff.post(at, { paysBy: 'bank_draft' })).status, 303);
    assert.match((await staff.get(at)).text, /value="bank_draft" checked/);
    const client = await visitor.get('/billing');
    assert.match(client.text, /action="\/billing\/card-payment-request"/);
    assert.doesNotMatch(client.text, /Make Payment/);
    assert.equal((await staff.post(at, { paysBy: 'gold' })).status, 422);
    assert.deepEqual(await logOf(world), ['Billing information changed: Regular way of paying: bank draft']);
  });

  it('S0-32 no draft is taken for what is overdue; when nothing is, staff record the one they have drawn', async () => {
    const { world, staff } = await atDesk('visa', 'billing');
    const at = `/staff/accounts/${await numberOf(world)}/payment`;
    const drawn = () => ({ amount: '85.00', kind: 'bank_draft', label: '', pays: 'invoices', requestKey: crypto.randomUUID() });
    await staff.get(at);
    const refused = await staff.post(at, drawn());
    assert.deepEqual([refused.status, /While something is past due, only a card is accepted/.test(refused.text)], [422, true]);
    await sql(world, `update app.invoices set due_on = '2099-01-01'`);
    assert.equal((await staff.post(at, drawn())).status, 303);
    assert.deepEqual(await sql(world, 'select method_kind, amount_cents, state from app.payments'), [{ method_kind: 'bank_draft', amount_cents: 8500, state: 'succeeded' }]);
    assert.deepEqual(await chargesOf(world), []);
  });
});
