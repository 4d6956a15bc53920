import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { makeInvoice, signedInFamily, sql, type Family } from '../support/world.ts';

const late = { issued_on: '2020-04-20', due_on: '2020-05-03' };
const later = { issued_on: '2020-04-21', due_on: '2099-01-01' };
const headings = (html: string): string[] => [...html.matchAll(/<h2>([^<]+)<\/h2>/g)].map(([, text = '']) => text);
const tasksOf = async ({ visitor }: Family): Promise<string> => /<section class="panel tasks">.*?<\/section>/s.exec((await visitor.get('/')).text)?.[0] ?? '';

async function saveCard({ world, accountId }: Family, columns: Record<string, unknown> = {}): Promise<string> {
  const given = { account_id: accountId, gateway: 'sandbox', token: 'tok', kind: 'card', brand: 'Visa', last4: '4242', exp_month: 1, exp_year: 2020, is_default: true, ...columns };
  const [row] = await sql<{ id: string }>(world, `insert into app.payment_methods (${Object.keys(given).join()}) values (${Object.keys(given).map((_, at) => `$${at + 1}`).join()}) returning id`, Object.values(given));
  return row?.id ?? '';
}

describe('the panels of home', () => {
  it('what is to do comes first, then what comes next, then what is new', async () => {
    const { visitor } = await signedInFamily('cloud');
    assert.deepEqual(headings((await visitor.get('/')).text), ['My tasks', 'What comes next', 'Invoices', 'Payments']);
  });

  it('S4-1 the organization puts them in its own order and hides what it does not want', async () => {
    const { visitor } = await signedInFamily('cloud', { 'home.panels': [{ key: 'payments', enabled: 'on' }, { key: 'billing', enabled: 'off' }] });
    assert.deepEqual(headings((await visitor.get('/')).text), ['Payments', 'My tasks', 'Invoices']);
  });

  it('S4-1 a feature that is off has no panel', async () => {
    const { visitor } = await signedInFamily('cloud', { tabs: [{ key: 'invoices', enabled: 'on' }] });
    assert.deepEqual(headings((await visitor.get('/')).text), ['My tasks', 'Invoices']);
  });

  it('an account with nothing reads what will stand there', async () => {
    const { visitor } = await signedInFamily('cloud');
    const { text } = await visitor.get('/');
    assert.match(text, /Nothing to do\..*will be listed here.*Nothing is due\./s);
  });
});

describe('my tasks', () => {
  it('S4-10 a late invoice is to be paid, what is not late yet is not', async () => {
    const family = await signedInFamily('fieldservice');
    await makeInvoice(family.world, family.accountId, { ...late, number: 'INV-LATE', total_cents: 12_000 });
    await makeInvoice(family.world, family.accountId, { ...later, number: 'INV-LATER' });
    const tasks = await tasksOf(family);
    assert.match(tasks, /Pay INV-LATE.*Past Due since May 3, 2020.*\$120\.00.*href="\/billing\/pay\?invoice=INV-LATE">Pay Now/s);
    assert.doesNotMatch(tasks, /INV-LATER/);
  });

  it('what another account owes is nobody else\'s task', async () => {
    const family = await signedInFamily('fieldservice');
    const [other] = await sql<{ id: string }>(family.world, `insert into app.accounts (number, name) values ('X-1', 'Other') returning id`);
    await makeInvoice(family.world, other?.id ?? '', { ...late, number: 'INV-OTHER' });
    assert.match(await tasksOf(family), /Nothing to do/);
  });

  it('a card that has ended is to be replaced, first of all where autopay charges it', async () => {
    const family = await signedInFamily('fieldservice');
    const id = await saveCard(family);
    assert.match(await tasksOf(family), /Visa ending 4242 expired on Jan 31, 2020.*It is your default.*href="\/billing\/methods"/s);
    await sql(family.world, 'update app.accounts set autopay = true, autopay_method_id = $1', [id]);
    assert.match(await tasksOf(family), /task-mark is-urgent.*Autopay charges this card/s);
    await sql(family.world, `update app.payment_methods set exp_year = 2099`);
    assert.match(await tasksOf(family), /Nothing to do/);
  });

  it('what autopay could not charge is told, with how much and when it was tried', async () => {
    const family = await signedInFamily('lawncare');
    const methodId = await saveCard(family, { exp_year: 2099 });
    const invoiceId = await makeInvoice(family.world, family.accountId, { ...later, total_cents: 4300 });
    await sql(family.world, 'update app.accounts set autopay = true, autopay_method_id = $1', [methodId]);
    await sql(family.world, `insert into app.autopay_tries (account_id, invoice_id, run_on) values ($1, $2, '2020-06-01')`, [family.accountId, invoiceId]);
    assert.match(await tasksOf(family), /Autopay could not charge you.*Last tried on Jun 1, 2020.*\$43\.00/s);
  });

  it('a new email address waits to be confirmed', async () => {
    const family = await signedInFamily('fieldservice');
    await sql(family.world, `insert into app.links (kind, token_hash, email, contact_id, expires_at) values ('new_email', 'x', 'new@example.test', $1, now() + interval '1 hour')`, [family.contactId]);
    assert.match(await tasksOf(family), /Confirm new@example\.test.*Open the link/s);
  });
});

describe('what comes next', () => {
  it('it says what autopay will charge, when and with what', async () => {
    const family = await signedInFamily('lawncare');
    const methodId = await saveCard(family, { exp_year: 2099 });
    await sql(family.world, 'update app.accounts set autopay = true, autopay_method_id = $1', [methodId]);
    await makeInvoice(family.world, family.accountId, { ...later, total_cents: 4300 });
    assert.match((await family.visitor.get('/')).text, /What comes next.*Jan 1, 2099.*Autopay charges Visa ending 4242.*\$43\.00/s);
  });

  it('first it says which payment is still being confirmed, and leads to it', async () => {
    const family = await signedInFamily('lawncare');
    await sql(family.world, `insert into app.payments (account_id, number, state, amount_cents, currency, paid_on) select $1, 'PAY-' || state, state, 4300, 'USD', '2026-11-20' from unnest(array['processing', 'declined']) state`, [family.accountId]);
    const [next = ''] = /<h2>What comes next[^]*?<\/table>/.exec((await family.visitor.get('/')).text) ?? [];
    assert.match(next, /Now.*href="\/payments\/PAY-processing">We are confirming PAY-processing.*\$43\.00/s);
    assert.doesNotMatch(next, /PAY-declined/);
  });

  it('without autopay it says what becomes due', async () => {
    const family = await signedInFamily('lawncare');
    for (const number of ['INV-1', 'INV-2']) await makeInvoice(family.world, family.accountId, { ...later, number, total_cents: 1000 });
    assert.match((await family.visitor.get('/')).text, /What comes next.*2 invoices are due.*\$20\.00/s);
  });
});
