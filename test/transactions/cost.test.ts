import assert from 'node:assert/strict';
import { before, describe, it } from 'mocha';
import { run } from '../../server/platform/database.ts';
import { readBalances } from '../../server/ledger/read-balances.ts';
import { kindGroups, readHistory, type HistoryRange } from '../../server/ledger/read-history.ts';
import { withTenant } from '../../server/tenancy/tenant-transaction.ts';
import { listOpen, readYounger } from '../../server/transactions/open-invoices.ts';
import { signedInFamily, type Family } from '../support/world.ts';
import { planned, plannedPage, rowsRead } from './plans.ts';
import { makeLongHistory } from './long-history.ts';

const lines = 20_000;

/** What a page of history reads: 25 lines with what stands behind them, the entries of their days, the days of their months, and one sum for each earlier month. */
const mostRows = 1000;

describe(`a history of ${lines} lines`, () => {
  let book: Family;
  before(async () => {
    book = await signedInFamily('studio');
    await makeLongHistory(book, lines / 2);
  });

  const ranges: Readonly<Record<string, HistoryRange>> = {
    'the newest page': { currencies: ['USD'], kinds: kindGroups.all },
    'a page of long ago': { currencies: ['USD'], kinds: kindGroups.all, to: '2024-06-30' },
    'payments alone': { currencies: ['USD'], kinds: kindGroups.payments },
    'a kind that is not there': { currencies: ['USD', 'EUR'], kinds: kindGroups.credits },
  };
  for (const [name, range] of Object.entries(ranges)) {
    it(`S0-30 opens ${name} without reading the rest`, async () => {
      const read = await planned(book, () => readHistory(book.accountId, range, 'newest', 25));
      assert.ok(rowsRead(read) < mostRows, JSON.stringify(read));
    });
  }

  it('S0-30 a page deep in it costs what the first one costs', async () => {
    const [deep] = await withTenant(book.world.id, () => run<{ day: string; id: string }>(`select posted_on as day, id from app.journals where account_id = $1 order by posted_on, id offset 5000 limit 1`, [book.accountId]));
    const read = await planned(book, () => readHistory(book.accountId, ranges['the newest page']!, 'newest', 25, deep));
    assert.ok(rowsRead(read) < mostRows, JSON.stringify(read));
  });

  it('S0-5 a file of 5,000 lines costs a few probes for each of them', async () => {
    const read = await planned(book, () => readHistory(book.accountId, ranges['the newest page']!, 'newest', 5000));
    assert.ok(rowsRead(read) < 60_000, JSON.stringify(read));
  });

  it('S2-1 the balance, the open invoices and their age are read from sums and open items alone', async () => {
    const { accountId } = book;
    const standing = { accountId, currency: 'USD', on: '2026-11-22', today: '2026-11-22', zone: 'UTC' };
    assert.ok(rowsRead(await planned(book, () => readBalances(accountId, 'USD'))) < 300);
    assert.ok(rowsRead(await planned(book, () => readBalances(accountId, 'USD', '2025-06-30'))) < 300);
    assert.ok(rowsRead(await planned(book, () => listOpen(standing))) < 200);
    assert.ok(rowsRead(await planned(book, () => readYounger(standing))) < 200);
  });

  it('S2-1 the age of what was owed long ago is read from the invoices of half a year', async () => {
    const long = { accountId: book.accountId, currency: 'USD', on: '2024-06-30', today: '2026-11-22', zone: 'UTC' };
    const { invoices = 0 } = await planned(book, () => readYounger(long));
    assert.ok(invoices < 8 * 190, String(invoices));
  });

  it('S2-1 a statement of a few days reads nothing of the years before but one sum a month', async () => {
    const read = await plannedPage(book, () => book.visitor.get('/billing/statement?from=2026-10-30&to=2026-11-30'));
    assert.ok(rowsRead(read) < mostRows, JSON.stringify(read));
  });
});
