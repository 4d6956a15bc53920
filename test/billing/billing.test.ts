import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { ofThePage, statementsOf } from '../support/statements.ts';
import { makeInvoice, signedInFamily, sql } from '../support/world.ts';
import { aPayer, choose, pay } from '../payments/paying.ts';

describe('Billing & Payments', () => {
  const operator = [
    ['S0-22 it stands under the organization’s own name for it', '<h1>Billing &amp; Payments</h1>'],
    ['S0-28 it has a block "Quicklinks"', '<h2>Quicklinks</h2>'],
    ['S0-29 a quicklink leads to the Saved Payment Methods', 'href="/billing/methods"[^]*?Saved Payment Methods'],
    ['S0-31 it shows the Recent Activity', '<h2>Recent Activity</h2>[^]*INV-1'],
    ['S0-39 it has the button "Pay Now"', 'href="/billing/pay">Pay Now'],
    ['S0-23 it is reached by the link at the top', '<nav class="tabs"[^]*?href="/billing"[^]*?</nav>'],
    ['S0-24 it is reached from the side menu, too', '<nav class="side-links"[^]*?href="/billing"[^]*?</nav>'],
  ] as const;
  for (const [title, words] of operator) {
    it(title, async () => {
      const { visitor } = await aPayer('visa', 'billing');
      assert.match((await visitor.get('/billing')).text, new RegExp(words));
    });
  }

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

  const header = [
    ['S3-10 the header shows the Account Balance', 'Account Balance[^]*?\\$85\\.00'],
    ['S3-11 the header shows what was Last Paid', 'Last Paid[^]*?\\$120\\.00'],
    ['S3-12 the header has Make Payment while an invoice can be paid', 'href="/billing/pay">Make Payment'],
    ['S3-13 View Last Invoice opens the newest one', 'href="/invoices/INV-[12]">View Last Invoice'],
  ] as const;
  for (const [title, words] of header) {
    it(title, async () => {
      const { visitor, methodId } = await aPayer('visa', 'cloud');
      await pay(visitor, choose(methodId, 'INV-2'));
      assert.match((await visitor.get('/billing')).text, new RegExp(words));
    });
  }

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
