import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { canvas, makeChart, type ChartSource } from '../../server/charts/chart.ts';
import { staffVisitor } from '../support/staff-visit.ts';
import { makeInvoice, signedInFamily, sql } from '../support/world.ts';

const months = Array.from({ length: 12 }, (_, at) => `2026-${String(at + 1).padStart(2, '0')}`);
const chartOf = (values: number[], kind: ChartSource['kind'] = 'bars') =>
  makeChart({ id: 'x', kind, title: 'X', months: months.slice(0, values.length), series: [{ label: 'A', values }], locale: 'en-US', full: String, short: String });

describe('charts', () => {
  it('bars stand inside the drawing, as high as their value is on the scale', () => {
    const chart = chartOf([0, 50, 100, 25]);
    const [, half, whole] = chart?.bars ?? [];
    assert.ok(Math.abs((whole?.height ?? 0) - 2 * (half?.height ?? 0)) < 0.1);
    for (const bar of chart?.bars ?? []) assert.ok(bar.x >= canvas.left && bar.x + bar.width <= canvas.width && bar.y >= 0 && bar.y + bar.height <= canvas.height);
  });

  it('the scale has round steps, holds zero and every value, also below zero', () => {
    for (const values of [[1, 2, 3], [999, 5], [-300, 200], [-7, -1], [123_456_789]]) {
      const steps = (chartOf(values, 'line')?.grid ?? []).map(({ label }) => Number(label));
      assert.ok(steps.includes(0) && Math.min(...steps) <= Math.min(0, ...values) && Math.max(...steps) >= Math.max(0, ...values), `${values.join()}: ${steps.join()}`);
      assert.ok(steps.length <= 6);
    }
  });

  it('nothing but zeros is no chart', () => {
    assert.equal(chartOf([0, 0]), undefined);
  });

  it('the billing page shows what was billed and paid per month, and the same figures as a table', async () => {
    const { world, accountId, visitor } = await signedInFamily('lawncare');
    await makeInvoice(world, accountId, { issued_on: new Date().toISOString().slice(0, 10), due_on: '2099-01-01', total_cents: 12_300 });
    const { text } = await visitor.get('/billing');
    assert.match(text, /<svg viewBox[^>]*role="img"[^>]*>\s*<title[^>]*>Billed and paid per month<\/title>\s*<desc[^>]*>Last month shown: Billed: \$123\.00\. Paid: \$0\.00/);
    assert.match(text, /Show as table.*\$123\.00/s);
    assert.doesNotMatch(text, /style="/);
  });

  it('the statement shows the balance over time, from the ledger', async () => {
    const { world, accountId, visitor } = await signedInFamily('lawncare');
    await sql(world, `insert into app.ledger_months (account_id, ledger, currency, month, amount_cents) values ($1, 'receivable', 'USD', '2020-01-01', 4500)`, [accountId]);
    assert.match((await visitor.get('/billing/statement')).text, /Balance at the end of each month<\/title>.*\$45\.00.*<polyline/s);
  });

  it('usages show how much was used per month, in one unit, and no other account\'s', async () => {
    const { world, accountId, visitor } = await signedInFamily('cloud');
    const [other] = await sql<{ id: string }>(world, `insert into app.accounts (number, name) values ('X', 'X') returning id`);
    for (const [owner, quantity] of [[accountId, 40], [other?.id, 9000]]) {
      await sql(world, `insert into app.usages (account_id, number, description, used_on, quantity, unit, currency) values ($1, $2, 'Calls', (now() at time zone 'America/New_York')::date, $3, 'calls', 'USD')`, [owner, `U-${quantity}`, quantity]);
    }
    const { text } = await visitor.get('/usages');
    assert.match(text, /Usage per month, in calls<\/title>.*Last month shown: Usage per month, in calls: 40</s);
    assert.doesNotMatch(text, /9,000/);
  });

  it('staff see what all accounts were billed and paid', async () => {
    const { world, accountId } = await signedInFamily('lawncare');
    await makeInvoice(world, accountId, { issued_on: new Date().toISOString().slice(0, 10), due_on: '2099-01-01', total_cents: 12_300 });
    assert.match((await (await staffVisitor(world)).get('/staff')).text, /Billed and paid per month<\/title>.*\$123\.00/s);
  });
});
