import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { sql, type World } from '../support/world.ts';
import { countsOf, errorsOf, load, worldWithInvoices } from './files.ts';

const head = 'external_id,account,number,used_on,description,quantity,unit,invoice,product,unit_price,amount,currency,reference,recorded_on';
const rows = ['u-1,A,U-1,2026-09-30,Block storage,12.5,GB-months,a-1,Storage,0.08,1.00,EUR,vol-1,2026-10-02', 'u-2,B,U-2,2026-10-01,Egress,0,,,,,,,,'];
const stored = (world: World) => sql(world, `select u.number, a.name, u.used_on, trim_scale(u.quantity)::text as quantity, u.unit, i.number as invoice, u.unit_price_cents, u.amount_cents, u.currency,
  (u.recorded_at at time zone 'America/New_York')::date as recorded from app.usages u join app.accounts a on a.id = u.account_id left join app.invoices i on i.id = u.invoice_id order by u.number`);

describe('an import of usages', () => {
  it('S3-20 S3-22 brings what people see, and a repeat changes nothing', async () => {
    const world = await worldWithInvoices();
    assert.equal(countsOf(await load(world, 'usages', [head, ...rows])), 'done: 2 created, 0 updated, 0 unchanged');
    const [first, second] = await stored(world);
    const [invoice] = await sql<{ number: string }>(world, `select number from app.invoices where external_id = 'a-1'`);
    assert.deepEqual(first, { number: 'U-1', name: 'Ash', used_on: '2026-09-30', quantity: '12.5', unit: 'GB-months', invoice: invoice?.number, unit_price_cents: 8, amount_cents: 100, currency: 'EUR', recorded: '2026-10-02' });
    assert.deepEqual({ ...second, recorded: '' }, { number: 'U-2', name: 'Birch', used_on: '2026-10-01', quantity: '0', unit: '', invoice: null, unit_price_cents: null, amount_cents: null, currency: 'USD', recorded: '' });
    assert.equal(countsOf(await load(world, 'usages', [head, ...rows])), 'done: 0 created, 0 updated, 2 unchanged');
  });

  it('gives a usage its invoice later, and leaves alone what the file does not have', async () => {
    const world = await worldWithInvoices();
    await load(world, 'usages', [head, ...rows]);
    const short = 'external_id,account,number,used_on,description,quantity,invoice';
    assert.equal(countsOf(await load(world, 'usages', [short, 'u-2,B,U-2,2026-10-01,Egress,3,b-1', 'u-1,A,U-1,2026-09-30,Block storage,12.5,a-1'])), 'done: 0 created, 1 updated, 1 unchanged');
    const [first, second] = await stored(world);
    assert.deepEqual([first?.['unit'], first?.['recorded'], second?.['quantity']], ['GB-months', '2026-10-02', '3']);
    assert.ok(second?.['invoice']);
  });

  const refused: readonly (readonly [why: string, row: string, error: string])[] = [
    ['an account that is not there', 'u-3,X,U-3,2026-10-01,Egress,1,,', 'account: No account has the external_id X.'],
    ['an invoice that is not there', 'u-3,A,U-3,2026-10-01,Egress,1,,x-1', 'invoice: No invoice has the external_id x-1.'],
    ['an invoice of another account', 'u-3,A,U-3,2026-10-01,Egress,1,,b-1', 'invoice: Invoice b-1 is another account’s.'],
    ['a number that somebody has', 'u-3,A,U-1,2026-10-01,Egress,1,,', 'number: '],
    ['another account than before', 'u-1,B,U-1,2026-09-30,Block storage,12.5,GB-months,', 'account: u-1 is a usage of another account.'],
    ['less than nothing', 'u-3,A,U-3,2026-10-01,Egress,-1,,', 'quantity: '],
  ];
  for (const [why, row, error] of refused) {
    it(`refuses ${why}`, async () => {
      const world = await worldWithInvoices();
      await load(world, 'usages', [head, ...rows]);
      const errors = errorsOf(await load(world, 'usages', ['external_id,account,number,used_on,description,quantity,unit,invoice', row]));
      assert.equal(errors.length, 1);
      assert.ok(errors[0]?.startsWith(`2 ${error}`), errors[0]);
      assert.equal((await stored(world)).length, 2);
    });
  }
});
