import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { atDesk } from '../refunds/refunding.ts';
import { aPayer, choose, pay } from '../support/paying.ts';
import { readPdf, wordsOf } from '../support/read-pdf.ts';
import { makeInvoice, signedInFamily, sql } from '../support/world.ts';
import { makeUsage } from '../usages/making.ts';

const rowsOf = (html: string): string[] => [...html.matchAll(/class="row-link" href="\/invoices\/([^"]+)"/g)].map(([, number = '']) => number);

describe('invoice pages', () => {
  it('S3-15 the list shows number, invoice date, due date, total and status', async () => {
    const { world, accountId, visitor } = await signedInFamily('cloud');
    await makeInvoice(world, accountId, { number: 'INV-1', issued_on: '2020-04-20', due_on: '2020-05-03', total_cents: 12_345 });
    const { text } = await visitor.get('/invoices');
    assert.match(text, /INV-1.*Apr 20, 2020.*May 3, 2020.*Past Due.*\$123\.45.*href="\/invoices\/INV-1\.pdf" aria-label="PDF of INV-1"/s);
    assert.match(text, /1 unpaid, \$123\.45, of that \$123\.45 Past Due/);
  });

  it('S3-16 the PDF icon of a row opens the complete invoice', async () => {
    const { world, accountId, visitor } = await signedInFamily('cloud');
    const id = await makeInvoice(world, accountId, { number: 'INV-1', total_cents: 12_345, memo: 'Thank you for coming' });
    await sql(world, `insert into app.invoice_lines (account_id, invoice_id, position, description, amount_cents) values ($1, $2, 2, 'A second line', 0)`, [accountId, id]);
    assert.match((await visitor.get('/invoices')).text, /<a class="icon-btn" href="\/invoices\/INV-1\.pdf" aria-label="PDF of INV-1"><svg/);
    const pdf = await visitor.get('/invoices/INV-1.pdf');
    assert.equal(pdf.headers['content-type'], 'application/pdf');
    const words = wordsOf(readPdf(pdf.body as Buffer).pages);
    for (const part of ['INV-1', 'Oct 1, 2026', 'Oct 15, 2026', 'Tuition', 'A second line', '$123.45', 'Thank you for coming', 'Bestie']) assert.ok(words.includes(part), part);
  });

  it('S2-2 the Invoices tab opens the list, and each invoice is one press further', async () => {
    const { world, accountId, visitor } = await signedInFamily('lawncare');
    await makeInvoice(world, accountId, { number: 'INV-1', total_cents: 12_345 });
    assert.match((await visitor.get('/')).text, /<nav class="tabs"[^]*?href="\/invoices"[^]*?Invoices[^]*?<\/nav>/);
    assert.deepEqual(rowsOf((await visitor.get('/invoices')).text), ['INV-1']);
    assert.match((await visitor.get('/invoices/INV-1')).text, /<h1>Invoice INV-1<\/h1>[^]*Tuition[^]*\$123\.45/);
  });

  it('S3-14 Invoices, Payments, Usages and Credits are tabs, and each opens its list', async () => {
    const { world, accountId, visitor } = await signedInFamily('cloud');
    await makeUsage(world, accountId);
    const tabs = /<nav class="tabs"[^]*?<\/nav>/.exec((await visitor.get('/')).text)?.[0] ?? '';
    assert.match(tabs, /Invoices[^]*Payments[^]*Usages[^]*Credits/);
    for (const name of ['Invoices', 'Payments', 'Usages', 'Credits']) {
      const path = `/${name.toLowerCase()}`;
      assert.ok(tabs.includes(`href="${path}"`), path);
      assert.match((await visitor.get(path)).text, new RegExp(`<h1>${name}</h1>`));
    }
  });

  it('C-16 one scope stands behind every page, sum and file: unsent and void invoices are in none', async () => {
    for (const pack of ['lawncare', 'cloud', 'fieldservice']) {
      const { world, accountId, visitor } = await signedInFamily(pack, { 'billing.pay_scopes': ['selected', 'balance'] });
      await makeInvoice(world, accountId, { number: 'INV-PAID', total_cents: 700, paid_cents: 700 });
      await makeInvoice(world, accountId, { number: 'INV-PART', total_cents: 900, paid_cents: 500, due_on: '2099-01-01' });
      await makeInvoice(world, accountId, { number: 'INV-LATE', total_cents: 600 });
      for (const status of ['unsent', 'void']) await makeInvoice(world, accountId, { number: `INV-${status.toUpperCase()}`, total_cents: 50_000, status, issued_on: '2026-11-20' });
      const { text } = await visitor.get('/invoices');
      assert.match(text, /2 unpaid, \$10\.00, of that \$6\.00 Past Due/);
      assert.match(text, /INV-LATE[^]*Past Due[^]*INV-PART[^]*\$4\.00 left|INV-PART[^]*\$4\.00 left[^]*INV-LATE[^]*Past Due/);
      assert.match(text, /INV-PAID/);
      const shown = ['/', '/billing', '/billing/pay', '/billing/pay?scope=balance', '/invoices', '/billing/transactions', '/billing/transactions.csv', '/billing/transactions/print', '/billing/statement'];
      for (const path of shown) assert.doesNotMatch((await visitor.get(path)).text, /INV-UNSENT|INV-VOID|\$5\d\d\.00|1,0\d\d\.00/, `${pack} ${path}`);
      for (const path of ['/billing/transactions.pdf', '/billing/statement.pdf']) {
        const answer = await visitor.get(path);
        assert.doesNotMatch(wordsOf(readPdf(answer.body as Buffer).pages), /INV-UNSENT|INV-VOID/, path);
      }
      for (const number of ['INV-UNSENT', 'INV-VOID']) for (const path of [`/invoices/${number}`, `/invoices/${number}.pdf`]) assert.equal((await visitor.get(path)).status, 404, path);
    }
  });

  it('S4-23 the list is filtered by number, date, amount and status', async () => {
    const { world, accountId, visitor } = await signedInFamily('cloud');
    await makeInvoice(world, accountId, { number: 'INV-OLD', issued_on: '2020-01-10', due_on: '2020-02-01', total_cents: 5000 });
    await makeInvoice(world, accountId, { number: 'INV-NEW', issued_on: '2021-01-10', due_on: '2099-02-01', total_cents: 9000 });
    const filters = { 'number=old': ['INV-OLD'], 'from=2020-06-01': ['INV-NEW'], 'to=2020-06-01': ['INV-OLD'], 'least=60': ['INV-NEW'], 'most=60.00': ['INV-OLD'], 'status=past-due': ['INV-OLD'], 'status=all': ['INV-NEW', 'INV-OLD'] };
    for (const [query, found] of Object.entries(filters)) assert.deepEqual(rowsOf((await visitor.get(`/invoices?${query}`)).text), found, query);
  });

  it('the list is a file, too, with the filter it has', async () => {
    const { world, accountId, visitor } = await signedInFamily('lawncare');
    await makeInvoice(world, accountId, { number: 'INV-1', issued_on: '2020-04-20', due_on: '2020-05-03', total_cents: 12_345 });
    await makeInvoice(world, accountId, { number: 'INV-2', issued_on: '2020-06-20', due_on: '2020-07-03', total_cents: 100, status: 'unsent' });
    assert.match((await visitor.get('/invoices?number=INV')).text, /href="\/invoices\.csv\?number=INV"/);
    assert.match((await visitor.get('/invoices.csv')).text, /^\ufeff?Invoice,Invoice date,Due date,Status,Total,Paid,Currency\r\nINV-1,2020-04-20,2020-05-03,Past Due,123\.45,0\.00,USD\r\n$/);
    assert.equal((await visitor.get('/invoices.csv?status=x')).status, 422);
  });

  it('a filter that cannot be read says why beside its field and hides nothing', async () => {
    const { world, accountId, visitor } = await signedInFamily('cloud');
    await makeInvoice(world, accountId, { number: 'INV-1' });
    const { status, text } = await visitor.get('/invoices?least=lots&from=31.12.2020');
    assert.equal(status, 200);
    assert.match(text, /Enter an amount.*INV-1/s);
  });

  it('a range that ends before it begins says so beside its end, and hides nothing', async () => {
    const { visitor } = await atDesk('visa', 'fieldservice');
    for (const path of ['/invoices', '/billing/pay']) {
      const { text } = await visitor.get(`${path}?from=2026-11-02&to=2026-11-01&least=5&most=4`);
      assert.match(text, /id="to-error"[^]*The end is before the beginning[^]*id="most-error"[^]*less than the least amount[^]*INV-1/, path);
    }
  });

  it('what is being paid is not called late, neither by the list nor by the home page', async () => {
    const payer = await aPayer('bank', 'cloud');
    await pay(payer.visitor, choose(payer.methodId, 'INV-1'));
    assert.match((await payer.visitor.get('/invoices')).text, /2 unpaid, \$205\.00\s*</);
    assert.doesNotMatch((await payer.visitor.get('/')).text, /Past Due \$/);
  });

  it('an invoice tells what happened to it: plainly to whoever owes it, fully to staff', async () => {
    const { visitor, staff, methodId } = await atDesk('visa', 'studio');
    assert.doesNotMatch((await visitor.get('/invoices/INV-1')).text, /Opened for/);
    await pay(visitor, choose(methodId, 'INV-1'));
    await staff.get('/staff/payments/PAY-1001');
    await staff.post('/staff/payments/PAY-1001/refund', { amount: '85.00', reason: '', requestKey: crypto.randomUUID() });
    const told = /<h2>What happened<\/h2>[^]*?<\/ol>/.exec((await visitor.get('/invoices/INV-1')).text)?.[0] ?? '';
    for (const part of ['$85.00 of PAY-1001 refunded', '$85.00 paid by PAY-1001', 'Opened for the first time', 'Sent']) assert.ok(told.includes(part), part);
    assert.match((await staff.get('/staff/invoices/INV-1')).text, /<h2>What happened<\/h2>[^]*paid by PAY-1001/);
    const declined = await atDesk('insufficient', 'studio');
    await pay(declined.visitor, choose(declined.methodId, 'INV-1'));
    assert.match((await declined.staff.get('/staff/invoices/INV-1')).text, /PAY-1001 over \$85\.00 was declined/);
    assert.doesNotMatch((await declined.visitor.get('/invoices/INV-1')).text, /was declined/);
  });

  it('long lists are paged, and no invoice is shown twice or left out', async () => {
    const { world, accountId, visitor } = await signedInFamily('cloud');
    for (let at = 10; at < 40; at += 1) await makeInvoice(world, accountId, { number: `INV-${at}` });
    const first = await visitor.get('/invoices');
    const next = /rel="next" href="([^"]+)"/.exec(first.text)?.[1]?.replaceAll('&amp;', '&') ?? '';
    const numbers = [...rowsOf(first.text), ...rowsOf((await visitor.get(next)).text)];
    assert.equal(new Set(numbers).size, 30);
    assert.equal(numbers.length, 30);
  });

  it('an empty list says what will be there', async () => {
    const { visitor } = await signedInFamily('cloud');
    assert.match((await visitor.get('/invoices')).text, /No invoices yet/);
    assert.doesNotMatch((await visitor.get('/invoices')).text, /All paid/);
  });

  it('an invoice shows its lines, what is left of it, and Pay Now while it can be paid', async () => {
    const { world, accountId, visitor } = await signedInFamily('cloud');
    const id = await makeInvoice(world, accountId, { number: 'INV-1', total_cents: 8500, memo: 'Thank you for coming' });
    await sql(world, 'update app.invoices set paid_cents = 2500 where id = $1', [id]);
    const { text } = await visitor.get('/invoices/INV-1');
    assert.match(text, /Invoice INV-1.*\$60\.00 left.*\/billing\/pay\?invoice=INV-1">Pay Now.*Thank you for coming.*Tuition.*Amount due.*\$60\.00/s);
    await sql(world, 'update app.invoices set paid_cents = total_cents where id = $1', [id]);
    assert.doesNotMatch((await visitor.get('/invoices/INV-1')).text, /Pay Now/);
  });
});
