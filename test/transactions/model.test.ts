import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { describe, it } from 'mocha';
import { readBalances } from '../../server/ledger/read-balances.ts';
import { kindGroups, readFromStart, readHistory, type Cursor, type HistoryLine } from '../../server/ledger/read-history.ts';
import { withTenant } from '../../server/tenancy/tenant-transaction.ts';
import { explainBalance } from '../../server/transactions/explain-balance.ts';
import { ageingOf, readYounger } from '../../server/transactions/open-invoices.ts';
import { assertInOrder } from '../staff-invoices/office.ts';
import { makeAccount, makeWorld } from '../support/world.ts';
import { histories, Model } from './history-model.ts';

const currencies = ['USD', 'JPY'];
const zone = 'America/New_York';

/** The history read in pages of that many lines. */
async function inPages(model: Model, size: number): Promise<HistoryLine[]> {
  const { world, accountId } = model.book;
  const lines: HistoryLine[] = [];
  for (let after: Cursor | undefined; ; ) {
    const found = await withTenant(world.id, () => readHistory(accountId, { currencies, kinds: kindGroups.all }, 'oldest', size, after));
    lines.push(...found.slice(0, size));
    const last = found[size - 1];
    if (found.length <= size || !last) return lines;
    after = { day: last.postedOn, id: last.id };
  }
}

async function checkLines(model: Model, size: number): Promise<void> {
  const all = await inPages(model, size);
  const sums: Record<string, number> = {};
  for (const line of all) {
    sums[line.currency] = (sums[line.currency] ?? 0) + line.effectCents;
    assert.equal(line.balanceCents, sums[line.currency], `${line.kind} ${line.number}`);
  }
  for (const currency of currencies) {
    assert.equal(sums[currency] ?? 0, model.owedOn(model.today, currency));
    const { world, accountId } = model.book;
    const fromStart = await withTenant(world.id, () => readFromStart(accountId, { currency, from: '1900-01-01', to: model.today }, all.length));
    assert.deepEqual(fromStart, all.filter((line) => line.currency === currency && line.postedOn <= model.today));
  }
}

async function checkDay(model: Model, on: string, currency: string): Promise<void> {
  const standing = { ...model.book, currency, on, today: model.today, zone };
  const owed = model.owedOn(on, currency);
  const open = model.invoices.filter((invoice) => invoice.currency === currency).map((invoice) => ({ ...invoice, openCents: model.openOn(invoice, on) })).filter(({ openCents }) => openCents > 0);
  const aged = [0, 0, 0, 0, 0];
  for (const { dueOn, openCents } of open) aged[bucket(dueOn, on)]! += openCents;
  await withTenant(model.book.world.id, async () => {
    assert.equal((await readBalances(model.book.accountId, 'USD', on)).find((balance) => balance.currency === currency)?.owedCents ?? 0, owed);
    assert.deepEqual(Object.values(ageingOf(await readYounger(standing), owed)), aged);
    const { invoices, earlierCents } = await explainBalance(standing, 'USD');
    assert.equal(invoices.reduce((sum, { openCents }) => sum + openCents, earlierCents), owed);
    const expected = new Map(open.map(({ number, openCents }) => [number, openCents]));
    for (const { number, openCents } of invoices) assert.equal(openCents, expected.get(number));
    if (earlierCents === 0) assert.equal(invoices.length, open.length);
  });
}

function bucket(dueOn: string | null, on: string): number {
  const late = dueOn === null ? 0 : (Date.parse(on) - Date.parse(dueOn)) / 86_400_000;
  return late <= 0 ? 0 : late <= 30 ? 1 : late <= 60 ? 2 : late <= 90 ? 3 : 4;
}

describe('random histories of an account', () => {
  it('S0-6, S2-1 running balances, balances of any day, open invoices and their age are what plain arithmetic says', async () => {
    const world = await makeWorld('studio');
    await fc.assert(
      fc.asyncProperty(histories, fc.integer({ min: 1, max: 7 }), fc.array(fc.nat(10_000), { minLength: 4, maxLength: 4 }), async (steps, size, days) => {
        const model = new Model({ world, accountId: await makeAccount(world) });
        for (const step of steps) await model.take(step);
        await checkLines(model, size);
        for (const day of model.telling(days)) for (const currency of currencies) await checkDay(model, day, currency);
        for (const currency of currencies) await checkDay(model, model.today, currency);
      }),
      { numRuns: Number(process.env['RUNS'] ?? 25) },
    );
    await assertInOrder(world);
  });
});
