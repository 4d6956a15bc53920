import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { ofThePage, statementsOf } from '../support/statements.ts';
import { makeInvoice, signedInFamily, sql } from '../support/world.ts';
import { aPayer, chargesOf, choose, pay } from '../support/paying.ts';
import { addMethod } from '../payment-methods/hosted-page.ts';
import { publish } from '../support/publish.ts';
import type { Visitor } from '../support/visitor.ts';

/** Their words and where they lead. */
async function quicklinks(visitor: Visitor): Promise<Record<string, string>> {
  const block = /<h2>Quicklinks<\/h2>([^]*?)<\/section>/.exec((await visitor.get('/billing')).text)?.[1] ?? '';
  return Object.fromEntries([...block.matchAll(/<a href="([^"]+)">[^]*?<\/svg>([^<]+)<\/a>/g)].map(([, path = '', words = '']) => [words, path]));
}

describe('Billing & Payments', () => {
  it('S0-22 payment and billing contact information are updated from there', async () => {
    const { visitor, contactId } = await aPayer('visa', 'billing');
    const { text } = await visitor.get('/billing');
    assert.match(text, /<h1>Billing &amp; Payments<\/h1>/);
    for (const [path, change] of [['/billing/methods', /Visa ending 4242[\s\S]*\/removal"/], ['/billing/contacts', new RegExp(`href="/billing/contacts/${contactId}"`)]] as const) {
      assert.ok(text.includes(`href="${path}"`), path);
      assert.match((await visitor.get(path)).text, change);
    }
  });

  it('S0-23 S0-24 it is reached by the link at the top, and from the side menu', async () => {
    const { text } = await (await aPayer('visa', 'billing')).visitor.get('/');
    assert.match(text, /<nav class="tabs"[^]*?href="\/billing"[^]*?<\/nav>/);
    assert.match(text, /<nav class="side-links"[^]*?href="\/billing"[^]*?<\/nav>/);
  });

  it('S0-28 it has a block "Quicklinks", and each of them opens', async () => {
    const { visitor } = await aPayer('visa', 'billing');
    const links = await quicklinks(visitor);
    assert.deepEqual(Object.keys(links), ['Saved Payment Methods', 'Bank draft account', 'Contacts', 'Full Transaction History', 'Customer Statement']);
    for (const path of Object.values(links)) assert.equal((await visitor.get(path)).status, 200, path);
  });

  it('S0-29 the quicklink "Saved Payment Methods" leads to them', async () => {
    const { visitor } = await aPayer('visa', 'billing');
    const path = (await quicklinks(visitor))['Saved Payment Methods'] ?? '';
    assert.match((await visitor.get(path)).text, /<h1>Saved Payment Methods<\/h1>[^]*Visa ending 4242/);
  });

  it('S0-31 its main page shows the Recent Activity, fees charged and payments made', async () => {
    const { visitor, methodId } = await aPayer('visa', 'billing');
    assert.match((await pay(visitor, `scope=overdue&method=${methodId}`)).text, /You paid \$85\.00/);
    const { text } = await visitor.get('/billing');
    assert.match(text.slice(text.indexOf('<h2>Recent Activity</h2>')), /Payment PAY-1001[^]*Paid[^]*\$85\.00[^]*Invoice INV-2[^]*\$120\.00[^]*Invoice INV-1/);
  });

  it('S0-35 a card client comes from the Account page, adds a card and clears what is overdue', async () => {
    const { world, accountId, visitor } = await signedInFamily('billing');
    await makeInvoice(world, accountId, { number: 'INV-1' });
    assert.match((await visitor.get('/billing')).text, /<nav class="side-links"[^]*?href="\/account"/);
    assert.match((await visitor.get('/account')).text, /href="\/billing\/methods"/);
    assert.equal((await addMethod(visitor)).headers['location'], '/billing/methods');
    const [method] = await sql<{ id: string }>(world, 'select id from app.payment_methods');
    assert.match((await pay(visitor, `scope=overdue&method=${method?.id}`)).text, /You paid \$85\.00/);
    assert.match((await visitor.get('/billing')).text, /All paid/);
  });

  it('S0-39 its "Pay Now" leads to the payment of what is overdue', async () => {
    const { visitor, methodId } = await aPayer('visa', 'billing');
    assert.match((await visitor.get('/billing')).text, /<a class="btn[^"]*" href="\/billing\/pay">Pay Now<\/a>/);
    assert.match((await visitor.get('/billing/pay')).text, /value="overdue" checked/);
    assert.match((await pay(visitor, `scope=overdue&method=${methodId}`)).text, /You paid \$85\.00/);
  });

  it('S4-21 the "Billing" tab has the actions about money', async () => {
    const { visitor } = await aPayer('visa', 'fieldservice');
    const { text } = await visitor.get('/billing');
    assert.match(text, /<h1>Billing<\/h1>/);
    for (const path of ['/billing/pay', '/billing/prepayment', '/billing/methods', '/billing/transactions', '/billing/statement', '/invoices/INV-1', '/account#autopay']) assert.ok(text.includes(`href="${path}"`), path);
    for (const path of ['/billing/pay', '/billing/prepayment', '/billing/methods']) assert.equal((await visitor.get(path)).status, 200, path);
  });

  it('S1-12 payments are made online where the organization takes them, and nowhere else', async () => {
    const { world, visitor, methodId } = await aPayer('visa', 'studio');
    assert.match((await pay(visitor, choose(methodId, 'INV-1'))).text, /You paid \$85\.00/);
    assert.deepEqual((await chargesOf(world)).map(({ amountCents, outcome }) => [amountCents, outcome]), [[8500, 'succeeded']]);
    await publish(world, { 'payments.gateway': 'none' });
    assert.equal((await visitor.get('/billing/pay')).status, 404);
    for (const path of ['/', '/billing', '/invoices/INV-2']) assert.doesNotMatch((await visitor.get(path)).text, /Pay Now|Make Payment|href="\/billing\/pay/, path);
    assert.equal((await visitor.post('/billing/pay', { invoice: 'INV-2', method: methodId, requestKey: crypto.randomUUID(), shown: 'INV-2 12000' })).status, 404);
  });

  it('S0-40 the Dashboard has "Pay Now", which pays what is overdue', async () => {
    const { visitor } = await aPayer('visa', 'billing');
    assert.match((await visitor.get('/')).text, /href="\/billing\/pay\?scope=overdue">Pay Now[\s\S]*INV-1/);
  });

  it('S4-10 the home page shows past due invoices with "Pay Now"', async () => {
    const { visitor } = await aPayer('visa', 'fieldservice');
    assert.match((await visitor.get('/')).text, /INV-1[\s\S]*href="\/billing\/pay\?invoice=INV-1">Pay Now/);
  });

  it('S2-6 a past due balance says "Past Due"', async () => {
    const { visitor } = await aPayer('visa', 'lawncare');
    assert.match((await visitor.get('/billing')).text, /Past Due \$85\.00 since/);
  });

  it('S3-10 S3-11 S3-12 S3-13 the header has Account Balance, Last Paid, Make Payment and View Last Invoice', async () => {
    const { visitor, methodId } = await aPayer('visa', 'cloud');
    await pay(visitor, choose(methodId, 'INV-2'));
    const { text } = await visitor.get('/billing');
    assert.match(text, /Account Balance[^]*?\$85\.00[^]*?href="\/billing\/pay">Make Payment[^]*?href="\/invoices\/INV-2">View Last Invoice[^]*?Last Paid[^]*?\$120\.00/);
  });

  it('the header shows nothing that the organization has taken out', async () => {
    const bare = await aPayer('visa', 'cloud', { 'billing.header_items': [] });
    assert.doesNotMatch((await bare.visitor.get('/billing')).text, /Account Balance|Make Payment|View Last Invoice/);
  });

  it('Recent Activity is the last ten invoices, payments and credits together, newest first', async () => {
    const { world, accountId, visitor } = await signedInFamily('lawncare');
    for (let day = 1; day <= 9; day += 1) await makeInvoice(world, accountId, { number: `INV-${day}`, issued_on: `2026-10-0${day}` });
    await makeInvoice(world, accountId, { number: 'INV-UNSENT', issued_on: '2026-10-20', status: 'unsent' });
    await sql(world, `insert into app.payments (account_id, number, state, amount_cents, currency, paid_on) values ($1, 'PMT-1', 'declined', 100, 'USD', '2026-10-05')`, [accountId]);
    await sql(world, `insert into app.credits (account_id, number, issued_on, currency, amount_cents, balance_cents) values ($1, 'CR-1', '2026-10-11', 'EUR', 500, 500)`, [accountId]);
    const { text } = await visitor.get('/billing');
    const shown = [...text.slice(text.indexOf('Recent Activity')).matchAll(/(?:Invoice|Payment|Credit) ((?:INV|PMT|CR)-\w+)/g)].map(([, number]) => number);
    assert.deepEqual(shown, ['CR-1', 'INV-9', 'INV-8', 'INV-7', 'INV-6', 'PMT-1', 'INV-5', 'INV-4', 'INV-3', 'INV-2']);
  });

  it('with nothing there it says what will be', async () => {
    const { visitor } = await signedInFamily('lawncare');
    const { text } = await visitor.get('/billing');
    assert.match(text, /Everything is paid[\s\S]*Invoices, payments and credits will be here/);
    assert.doesNotMatch(text, /Pay Now|Make Payment/);
  });

  it('asks at most three named statements', async () => {
    const { visitor } = await aPayer();
    await visitor.get('/billing');
    const asked = ofThePage(await statementsOf(() => visitor.get('/billing')));
    assert.ok(asked.length <= 3 && asked.every(({ name }) => name), JSON.stringify(asked));
  });
});
