import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { giveCredit, receive, sendInvoice } from '../ledger/bookkeeping.ts';
import { assertInOrder, anOffice, type Office } from '../staff-invoices/office.ts';
import { makeAccount, sql } from '../support/world.ts';

const keyIn = (html: string) => /name="key" value="([^"]+)"/.exec(html)?.[1] ?? '';
const moneyPath = async ({ world, accountId }: Office) => `/staff/accounts/${(await sql<{ number: string }>(world, 'select number from app.accounts where id = $1', [accountId]))[0]?.number}`;

/** Issues a credit as staff do, and gives its address. */
async function issue(office: Office, fields: Readonly<Record<string, string>> = {}): Promise<string> {
  const path = await moneyPath(office);
  const key = keyIn((await office.staff.get(`${path}/billing`)).text);
  const answer = await office.staff.post(`${path}/credits`, { key, amount: '20.00', currency: 'USD', reference: 'Rain day', ...fields });
  assert.equal(answer.status, 303);
  return answer.headers['location'] ?? '';
}

async function apply(office: Office, credit: string, fields: Readonly<Record<string, string>>) {
  return office.staff.post(`${credit}/applications`, { key: keyIn((await office.staff.get(credit)).text), ...fields });
}

describe('credits given by staff', () => {
  it('are issued, seen by the customer, and applied to an invoice', async () => {
    const office = await anOffice();
    await sendInvoice(office, { number: 'INV-1', cents: 8500 });
    const credit = await issue(office);
    assert.equal(credit, '/staff/credits/CR-1001');
    assert.match((await office.visitor.get('/credits')).text, /CR-1001[\s\S]*\$20\.00/);
    assert.equal((await apply(office, credit, { invoice: 'INV-1', amount: '15.00' })).status, 303);
    assert.match((await office.visitor.get('/billing/transactions')).text, /Credit CR-1001 applied to INV-1[\s\S]*-\$15\.00[\s\S]*\$70\.00/);
    assert.match((await office.staff.get(credit)).text, /Partly used[\s\S]*INV-1[\s\S]*\$15\.00/);
    assert.deepEqual((await sql(office.world, `select message from app.portal_log where kind = 'credit' order by at`)).map(({ message }) => message), ['Credit CR-1001 issued Amount: 20.00', 'Credit CR-1001 applied to INV-1 Amount: 15.00']);
    await assertInOrder(office.world);
  });

  it('A37 fifty spends of one credit at once spend it once', async () => {
    const office = await anOffice();
    await sendInvoice(office, { number: 'INV-1', cents: 100_000 });
    const credit = await issue(office);
    await office.staff.get(credit);
    const answers = await Promise.all(Array.from({ length: 50 }, () => office.staff.post(`${credit}/applications`, { key: crypto.randomUUID(), invoice: 'INV-1', amount: '20.00' })));
    assert.equal(answers.filter(({ status }) => status === 303).length, 1);
    assert.equal(answers.filter(({ status }) => status === 422).length, 49);
    assert.deepEqual(await sql(office.world, 'select balance_cents from app.credits'), [{ balance_cents: 0 }]);
    assert.deepEqual(await sql(office.world, 'select paid_cents from app.invoices'), [{ paid_cents: 2000 }]);
    await assertInOrder(office.world);
  });

  it('sent twice are issued once, and applied once', async () => {
    const office = await anOffice();
    await sendInvoice(office, { number: 'INV-1', cents: 8500 });
    const path = await moneyPath(office);
    const key = keyIn((await office.staff.get(`${path}/billing`)).text);
    for (let at = 0; at < 2; at += 1) await office.staff.post(`${path}/credits`, { key, amount: '20.00', currency: 'USD', reference: '' });
    const applied = crypto.randomUUID();
    for (let at = 0; at < 2; at += 1) await office.staff.post('/staff/credits/CR-1001/applications', { key: applied, invoice: 'INV-1', amount: '5.00' });
    assert.deepEqual(await sql(office.world, 'select balance_cents from app.credits'), [{ balance_cents: 1500 }]);
    await assertInOrder(office.world);
  });

  it('are refused beyond what is left, what is open, and what is the account’s', async () => {
    const office = await anOffice();
    await sendInvoice(office, { number: 'INV-1', cents: 1000 });
    await sendInvoice(office, { number: 'INV-EUR', cents: 1000, currency: 'EUR' });
    await sendInvoice({ ...office, accountId: await makeAccount(office.world) }, { number: 'INV-OTHER', cents: 1000 });
    const credit = await issue(office, { amount: '5.00' });
    const wrong: readonly [Record<string, string>, RegExp][] = [
      [{ invoice: 'INV-1', amount: '5.01' }, /has less left/], [{ invoice: 'INV-1', amount: '10.01' }, /is open by \$10\.00 only/], [{ invoice: 'INV-1', amount: '0' }, /above zero/],
      [{ invoice: 'INV-1', amount: '-1' }, /above zero/], [{ invoice: 'INV-1', amount: '1.001' }, /id="amount-error"/], [{ invoice: 'INV-EUR', amount: '1.00' }, /no such open invoice/],
      [{ invoice: 'INV-OTHER', amount: '1.00' }, /no such open invoice/], [{ invoice: '', amount: '1.00' }, /id="invoice-error"/], [{ invoice: 'INV-1', amount: '' }, /id="amount-error"/],
    ];
    for (const [fields, words] of wrong) {
      const answer = await apply(office, credit, fields);
      assert.equal(answer.status, 422, JSON.stringify(fields));
      assert.match(answer.text, words);
    }
    assert.deepEqual(await sql(office.world, 'select balance_cents from app.credits'), [{ balance_cents: 500 }]);
  });

  it('stay off an invoice that somebody is paying at this moment', async () => {
    const office = await anOffice();
    const id = await sendInvoice(office, { number: 'INV-1', cents: 1000 });
    await sql(office.world, `with p as (insert into app.payments (account_id, number, amount_cents, currency, state) values ($1, 'PAY-9', 1000, 'USD', 'submitted') returning id)
      insert into app.allocations (account_id, invoice_id, payment_id, amount_cents) select $1, $2, id, 1000 from p`, [office.accountId, id]);
    assert.match((await apply(office, await issue(office), { invoice: 'INV-1', amount: '5.00' })).text, /Somebody is paying INV-1/);
    assert.match((await office.staff.post('/staff/invoices/INV-1/voiding', { reason: 'x' })).text, /at this moment/);
  });

  it('are void only while nothing of them is used; taken off their invoice, they can be', async () => {
    const office = await anOffice();
    const invoice = await sendInvoice(office, { number: 'INV-1', cents: 1000 });
    await giveCredit(office, { number: 'CR-7', cents: 500, used: { [invoice]: 300 } });
    assert.match((await office.staff.post('/staff/credits/CR-7/voiding')).text, /Remove it from its invoices first/);
    const page = (await office.staff.get('/staff/invoices/INV-1')).text;
    const allocation = /name="allocation" value="([^"]+)"/.exec(page)?.[1] ?? '';
    for (let at = 0; at < 2; at += 1) assert.equal((await office.staff.post('/staff/invoices/INV-1/removals', { allocation })).status, 303);
    await assertInOrder(office.world);
    for (let at = 0; at < 2; at += 1) assert.equal((await office.staff.post('/staff/credits/CR-7/voiding')).status, 303);
    assert.match((await office.visitor.get('/billing/transactions')).text, /Credit CR-7 voided[\s\S]*Credit CR-7 removed from INV-1/);
    assert.match((await office.visitor.get('/billing/transactions')).text, /<strong class="money">\$10\.00/);
    assert.equal((await office.staff.post('/staff/invoices/INV-1/voiding', { reason: 'All wrong' })).status, 303);
    await assertInOrder(office.world);
  });

  it('a payment that went to its invoice is not taken off, it is refunded', async () => {
    const office = await anOffice();
    const invoice = await sendInvoice(office, { number: 'INV-1', cents: 1000 });
    await receive(office, { number: 'PAY-1', cents: 400, paid: { [invoice]: 400 } });
    const [part] = await sql<{ id: string }>(office.world, 'select id from app.allocations');
    await office.staff.post('/staff/invoices/INV-1/removals', { allocation: part?.id ?? '' });
    assert.deepEqual(await sql(office.world, 'select paid_cents from app.invoices'), [{ paid_cents: 400 }]);
    assert.doesNotMatch((await office.staff.get('/staff/invoices/INV-1')).text, /name="allocation"/);
  });

  it('a credit that settles what was past due opens a suspended account again', async () => {
    const office = await anOffice();
    await sendInvoice(office, { number: 'INV-1', cents: 1000, dueOn: '2026-10-15' });
    await sql(office.world, `update app.accounts set stage = 'suspended'`);
    await apply(office, await issue(office), { invoice: 'INV-1', amount: '10.00' });
    assert.deepEqual(await sql(office.world, 'select stage from app.accounts'), [{ stage: 'active' }]);
  });

  it('staff see an account’s money on one page, and nobody else does', async () => {
    const office = await anOffice('fieldservice');
    const invoice = await sendInvoice(office, { number: 'INV-1', cents: 8500 });
    await receive(office, { number: 'PAY-1', cents: 10_000, paid: { [invoice]: 500 } });
    await giveCredit(office, { number: 'CR-7', cents: 500 });
    const path = `${await moneyPath(office)}/billing`;
    assert.ok((await office.staff.get(await moneyPath(office))).text.includes(`href="${path}"`));
    const { text } = await office.staff.get(path);
    for (const words of [/INV-1[\s\S]*\$80\.00/, /PAY-1[\s\S]*\$95\.00/, /CR-7[\s\S]*\$5\.00/, /Full Transaction History[\s\S]*Payment PAY-1/]) assert.match(text, words);
    assert.equal((await office.visitor.get(path)).status, 303);
    await sql(office.world, `update app.staff_users set permissions = '{"invoices": false}'`);
    for (const address of [path, '/staff/credits/CR-7']) assert.equal((await office.staff.get(address)).status, 403);
    assert.equal((await office.staff.post(`${await moneyPath(office)}/credits`)).status, 403);
  });

  it('what is no amount, currency or account is refused', async () => {
    const office = await anOffice();
    const path = await moneyPath(office);
    const key = crypto.randomUUID();
    for (const fields of [{ amount: '0' }, { amount: 'NaN' }, { amount: '1e309' }, { amount: '' }, { currency: 'XX' }, { key: 'x' }, { reference: 'x'.repeat(201) }]) {
      assert.equal((await office.staff.post(`${path}/credits`, { key, amount: '1.00', currency: 'USD', reference: '', ...fields })).status, 422, JSON.stringify(fields));
    }
    assert.equal((await office.staff.get('/staff/accounts/NOBODY/billing')).status, 404);
    assert.equal((await office.staff.get('/staff/credits/NONE')).status, 404);
    assert.deepEqual(await sql(office.world, 'select 1 from app.credits'), []);
  });
});
