import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { makeAccount, makeInvoice, signedInFamily, sql, type World } from '../support/world.ts';

const credit = (world: World, accountId: string, number: string, columns = '') =>
  sql<{ id: string }>(world, `insert into app.credits (account_id, number, issued_on, currency, amount_cents, balance_cents, reference${columns && ', voided_at'})
    values ($1, $2, '2026-10-09', 'EUR', 18250, 10000, 'Outage of 2 Oct'${columns && `, ${columns}`}) returning id`, [accountId, number]);

describe('credits', () => {
  it('S3-17 the list shows ID, date, amount, balance, currency and reference', async () => {
    const { world, accountId, visitor } = await signedInFamily('cloud');
    await credit(world, accountId, 'CR-901');
    await credit(world, accountId, 'CR-902', 'now()');
    const { text } = await visitor.get('/credits');
    for (const words of ['Credit ID', 'Credit date', 'Amount', 'Balance', 'Currency', 'Reference', 'CR-901', 'Oct 9', '€182\\.50', '€100\\.00', '>EUR<', 'Outage of 2 Oct', '€100\\.00 left to apply', 'CR-902[^]*Void']) assert.match(text, new RegExp(words));
  });

  it('S2-4 the organization’s own tab opens the account’s credits', async () => {
    const { world, accountId, visitor } = await signedInFamily('lawncare');
    await credit(world, accountId, 'CR-901');
    assert.match((await visitor.get('/')).text, /href="\/credits"/);
    assert.match((await visitor.get('/credits')).text, /<h1>Account Credits<\/h1>[\s\S]*CR-901/);
  });

  it('each credit says which invoices it lowered', async () => {
    const { world, accountId, visitor } = await signedInFamily('cloud');
    const [{ id } = { id: '' }] = await credit(world, accountId, 'CR-901');
    const invoice = await makeInvoice(world, accountId, { number: 'INV-7', currency: 'EUR' });
    await sql(world, `insert into app.allocations (account_id, invoice_id, credit_id, amount_cents, applied_at) values ($1, $2, $3, 8250, now())`, [accountId, invoice, id]);
    assert.match((await visitor.get('/credits')).text, /€82\.50 applied to[\s\S]*href="\/invoices\/INV-7"/);
  });

  it('shows the own account’s only, page by page, and an empty list says what will be there', async () => {
    const { world, accountId, visitor } = await signedInFamily('cloud');
    assert.match((await visitor.get('/credits')).text, /No credits yet/);
    await credit(world, await makeAccount(world, { name: 'Neighbour' }), 'CR-N');
    for (let n = 10; n < 40; n += 1) await credit(world, accountId, `CR-${n}`);
    const first = await visitor.get('/credits');
    const next = /href="(\/credits\?after=[^"]+)"/.exec(first.text)?.[1] ?? '';
    const second = await visitor.get(next);
    const numbers = [first, second].flatMap(({ text }) => [...text.matchAll(/<strong>(CR-\w+)<\/strong>/g)].map(([, number]) => number));
    assert.deepEqual([numbers.length, new Set(numbers).size, numbers.includes('CR-N')], [30, 30, false]);
    assert.equal((await visitor.get('/credits?after=x')).status, 200);
  });

  it('is not offered where the organization has switched it off', async () => {
    const { visitor } = await signedInFamily('studio');
    assert.equal((await visitor.get('/credits')).status, 404);
  });
});
