import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { aPayer, choose, pay } from '../support/paying.ts';
import { ofThePage, statementsOf } from '../support/statements.ts';
import { makeAccount, signedInFamily, sql, type World } from '../support/world.ts';

const payment = (world: World, accountId: string, columns: Readonly<Record<string, unknown>>) => {
  const row = { account_id: accountId, state: 'succeeded', amount_cents: 4500, currency: 'USD', paid_on: '2026-10-06', ...columns };
  return sql(world, `insert into app.payments (${Object.keys(row).join(', ')}) values (${Object.keys(row).map((_, at) => `$${at + 1}`).join(', ')})`, Object.values(row));
};
const listed = (text: string): string[] => [...text.matchAll(/class="row-link" href="\/payments\/([^"]+)"/g)].map(([, number = '']) => number);

describe('payments', () => {
  it('S3-18 the list shows ID, date, method, amount and status', async () => {
    const { world, accountId, visitor, methodId } = await aPayer('visa', 'cloud');
    await payment(world, accountId, { number: 'PMT-1', method_kind: 'check' });
    await pay(visitor, choose(methodId, 'INV-1'));
    const { text } = await visitor.get('/payments');
    for (const words of ['Payment ID', 'Date', 'Payment method', 'Amount', 'Status', 'PAY-1001[^]*Visa ending 4242[^]*Paid[^]*\\$85\\.00', 'PMT-1[^]*Oct 6[^]*Check[^]*\\$45\\.00']) assert.match(text, new RegExp(words));
  });

  it('S2-3 the Payments tab opens the list', async () => {
    const { visitor } = await signedInFamily('lawncare');
    assert.match((await visitor.get('/')).text, /href="\/payments"/);
    assert.match((await visitor.get('/payments')).text, /No payments yet/);
  });

  it('S4-31 Recent Activity leads to a payment, and that shows the invoices it paid', async () => {
    const { visitor, methodId } = await aPayer('visa', 'fieldservice');
    await pay(visitor, choose(methodId, 'INV-1', 'INV-2'));
    const path = /href="(\/billing\/payments\/PAY-1001)"/.exec((await visitor.get('/billing')).text)?.[1] ?? '';
    const { text } = await visitor.get(path);
    assert.match(text, /Invoices it paid[\s\S]*href="\/invoices\/INV-1"[\s\S]*\$85\.00[\s\S]*href="\/invoices\/INV-2"[\s\S]*\$120\.00/);
    assert.match(text, /Everything is paid/);
  });

  it('is filtered by number, status and day', async () => {
    const { world, accountId, visitor } = await signedInFamily('lawncare');
    await payment(world, accountId, { number: 'A_1', paid_on: '2026-10-01' });
    await payment(world, accountId, { number: 'AB1', paid_on: '2026-10-02', state: 'declined' });
    await payment(world, accountId, { number: 'C-1', paid_on: '2026-10-03', state: 'processing' });
    const cases: [string, string[]][] = [['', ['C-1', 'AB1', 'A_1']], ['number=a_', ['A_1']], ['number=%25', []], ['status=paid', ['A_1']], ['status=not-paid', ['AB1']], ['status=under-way', ['C-1']], ['from=2026-10-02&to=2026-10-02', ['AB1']]];
    for (const [query, expected] of cases) assert.deepEqual(listed((await visitor.get(`/payments?${query}`)).text), expected, query);
    assert.match((await visitor.get('/payments?from=x')).text, /id="from-error"/);
    assert.match((await visitor.get('/payments?number=zzz')).text, /No payment matches/);
  });

  it('says above the list what it comes to, follows the filter, and gives the same as a file', async () => {
    const { world, accountId, visitor } = await signedInFamily('lawncare');
    await payment(world, accountId, { number: 'A-1', paid_on: '2026-10-01', refunded_cents: 500, state: 'partially_refunded' });
    await payment(world, accountId, { number: 'B-1', paid_on: '2026-10-02', state: 'declined' });
    await payment(world, accountId, { number: 'C-1', paid_on: '2026-10-03', state: 'processing', method_kind: 'bank_draft' });
    const { text } = await visitor.get('/payments');
    assert.match(text, /1 paid, \$40\.00 · 1 under way, \$45\.00/);
    assert.match(text, /href="\/payments\.csv"/);
    const { text: declined } = await visitor.get('/payments?status=not-paid');
    assert.match(declined, /Nothing paid here[\s\S]*href="\/payments\.csv\?status=not-paid"/);
    const file = await visitor.get('/payments.csv?from=2026-10-02');
    assert.match(file.text, /^\ufeff?Payment ID,Date,Payment method,Status,Amount,Refunded,Currency,Invoices it paid\r\nC-1,2026-10-03,Bank draft,Under way,45\.00,0\.00,USD,\r\nB-1,2026-10-02,Card,Declined,45\.00,0\.00,USD,\r\n$/);
    assert.equal((await visitor.get('/payments.csv?from=x')).status, 422);
  });

  it('sums no more than a thousand of them, and says so', async () => {
    const { world, accountId, visitor } = await signedInFamily('lawncare');
    await sql(world, `insert into app.payments (account_id, number, state, amount_cents, currency, paid_on) select $1, 'P-' || n, 'succeeded', 100, 'USD', date '2026-10-01' + n % 20 from generate_series(1, 1001) n`, [accountId]);
    assert.match((await visitor.get('/payments')).text, /More than 1,000 payments\./);
    assert.match((await visitor.get('/payments?from=2026-10-02')).text, /951 paid, \$951\.00/);
  });

  it('comes page by page, without a gap or a double', async () => {
    const { world, accountId, visitor } = await signedInFamily('lawncare');
    for (let n = 0; n < 60; n += 1) await payment(world, accountId, { number: `P-${n}`, paid_on: `2026-10-${String(1 + (n % 5)).padStart(2, '0')}` });
    const seen: string[] = [];
    for (let path: string | undefined = '/payments'; path;) {
      const { text } = await visitor.get(path);
      seen.push(...listed(text));
      path = /rel="next" href="([^"]+)"/.exec(text)?.[1]?.replaceAll('&#38;', '&').replaceAll('&amp;', '&');
    }
    assert.deepEqual([seen.length, new Set(seen).size], [60, 60]);
  });

  it('A18 another account’s payment is a 404, like one that never was', async () => {
    const { world, visitor } = await signedInFamily('lawncare');
    await payment(world, await makeAccount(world, { name: 'Neighbour' }), { number: 'PMT-N' });
    for (const number of ['PMT-N', 'PMT-0', '%00', 'x'.repeat(300)]) {
      for (const base of ['/payments', '/billing/payments']) assert.ok([400, 404].includes((await visitor.get(`${base}/${number}`)).status), number);
    }
    assert.deepEqual(listed((await visitor.get('/payments')).text), []);
  });

  it('without a Payments tab the list is not offered, but what was paid can still be seen', async () => {
    const { visitor, methodId } = await aPayer('visa', 'billing');
    const page = await pay(visitor, `scope=overdue&method=${methodId}`);
    assert.match(page.text, /You paid \$85\.00/);
    assert.equal((await visitor.get('/payments')).status, 404);
    assert.equal((await visitor.get('/billing/payments/PAY-1001')).status, 200);
  });

  it('list and record ask at most three named statements', async () => {
    const { visitor, methodId } = await aPayer();
    await pay(visitor, choose(methodId, 'INV-1'));
    for (const path of ['/payments', '/payments/PAY-1001']) {
      const asked = ofThePage(await statementsOf(() => visitor.get(path)));
      assert.ok(asked.length <= 3 && asked.every(({ name }) => name), `${path}: ${JSON.stringify(asked)}`);
    }
  });
});
