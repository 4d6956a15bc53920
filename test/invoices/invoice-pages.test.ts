import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { makeInvoice, signedInFamily, sql } from '../support/world.ts';

const rowsOf = (html: string): string[] => [...html.matchAll(/class="row-link" href="\/invoices\/([^"]+)"/g)].map(([, number = '']) => number);

describe('invoice pages', () => {
  it('S3-15 the list shows number, invoice date, due date, total, status; S3-16 and the PDF', async () => {
    const { world, accountId, visitor } = await signedInFamily('cloud');
    await makeInvoice(world, accountId, { number: 'INV-1', issued_on: '2020-04-20', due_on: '2020-05-03', total_cents: 12_345 });
    const { text } = await visitor.get('/invoices');
    assert.match(text, /INV-1.*Apr 20, 2020.*May 3, 2020.*Past Due.*\$123\.45.*href="\/invoices\/INV-1\.pdf" aria-label="PDF of INV-1"/s);
    assert.match(text, /1 unpaid, \$123\.45, of that \$123\.45 Past Due/);
  });

  it('S4-23 the list is filtered by number, date, amount and status', async () => {
    const { world, accountId, visitor } = await signedInFamily('cloud');
    await makeInvoice(world, accountId, { number: 'INV-OLD', issued_on: '2020-01-10', due_on: '2020-02-01', total_cents: 5000 });
    await makeInvoice(world, accountId, { number: 'INV-NEW', issued_on: '2021-01-10', due_on: '2099-02-01', total_cents: 9000 });
    const filters = { 'number=old': ['INV-OLD'], 'from=2020-06-01': ['INV-NEW'], 'to=2020-06-01': ['INV-OLD'], 'least=60': ['INV-NEW'], 'most=60.00': ['INV-OLD'], 'status=past-due': ['INV-OLD'], 'status=all': ['INV-NEW', 'INV-OLD'] };
    for (const [query, found] of Object.entries(filters)) assert.deepEqual(rowsOf((await visitor.get(`/invoices?${query}`)).text), found, query);
  });

  it('a filter that cannot be read says why beside its field and hides nothing', async () => {
    const { world, accountId, visitor } = await signedInFamily('cloud');
    await makeInvoice(world, accountId, { number: 'INV-1' });
    const { status, text } = await visitor.get('/invoices?least=lots&from=31.12.2020');
    assert.equal(status, 200);
    assert.match(text, /Enter an amount.*INV-1/s);
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
