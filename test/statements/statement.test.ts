import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { receive, sendInvoice } from '../ledger/bookkeeping.ts';
import { readPdf, wordsOf } from '../support/read-pdf.ts';
import { makeInvoice, signedInFamily, type Family } from '../support/world.ts';

async function aFamily(): Promise<Family> {
  const family = await signedInFamily('lawncare');
  const first = await sendInvoice(family, { number: 'INV-1', cents: 8500, on: '2026-08-01', dueOn: '2026-08-15' });
  await sendInvoice(family, { number: 'INV-2', cents: 4000, on: '2026-10-05', dueOn: '2026-10-20' });
  await receive(family, { number: 'PAY-1', cents: 5000, on: '2026-10-06', paid: { [first]: 5000 } });
  return family;
}

const facts = (html: string) => Object.fromEntries([...html.matchAll(/<dt>([^<]+)<\/dt><dd[^>]*>(?:<strong[^>]*>)?([^<]+)/g)].map(([, term = '', text = '']) => [term, text]));

describe('the Customer Statement', () => {
  it('S2-1 goes from an opening to a closing balance, and says how long the rest has been due', async () => {
    const { visitor } = await aFamily();
    const { text } = await visitor.get('/billing/statement?from=2026-10-01&to=2026-10-31');
    assert.deepEqual(facts(text), {
      'Opening balance': '$85.00', 'Closing balance on Oct 31, 2026': '$75.00',
      'Not due yet': '$0.00', '1 to 30 days': '$40.00', '31 to 60 days': '$0.00', '61 to 90 days': '$35.00', 'Over 90 days': '$0.00', 'Balance': '$75.00',
    });
    assert.ok(text.indexOf('INV-2') < text.indexOf('PAY-1'), 'oldest first');
    assert.doesNotMatch(text, /Invoice INV-1/);
  });

  it('S2-1 comes as a PDF that says the same', async () => {
    const { visitor } = await aFamily();
    const answer = await visitor.get('/billing/statement.pdf?from=2026-10-01&to=2026-10-31');
    assert.equal(answer.headers['content-type'], 'application/pdf');
    const words = wordsOf(readPdf(answer.body as Buffer).pages);
    for (const word of ['Customer Statement', 'Oct 1, 2026 to Oct 31, 2026', 'Opening balance', '$125.00', 'Closing balance', '$75.00', '61 to 90 days', '$35.00']) assert.ok(words.includes(word), word);
  });

  it('S2-15 leaves unsent invoices out of lines, balances and ages', async () => {
    const { world, accountId, visitor } = await aFamily();
    await makeInvoice(world, accountId, { number: 'INV-UNSENT', status: 'unsent', issued_on: '2026-10-02', due_on: '2026-10-03' });
    const { text } = await visitor.get('/billing/statement?from=2026-10-01&to=2026-10-31');
    assert.doesNotMatch(text, /INV-UNSENT/);
    assert.equal(facts(text)['Balance'], '$75.00');
  });

  it('keeps currencies apart', async () => {
    const family = await aFamily();
    await sendInvoice(family, { number: 'INV-EUR', cents: 900, on: '2026-10-08', currency: 'EUR' });
    const home = (await family.visitor.get('/billing/statement?from=2026-10-01&to=2026-10-31')).text;
    assert.equal(facts(home)['Balance'], '$75.00');
    assert.doesNotMatch(home, /INV-EUR/);
    assert.equal(facts((await family.visitor.get('/billing/statement?from=2026-10-01&to=2026-10-31&currency=EUR')).text)['Balance'], '€9.00');
  });

  it('stands in the currency that there is, whichever was asked for', async () => {
    const family = await signedInFamily('lawncare');
    await sendInvoice(family, { number: 'INV-EUR', cents: 900, on: '2026-10-08', dueOn: '2026-10-09', currency: 'EUR' });
    for (const query of ['', '&currency=JPY', '&currency=EUR']) {
      const { text } = await family.visitor.get(`/billing/statement?from=2026-10-01&to=2026-10-31${query}`);
      assert.match(text, /Invoice INV-EUR/);
      assert.match(text, /class="chart"[^]*€9\.00[^]*<\/figure>/);
      assert.deepEqual([facts(text)['Balance'], facts(text)['1 to 30 days']], ['€9.00', '€9.00']);
    }
  });

  it('has a balance after every line, on its next page, too', async () => {
    const family = await aFamily();
    for (let at = 0; at < 100; at += 1) await sendInvoice(family, { number: `N-${at}`, cents: 100, on: '2026-10-12', dueOn: '2026-10-13' });
    const { text } = await family.visitor.get('/billing/statement?from=2026-10-01&to=2026-10-31');
    const next = /rel="next" href="([^"]+)"/.exec(text)?.[1]?.replaceAll('&amp;', '&') ?? '';
    const further = (await family.visitor.get(next)).text;
    const balances = [text, further].map((page) => [...page.matchAll(/Balance<\/span> <span class="money">([^<]+)/g)].map(([, amount]) => amount));
    assert.deepEqual([balances[0]?.length, balances[0]?.slice(0, 3), balances[1]], [100, ['$125.00', '$75.00', '$76.00'], ['$174.00', '$175.00']]);
    assert.deepEqual([facts(text)['Balance'], /class="chart"/.test(text), /class="chart"/.test(further)], ['$175.00', true, false]);
  });

  it('is switched off by the organization, and asks for days in order', async () => {
    const { visitor } = await aFamily();
    assert.match((await visitor.get('/billing')).text, /<a href="\/billing\/statement">/);
    assert.match((await visitor.get('/billing/statement?from=2026-10-31&to=2026-10-01')).text, /The end is before the beginning/);
    assert.equal((await visitor.get('/billing/statement.pdf?from=2026-10-31&to=2026-10-01')).status, 422);
    for (const query of ['from=x', 'to=2026-02-30', 'currency=x', 'after=x', 'currency=JPY']) assert.equal((await visitor.get(`/billing/statement?${query}`)).status, 200, query);
    const off = await signedInFamily('lawncare', { 'billing.statement': false });
    for (const path of ['/billing/statement', '/billing/statement.pdf']) assert.equal((await off.visitor.get(path)).status, 404, path);
    assert.doesNotMatch((await off.visitor.get('/billing')).text, /billing\/statement/);
  });
});
