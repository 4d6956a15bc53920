import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { parse } from 'csv-parse/sync';
import { receive, sendInvoice } from '../ledger/bookkeeping.ts';
import { visit } from '../support/visitor.ts';
import { makeAccount, makeStaff, password, sql } from '../support/world.ts';
import { aDraft, anOffice, assertInOrder, fieldsOf, formOf, sendDraft } from './office.ts';

describe('invoices made by staff', () => {
  it('S2-14 an unsent invoice is seen by staff alone', async () => {
    const office = await anOffice();
    const address = await aDraft(office, ['Mowing', '4', '25.50'], ['Discount', '', '-2.00']);
    assert.match((await office.staff.get(address)).text, /\$100\.00/);
    assert.match((await office.staff.get('/staff/invoices?status=unsent')).text, /DRAFT-1/);
    for (const path of ['/invoices', '/billing', '/', '/billing/transactions', '/billing/statement']) assert.doesNotMatch((await office.visitor.get(path)).text, /DRAFT-1|\$100\.00/, path);
    for (const path of ['/invoices/DRAFT-1', '/invoices/DRAFT-1.pdf', '/staff/invoices/DRAFT-9']) assert.notEqual((await office.visitor.get(path)).status, 200, path);
    await assertInOrder(office.world);
  });

  it('S2-16 sending makes it appear and count at once, posts it, and mails the billing contact', async () => {
    const office = await anOffice();
    const { world, accountId, staff, visitor } = office;
    await sql(world, `insert into app.contacts (account_id, first_name, last_name, email, is_billing) values ($1, 'Bill', 'Payer', 'bills@example.test', true)`, [accountId]);
    const address = await aDraft(office, ['Mowing', '4', '25.00']);
    assert.match((await staff.get(`${address}/sending`)).text, /bills@example\.test[\s\S]*Send invoice for \$100\.00/);
    assert.equal(await sendDraft(staff, address), '/staff/invoices/INV-1001');
    assert.match((await visitor.get('/invoices')).text, /INV-1001[\s\S]*\$100\.00/);
    assert.match((await visitor.get('/')).text, /hero-number">\$100\.00/);
    assert.match((await visitor.get('/billing/transactions')).text, /Invoice INV-1001/);
    const [mail] = await sql(world, `select type, to_address, subject from app.messages`);
    assert.deepEqual(mail, { type: 'Invoice', to_address: 'bills@example.test', subject: 'Invoice INV-1001 for $100.00 from Cloverfell Lawn Care' });
    const [line] = await sql(world, `select message, staff_name from app.portal_log where kind = 'invoice'`);
    assert.deepEqual(line, { message: 'Invoice INV-1001 sent Amount: 100.00', staff_name: 'The front_desk' });
    await assertInOrder(world);
  });

  it('S2-13 one sent twice, by two presses or two people, is sent once', async () => {
    const office = await anOffice();
    const address = await aDraft(office, ['Mowing', '1', '25.00']);
    const form = await formOf(office.staff, `${address}/sending`);
    const answers = await Promise.all([1, 2, 3].map(() => office.staff.post(`${address}/sending`, form)));
    assert.deepEqual(answers.map(({ status, headers }) => [status, headers['location']]), Array.from({ length: 3 }, () => [303, '/staff/invoices/INV-1001']));
    assert.equal((await sql(office.world, 'select 1 from app.messages')).length, 1);
    await assertInOrder(office.world);
  });

  it('two people who edit one draft: the second is told who was first, and loses nothing', async () => {
    const office = await anOffice();
    await makeStaff(office.world, 'owner');
    const other = await (await visit(office.world.slug)).signIn('owner@example.test', password, '/staff/login');
    const address = await aDraft(office, ['Mowing', '1', '25.00']);
    const [mine, theirs] = [await formOf(office.staff, address), await formOf(other, address)];
    assert.equal((await other.post(address, { ...theirs, 'price-0': '30.00' })).status, 303);
    const refused = await office.staff.post(address, { ...mine, 'description-0': 'Mowing twice' });
    assert.equal(refused.status, 422);
    assert.match(refused.text, /The owner saved this invoice on .* while you were editing it/);
    assert.match(refused.text, /value="Mowing twice"/);
    const saved = await sql(office.world, 'select description, unit_price_cents from app.invoice_lines');
    assert.deepEqual(saved, [{ description: 'Mowing', unit_price_cents: 3000 }]);
    assert.equal((await office.staff.post(address, { ...mine, 'revision': /name="revision" value="(\d+)"/.exec(refused.text)?.[1], 'description-0': 'Mowing twice' })).status, 303);
  });

  it('lines are added and removed without script, and wrong ones are refused beside their fields', async () => {
    const office = await anOffice();
    const address = await aDraft(office, ['One', '1', '1.00'], ['Two', '2', '2.00'], ['Three', '0.5', '0.01']);
    const lines = () => sql(office.world, 'select description, amount_cents from app.invoice_lines order by position');
    assert.deepEqual(await lines(), [{ description: 'One', amount_cents: 100 }, { description: 'Two', amount_cents: 400 }, { description: 'Three', amount_cents: 1 }]);
    await office.staff.post(address, { ...(await formOf(office.staff, address)), 'do': 'remove-1', 'description-3': 'Four', 'price-3': '4' });
    assert.deepEqual((await lines()).map(({ description }) => description), ['One', 'Three', 'Four']);
    const wrong = await office.staff.post(address, { ...(await formOf(office.staff, address)), 'quantity-0': '0', 'price-1': 'ten', 'description-2': '', 'dueOn': '2020-01-01' });
    assert.equal(wrong.status, 422);
    for (const [field, values] of Object.entries({ 'quantity-0': ['0', '-1', '1e3', '1.23456', 'x'], 'price-0': ['', '1.001', '1e309', '99999999999999999', 'NaN'], 'description-0': ['', 'x'.repeat(501)], 'issuedOn': ['', '2026-02-30'], 'memo': ['x'.repeat(2001)] })) {
      for (const value of values) {
        const answer = await office.staff.post(address, { ...(await formOf(office.staff, address)), [field]: value });
        assert.equal(answer.status, 422, `${field} ${value}`);
        assert.match(answer.text, new RegExp(`id="${field}-error"`), `${field} ${value}`);
      }
    }
    assert.equal((await lines()).length, 3);
  });

  it('what cannot be sent says why', async () => {
    const office = await anOffice();
    const address = await aDraft(office);
    assert.match((await office.staff.post(`${address}/sending`, await formOf(office.staff, `${address}/sending`))).text, /has no lines yet/);
    await office.staff.post(address, { ...(await formOf(office.staff, address)), ...fieldsOf([['Mowing', '1', '25.00']]), issuedOn: '2099-01-01' });
    assert.match((await office.staff.post(`${address}/sending`, await formOf(office.staff, `${address}/sending`))).text, /The invoice date is Jan 1, 2099/);
    assert.match((await office.staff.post(address, { ...(await formOf(office.staff, address)), ...fieldsOf([['Mowing', '1', '-25.00']]) })).text, /Issue a credit instead/);
  });

  it('a void invoice is gone for the customer, with its reason kept; a draft is discarded', async () => {
    const office = await anOffice();
    const { staff, visitor, world } = office;
    const address = await sendDraft(staff, await aDraft(office, ['Mowing', '1', '25.00']));
    assert.equal((await staff.post(`${address}/voiding`, { reason: '' })).status, 422);
    assert.equal((await staff.post(`${address}/voiding`, { reason: 'Wrong customer' })).status, 303);
    assert.equal((await staff.post(`${address}/voiding`, { reason: 'Again' })).status, 303);
    for (const path of ['/invoices', '/billing', '/billing/transactions', '/billing/statement']) assert.doesNotMatch((await visitor.get(path)).text, /INV-1001/, path);
    assert.equal((await visitor.get('/invoices/INV-1001')).status, 404);
    assert.match((await staff.get(address)).text, /Wrong customer/);
    const draft = await aDraft(office, ['Mowing', '1', '25.00']);
    assert.equal((await staff.post(`${draft}/voiding`)).status, 303);
    assert.equal((await staff.post(draft, {})).status, 422);
    assert.deepEqual((await sql(world, `select message from app.portal_log where kind = 'invoice' order by at`)).map(({ message }) => message), ['Invoice INV-1001 sent Amount: 25.00', 'Invoice INV-1001 voided Amount: 25.00 Reason: Wrong customer']);
    await assertInOrder(world);
  });

  it('an invoice on which money stands is not voided, and staff are told what to do', async () => {
    const office = await anOffice();
    const id = await sendInvoice(office, { number: 'INV-7', cents: 4000 });
    await receive(office, { number: 'PAY-7', cents: 1000, paid: { [id]: 1000 } });
    assert.match((await office.staff.get('/staff/invoices/INV-7/voiding')).text, /Payment PAY-7[\s\S]*Refund the payment first/);
    const refused = await office.staff.post('/staff/invoices/INV-7/voiding', { reason: 'x' });
    assert.equal(refused.status, 422);
    assert.equal((await sql(office.world, `select status from app.invoices`))[0]?.['status'], 'sent');
  });

  it('the list is found by number, account, status, day and amount, page by page, and as CSV', async () => {
    const office = await anOffice();
    const other = await makeAccount(office.world, { number: 'Z-9', name: 'Zimmer & Söhne' });
    for (let at = 10; at < 70; at += 1) await sendInvoice(at % 2 ? office : { ...office, accountId: other }, { number: `INV-${at}`, cents: at * 100, on: `2026-0${1 + Math.floor(at / 10)}-15` });
    const numbers = async (query: string) => [...(await office.staff.get(`/staff/invoices?${query}`)).text.matchAll(/row-link" href="[^"]+">([^<]+)</g)].map(([, number]) => number);
    assert.deepEqual(await numbers('q=INV-12'), ['INV-12']);
    assert.equal((await numbers('q=zimmer')).length, 30);
    assert.equal((await numbers('q=Z-9')).length, 30);
    assert.deepEqual(await numbers('least=69.00'), ['INV-69']);
    assert.equal((await numbers('from=2026-03-01&to=2026-03-31')).length, 10);
    assert.equal((await numbers('status=paid')).length, 0);
    const first = await office.staff.get('/staff/invoices');
    const next = /rel="next" href="([^"]+)"/.exec(first.text)?.[1]?.replaceAll('&amp;', '&') ?? '';
    assert.equal([...(await office.staff.get(next)).text.matchAll(/row-link/g)].length, 10);
    assert.equal(parse((await office.staff.get('/staff/invoices.csv?q=zimmer')).text, { bom: true }).length, 31);
    for (const query of ['status=x', 'from=x', 'least=x', 'after=x', 'q=%25']) assert.equal((await office.staff.get(`/staff/invoices?${query}`)).status, 200, query);
  });

  it('is no place for customers, nor for staff without the permission', async () => {
    const office = await anOffice();
    for (const path of ['/staff/invoices', '/staff/invoices.csv', '/staff/invoices/new']) assert.equal((await office.visitor.get(path)).status, 303, path);
    await sql(office.world, `update app.staff_users set permissions = '{"invoices": false}'`);
    for (const path of ['/staff/invoices', '/staff/invoices.csv', '/staff/invoices/new', '/staff/invoices/INV-1']) assert.equal((await office.staff.get(path)).status, 403, path);
  });
});
