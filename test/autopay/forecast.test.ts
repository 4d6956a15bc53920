import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { chargesOf, paidOf, saveMethod } from '../support/paying.ts';
import { ofThePage, statementsOf } from '../support/statements.ts';
import { makeInvoice, makeStaff, password, sql } from '../support/world.ts';
import { visit } from '../support/visitor.ts';
import { daysPass, onAutopay, run } from './autopay-world.ts';

const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toLocaleDateString('en-CA', { timeZone: 'America/Chicago' });

describe('the autopay forecast', () => {
  it('B-10 says what is charged next, when and by which method', async () => {
    const { world, accountId, visitor } = await onAutopay();
    await makeInvoice(world, accountId, { number: 'SOON', due_on: inDays(10), total_cents: 4000 });
    await makeInvoice(world, accountId, { number: 'HIDDEN', due_on: inDays(10), status: 'unsent' });
    const { text } = await visitor.get('/billing/autopay');
    assert.match(text, /Charged to Visa ending 4242/);
    const rows = [...text.matchAll(/<td class="when">\s*<time datetime="([^"]+)"[\s\S]*?<strong>([^<]+)<\/strong>[\s\S]*?<span class="money">([^<]+)</g)].map(([, ...row]) => row);
    assert.deepEqual(rows, [[inDays(0), 'INV-1', '$85.00'], [inDays(10), 'SOON', '$40.00'], ['2099-01-01', 'INV-2', '$120.00']]);
    assert.doesNotMatch(text, /HIDDEN/);
  });

  it('B-10 what it says is what the run does', async () => {
    const { world, accountId, visitor } = await onAutopay();
    await makeInvoice(world, accountId, { number: 'INV-3', total_cents: 1500, due_on: inDays(0) });
    await makeInvoice(world, accountId, { number: 'INV-4', total_cents: 1600, due_on: inDays(1) });
    assert.match((await visitor.get('/billing/autopay')).text, /<strong>INV-1, INV-3<\/strong>[\s\S]*\$100\.00/);
    await run(world);
    assert.deepEqual(await paidOf(world), { 'INV-1': 8500, 'INV-2': 0, 'INV-3': 1500, 'INV-4': 0 });
    assert.match((await visitor.get('/billing/autopay')).text, new RegExp(`datetime="${inDays(1)}"[\\s\\S]*INV-4`));
  });

  it('B-10 one charge can be skipped until the cut-off; somebody else has to pay it then', async () => {
    const { world, accountId, visitor } = await onAutopay();
    await makeInvoice(world, accountId, { number: 'SOON', due_on: inDays(2), total_cents: 4000 });
    assert.match((await visitor.get('/billing/autopay')).text, /Skip \$40\.00/);
    assert.equal((await visitor.post('/billing/autopay/skip', { on: inDays(2), currency: 'USD' })).status, 303);
    assert.match((await visitor.get('/billing/autopay')).text, /Not charged automatically[\s\S]*SOON[\s\S]*Skipped/);
    await daysPass(world, 5);
    await sql(world, `update app.invoices set due_on = due_on - 5 where number = 'SOON'`);
    await run(world);
    assert.deepEqual(await paidOf(world), { 'INV-1': 8500, 'INV-2': 0, SOON: 0 });
  });

  it('B-10 what was skipped is charged after all, until the cut-off', async () => {
    const { world, accountId, visitor } = await onAutopay();
    await makeInvoice(world, accountId, { number: 'SOON', due_on: inDays(3), total_cents: 4000 });
    await visitor.get('/billing/autopay');
    await visitor.post('/billing/autopay/skip', { on: inDays(3), currency: 'USD' });
    assert.match((await visitor.get('/billing/autopay')).text, /Charge it after all/);
    assert.equal((await visitor.post('/billing/autopay/skip/cancellation', { invoice: 'SOON' })).status, 303);
    assert.match((await visitor.get('/billing/autopay')).text, /Skip \$40\.00/);
    assert.equal((await visitor.post('/billing/autopay/skip/cancellation', { invoice: 'SOON' })).status, 422);
    await visitor.post('/billing/autopay/skip', { on: inDays(3), currency: 'USD' });
    await sql(world, `update app.invoices set due_on = $1 where number = 'SOON'`, [inDays(1)]);
    assert.equal((await visitor.post('/billing/autopay/skip/cancellation', { invoice: 'SOON' })).status, 422);
    assert.doesNotMatch((await visitor.get('/billing/autopay')).text, /Charge it after all/);
  });

  it('B-10 after the cut-off, for another day or in another currency nothing is skipped', async () => {
    const { world, accountId, visitor } = await onAutopay();
    await makeInvoice(world, accountId, { number: 'SOON', due_on: inDays(1), total_cents: 4000 });
    const page = await visitor.get('/billing/autopay');
    assert.match(page.text, /It could be skipped until/);
    for (const form of [{ on: inDays(1), currency: 'USD' }, { on: inDays(0), currency: 'USD' }, { on: '2099-01-01', currency: 'EUR' }, { on: 'x', currency: 'USD' }, {}]) {
      const refused = await visitor.post('/billing/autopay/skip', form);
      assert.equal(refused.status, 422, JSON.stringify(form));
    }
    assert.deepEqual(await sql(world, 'select 1 from app.autopay_skips'), []);
  });

  it('B-10 the method is changed on the page, and the next charge uses it', async () => {
    const { world, accountId, visitor } = await onAutopay('declined');
    const good = await saveMethod({ world, accountId }, 'mastercard', { brand: 'Mastercard', last4: '4444' });
    await visitor.get('/billing/autopay');
    await visitor.post('/autopay', { method: good });
    assert.match((await visitor.get('/billing/autopay')).text, /Charged to Mastercard ending 4444/);
    await run(world);
    assert.deepEqual((await chargesOf(world)).map(({ outcome }) => outcome), ['succeeded']);
  });

  it('reads the same number of statements for one invoice as for forty', async () => {
    const { world, accountId, visitor } = await onAutopay();
    const count = async () => ofThePage(await statementsOf(() => visitor.get('/billing/autopay'))).length;
    await count();
    const one = await count();
    for (let number = 0; number < 38; number += 1) await makeInvoice(world, accountId, { due_on: inDays(number) });
    assert.equal(await count(), one);
    assert.ok(one <= 4, `${one} statements`);
  });
});

describe('the runs as staff see them', () => {
  it('B-10 show the day, how far it is, how each charge ended, and what the gateway said', async () => {
    const { world } = await onAutopay('insufficient');
    await makeStaff(world, 'front_desk');
    const staff = await (await visit(world.slug)).signIn('front_desk@example.test', password, '/staff/login');
    assert.match((await staff.get('/staff/autopay')).text, /No run yet/);
    await run(world);
    assert.match((await staff.get('/staff/autopay')).text, /Done[\s\S]*Declined<\/dt><dd class="money">1[\s\S]*Bestie[\s\S]*Insufficient funds[\s\S]*\$85\.00/);
    await sql(world, 'update app.autopay_runs set ended_at = null, accounts_due = 10, accounts_done = 4');
    assert.match((await staff.get('/staff/autopay')).text, /Under way[\s\S]*value="4" max="10"/);
  });
});
