import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { ofThePage, statementsOf } from '../support/statements.ts';
import { makeInvoice, signedInFamily, sql } from '../support/world.ts';
import { aPayer, choose, fieldsOf, pay } from '../support/paying.ts';
import { addMethod } from '../payment-methods/hosted-page.ts';

const ticked = (text: string): string[] => [...text.matchAll(/<input class="form-check-input" type="checkbox"[^>]*value="([^"]+)"[^>]* checked/g)].map(([, number = '']) => number);
const listed = (text: string): string[] => [...text.matchAll(/<input class="form-check-input" type="checkbox"[^>]*value="([^"]+)"/g)].map(([, number = '']) => number);
const hidden = (text: string, name: string): string[] => [...text.matchAll(new RegExp(`<input type="hidden" name="${name}" value="([^"]*)"`, 'g'))].map(([, value = '']) => value);

describe('making a payment', () => {
  it('S4-22 all outstanding invoices are ticked at first', async () => {
    const { visitor } = await aPayer('visa', 'fieldservice');
    const { text } = await visitor.get('/billing/pay');
    assert.deepEqual(ticked(text), ['INV-1', 'INV-2']);
    assert.match(text, /data-total>\$205\.00</);
  });

  it('C-11 ticked at first is what the organization says: all, what is overdue, or nothing', async () => {
    for (const [preselect, expected] of [['all_outstanding', ['INV-1', 'INV-2']], ['overdue', ['INV-1']], ['none', []]] as const) {
      const { visitor } = await aPayer('visa', 'studio', { 'billing.preselect': preselect });
      assert.deepEqual(ticked((await visitor.get('/billing/pay')).text), expected);
    }
  });

  it('C-12 the steps come in the organization’s order: method first, or invoices first', async () => {
    const cloud = await aPayer('visa', 'cloud');
    const first = await cloud.visitor.get('/billing/pay');
    assert.match(first.text, /How do you want to pay\?[\s\S]*Visa ending 4242[\s\S]*Add Payment Method/);
    assert.match(first.text, /action="\/billing\/pay\/invoices"/);
    const second = await cloud.visitor.get(`/billing/pay/invoices?method=${cloud.methodId}`);
    assert.deepEqual([ticked(second.text), hidden(second.text, 'method')], [[], [cloud.methodId]]);
    assert.match(second.text, /action="\/billing\/pay\/review"/);
    const { visitor } = await aPayer('visa', 'fieldservice');
    assert.match((await visitor.get('/billing/pay')).text, /Which invoices[\s\S]*action="\/billing\/pay\/method"/);
  });

  it('S3-30 the review repeats every choice with a way to change it, and the balance before and after', async () => {
    const { visitor, methodId } = await aPayer('visa', 'cloud');
    const { text } = await visitor.get(`/billing/pay/review?${choose(methodId, 'INV-1')}`);
    assert.match(text, /You pay 1 invoice[\s\S]*href="\/billing\/pay\/invoices\?chosen=1&amp;invoice=INV-1&amp;method=[\s\S]*href="\/billing\/pay\/method\?/);
    assert.match(text, /Visa ending 4242/);
    assert.match(text, /Account Balance now[\s\S]*\$205\.00[\s\S]*After this payment[\s\S]*\$120\.00/);
    assert.match(text, />Pay \$85\.00</);
  });

  it('going back to any step keeps what was chosen', async () => {
    const { visitor, methodId } = await aPayer('visa', 'studio', { 'billing.preselect': 'none' });
    const state = choose(methodId, 'INV-2');
    const invoices = await visitor.get(`/billing/pay/invoices?${state}`);
    assert.deepEqual([ticked(invoices.text), hidden(invoices.text, 'method')], [['INV-2'], [methodId]]);
    const method = await visitor.get(`/billing/pay/method?${state}`);
    assert.deepEqual(hidden(method.text, 'invoice'), ['INV-2']);
    assert.match(method.text, new RegExp(`value="${methodId}" checked`));
  });

  it('S2-5 the whole balance is paid at once', async () => {
    const { visitor, methodId } = await aPayer('visa', 'lawncare');
    assert.deepEqual(ticked((await visitor.get('/billing/pay/invoices?scope=balance')).text), ['INV-1', 'INV-2']);
    assert.match((await pay(visitor, `scope=balance&method=${methodId}`)).text, /You paid \$205\.00/);
  });

  it('what is past due is ticked by one press', async () => {
    const { visitor } = await aPayer();
    assert.match((await visitor.get('/billing/pay')).text, /href="\/billing\/pay\/invoices\?scope=overdue"/);
    assert.deepEqual(ticked((await visitor.get('/billing/pay/invoices?scope=overdue')).text), ['INV-1']);
  });

  it('S4-24 "Select All Unpaid" ticks everything, without script, whatever was ticked or filtered before', async () => {
    const { visitor } = await aPayer('visa', 'fieldservice');
    const { text } = await visitor.get('/billing/pay/invoices?chosen=1&number=INV-1&all=1');
    assert.match(text, /<button[^>]*name="all" value="1"[^>]*>Select All Unpaid</);
    assert.deepEqual([ticked(text), hidden(text, 'invoice')], [['INV-1'], ['INV-2']]);
  });

  it('S4-25 a green Pay at the top of the table goes on with the ticked invoices, to confirm the method', async () => {
    const { visitor, methodId } = await aPayer('visa', 'fieldservice');
    const { text } = await visitor.get('/billing/pay');
    assert.match(text, /<form method="get" action="\/billing\/pay\/method"[^]*<button class="btn btn-primary is-pay">Pay<[^]*?<table class="list"/);
    const [styles = ''] = /\/assets\/\w+\/portico\.css/.exec(text) ?? [];
    assert.match((await visitor.get(styles)).text, /\.btn-primary\.is-pay \{\s*--bs-btn-bg: #1a7340/);
    const method = await visitor.get('/billing/pay/method?chosen=1&invoice=INV-2');
    assert.match(method.text, /How do you want to pay\?/);
    assert.deepEqual(hidden(method.text, 'invoice'), ['INV-2']);
    assert.match((await pay(visitor, choose(methodId, 'INV-2'))).text, /You paid \$120\.00/);
  });

  it('S4-23 the list is filtered by number, date and amount, and no tick is lost', async () => {
    const { world, accountId, visitor } = await aPayer('visa', 'fieldservice');
    await makeInvoice(world, accountId, { number: 'X-3', total_cents: 500, issued_on: '2026-11-01' });
    const cases: [string, string[]][] = [['number=x-', ['X-3']], ['from=2026-10-15', ['X-3']], ['to=2026-10-15', ['INV-1', 'INV-2']], ['least=100', ['INV-2']], ['most=85.00&least=10', ['INV-1']], ['number=%25', []]];
    for (const [filter, expected] of cases) {
      const { text } = await visitor.get(`/billing/pay/invoices?chosen=1&invoice=INV-1&${filter}`);
      assert.deepEqual(listed(text), expected, filter);
      assert.deepEqual([...ticked(text), ...hidden(text, 'invoice')], ['INV-1'], filter);
    }
    assert.match((await visitor.get('/billing/pay/invoices?least=abc')).text, /id="least-error"/);
  });

  it('"Pay Now" on one invoice chooses that one', async () => {
    const { visitor } = await aPayer();
    assert.deepEqual(ticked((await visitor.get('/billing/pay?invoice=INV-2')).text), ['INV-2']);
  });

  it('S0-7 where only the overdue sum or the balance may be paid, there is nothing to tick', async () => {
    const { visitor, methodId } = await aPayer('visa', 'billing');
    const { text } = await visitor.get('/billing/pay');
    assert.deepEqual(listed(text), []);
    assert.match(text, /value="overdue" checked[\s\S]*Overdue: \$85\.00[\s\S]*Whole balance: \$205\.00/);
    assert.match((await pay(visitor, `scope=balance&method=${methodId}`)).text, /You paid \$205\.00/);
  });

  it('what is missing is asked for: an invoice, then a method', async () => {
    const { visitor, methodId } = await aPayer();
    const noInvoice = await visitor.get(`/billing/pay/review?chosen=1&method=${methodId}`);
    assert.deepEqual([noInvoice.status, /Choose at least one invoice/.test(noInvoice.text)], [422, true]);
    const noMethod = await visitor.get('/billing/pay/review?invoice=INV-1');
    assert.deepEqual([noMethod.status, /Choose a payment method/.test(noMethod.text), hidden(noMethod.text, 'invoice')], [422, true, ['INV-1']]);
  });

  it('S3-28 "Add Payment Method" inside the wizard comes back with the chosen invoices and the new card', async () => {
    const { world, accountId, visitor } = await signedInFamily('cloud');
    for (const number of ['INV-1', 'INV-2']) await makeInvoice(world, accountId, { number });
    const { text } = await visitor.get('/billing/pay/method?chosen=1&invoice=INV-2');
    assert.match(text, /No payment method saved yet/);
    const [back = ''] = hidden(text, 'back').map((value) => value.replaceAll('&amp;', '&'));
    const { headers } = await addMethod(visitor, undefined, back);
    const [method] = await sql<{ id: string }>(world, 'select id from app.payment_methods');
    assert.equal(headers['location'], `/billing/pay/method?chosen=1&invoice=INV-2&method=${method?.id}`);
    assert.deepEqual(hidden((await visitor.get(headers['location'] ?? '')).text, 'invoice'), ['INV-2']);
  });

  it('S3-27 "Make a Payment" is reached from the dashboard', async () => {
    const { visitor } = await aPayer('visa', 'cloud');
    assert.match((await visitor.get('/')).text, /href="\/billing\/pay">Make Payment/);
    assert.match((await visitor.get('/billing/pay')).text, /<h1>Make a Payment<\/h1>/);
  });

  it('S3-29 invoices are chosen by check boxes beside them', async () => {
    const { visitor, methodId } = await aPayer('visa', 'cloud');
    assert.deepEqual(listed((await visitor.get(`/billing/pay/invoices?method=${methodId}`)).text), ['INV-1', 'INV-2']);
  });

  it('S4-30 each outstanding invoice leads to its PDF', async () => {
    const { visitor } = await aPayer('visa', 'fieldservice');
    assert.match((await visitor.get('/billing/pay')).text, /href="\/invoices\/INV-1\.pdf" aria-label="PDF of INV-1"/);
  });

  it('with nothing to pay it says so', async () => {
    const { visitor } = await signedInFamily('studio');
    assert.match((await visitor.get('/billing/pay')).text, /Nothing to pay/);
  });

  it('every review has a key of its own', async () => {
    const { visitor, methodId } = await aPayer();
    const keys = await Promise.all([1, 2].map(async () => fieldsOf(await visitor.get(`/billing/pay/review?${choose(methodId, 'INV-1')}`))['requestKey']));
    assert.notEqual(keys[0], keys[1]);
  });

  it('odd addresses are read as no choice, never as an error', async () => {
    const { visitor } = await aPayer();
    for (const query of ['scope=x&scope=y', `invoice=${'x'.repeat(200)}`, 'method=a&method=b', 'chosen=1&chosen=2', 'all=&all=', 'from=2026-02-31', '__proto__=1']) {
      assert.equal((await visitor.get(`/billing/pay?${query}`)).status, 200, query);
    }
  });

  it('each step asks at most three named statements', async () => {
    const { visitor, methodId } = await aPayer();
    for (const path of ['/billing/pay', '/billing/pay/method', `/billing/pay/review?${choose(methodId, 'INV-1')}`]) {
      await visitor.get(path);
      const asked = ofThePage(await statementsOf(() => visitor.get(path)));
      assert.ok(asked.length <= 3 && asked.every(({ name }) => name), `${path}: ${JSON.stringify(asked)}`);
    }
  });
});
