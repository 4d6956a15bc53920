import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { parse } from 'csv-parse/sync';
import { giveCredit, receive, sendInvoice } from '../ledger/bookkeeping.ts';
import { readPdf, wordsOf } from '../support/read-pdf.ts';
import { makeInvoice, signedInFamily, type Family } from '../support/world.ts';
import { makeLongHistory } from './long-history.ts';

async function aFamily(pack = 'billing'): Promise<Family> {
  const family = await signedInFamily(pack);
  const first = await sendInvoice(family, { number: 'INV-1', cents: 8500, on: '2026-10-01', dueOn: '2026-10-15' });
  await sendInvoice(family, { number: 'INV-2', cents: 4000, on: '2026-10-05', dueOn: '2026-10-20' });
  await receive(family, { number: 'PAY-1', cents: 10_000, on: '2026-10-06', paid: { [first]: 8500 } });
  return family;
}

/** The cells of each line, as text. */
function rowsOf(html: string): string[][] {
  const body = /<tbody>([\s\S]*?)<\/tbody>/.exec(html)?.[1] ?? '';
  return [...body.matchAll(/<tr>([\s\S]*?)<\/tr>/g)].map(([, row = '']) => [...row.matchAll(/<td[^>]*>([\s\S]*?)<\/td>/g)].map(([, cell = '']) => cell.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ').trim()));
}

describe('the Full Transaction History', () => {
  it('S0-30 is one click from Billing & Payments and shows everything with its running balance', async () => {
    const { visitor } = await aFamily();
    assert.match((await visitor.get('/billing')).text, /<a href="\/billing\/transactions">[\s\S]{0,400}Full Transaction History/);
    const page = await visitor.get('/billing/transactions');
    assert.equal(page.status, 200);
    assert.match(page.text, /<h1>Full Transaction History<\/h1>/);
    assert.deepEqual(rowsOf(page.text), [
      ['Payment PAY-1 Check, for INV-1, $15.00 kept as a prepayment', 'Oct 6, 2026', '-$85.00', 'Balance $40.00'],
      ['Invoice INV-2', 'Oct 5, 2026', '$40.00', 'Balance $125.00'],
      ['Invoice INV-1', 'Oct 1, 2026', '$85.00', 'Balance $85.00'],
    ]);
  });

  it('S1-11 is there for organizations that show billing, and for no others', async () => {
    const { visitor } = await aFamily('studio');
    assert.equal((await visitor.get('/billing/transactions')).status, 200);
    const off = await signedInFamily('studio', { tabs: [{ key: 'home', enabled: 'on' }, { key: 'billing', enabled: 'off' }] });
    for (const path of ['', '.csv', '.pdf', '/print', '/balance']) assert.equal((await off.visitor.get(`/billing/transactions${path}`)).status, 404, path);
  });

  it('S0-5 is printed whole, and downloads as PDF and CSV say the same', async () => {
    const { visitor } = await aFamily();
    const print = await visitor.get('/billing/transactions/print');
    assert.match(print.text, /data-print/);
    assert.equal(rowsOf(print.text).length, 3);
    const pdf = await visitor.get('/billing/transactions.pdf').then(({ body }) => wordsOf(readPdf(body as Buffer).pages));
    for (const word of ['Full Transaction History', 'Payment PAY-1', '$125.00', 'Oct 6, 2026', '$40.00']) assert.ok(pdf.includes(word), word);
    const csv = await visitor.get('/billing/transactions.csv');
    assert.match(String(csv.headers['content-disposition']), /attachment/);
    const rows: string[][] = parse(csv.text, { bom: true });
    assert.deepEqual(rows.slice(1).map((row) => [row[0], row[2], ...row.slice(4)]), [
      ['2026-10-06', 'PAY-1', '', '85.00', '40.00', 'USD'], ['2026-10-05', 'INV-2', '40.00', '', '125.00', 'USD'], ['2026-10-01', 'INV-1', '85.00', '', '85.00', 'USD'],
    ]);
  });

  it('is narrowed by days and kind, says what is wrong with them, and is the same everywhere', async () => {
    const { visitor } = await aFamily();
    const numbers = async (query: string) => rowsOf((await visitor.get(`/billing/transactions?${query}`)).text).map(([what = '']) => what.split(' ')[1]);
    assert.deepEqual(await numbers('from=2026-10-02&to=2026-10-05'), ['INV-2']);
    assert.deepEqual(await numbers('kind=charges'), ['INV-2', 'INV-1']);
    assert.deepEqual(await numbers('kind=payments'), ['PAY-1']);
    assert.match((await visitor.get('/billing/transactions?from=2026-10-06&to=2026-10-05')).text, /The end is before the beginning/);
    for (const query of ['from=x', 'kind=x', 'currency=x', 'after=2026-02-31_x', 'after=x', 'from=2026-01-01&from=2026-01-02']) assert.equal((await visitor.get(`/billing/transactions?${query}`)).status, 200, query);
    assert.equal(parse((await visitor.get('/billing/transactions.csv?kind=payments')).text, { bom: true }).length, 2);
  });

  it('S2-15 an unsent invoice is in none of it', async () => {
    const { world, accountId, visitor } = await aFamily('lawncare');
    await makeInvoice(world, accountId, { number: 'INV-UNSENT', status: 'unsent' });
    for (const path of ['transactions', 'transactions/print', 'transactions/balance', 'transactions.csv', 'statement?from=2026-01-01']) {
      const { text, status } = await visitor.get(`/billing/${path}`);
      assert.equal(status, 200, path);
      assert.doesNotMatch(text, /INV-UNSENT/, path);
    }
    assert.match((await visitor.get('/billing/transactions')).text, /<strong class="money">\$40\.00/);
  });

  it('S4-29 the balance of any day is explained, with prepayments and credits apart', async () => {
    const family = await aFamily('fieldservice');
    await giveCredit(family, { number: 'CR-1', cents: 2000, on: '2026-10-12' });
    const now = (await family.visitor.get('/billing/transactions/balance')).text;
    assert.match(now, /hero-number">\$40\.00/);
    assert.match(now, /Unapplied prepayments[\s\S]*PAY-1[\s\S]*\$15\.00[\s\S]*Unused credits[\s\S]*CR-1[\s\S]*\$20\.00/);
    const then = (await family.visitor.get('/billing/transactions/balance?on=2026-10-05')).text;
    assert.match(then, /hero-number">\$125\.00/);
    assert.deepEqual(rowsOf(then).map(([what]) => what), ['INV-1', 'INV-2']);
    assert.doesNotMatch(then, /PAY-1|CR-1/);
  });

  it('what is too long to wait for is offered to be made in the background, and a shorter time is made at once', async () => {
    const family = await signedInFamily('billing');
    await makeLongHistory(family, 300, 24);
    const pdf = await family.visitor.get('/billing/transactions.pdf');
    assert.match(pdf.text, /more than 500 lines[^]*<form method="post" action="\/billing\/transactions\.pdf"/);
    const wrong = await family.visitor.get('/billing/transactions.csv?from=2026-06-02&to=2026-06-01');
    assert.deepEqual([wrong.status, /id="to-error"/.test(wrong.text)], [422, true]);
    assert.equal((await family.visitor.get('/billing/transactions.pdf?from=2026-06-01')).headers['content-type'], 'application/pdf');
    assert.equal(parse((await family.visitor.get('/billing/transactions.csv')).text, { bom: true }).length, 581);
  });

  it('another account’s history is somebody else’s', async () => {
    const [one, other] = [await aFamily(), await signedInFamily('billing')];
    assert.doesNotMatch((await other.visitor.get('/billing/transactions')).text, /INV-1/);
    assert.match((await one.visitor.get('/billing/transactions')).text, /INV-1/);
  });
});
