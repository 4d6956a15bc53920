import assert from 'node:assert/strict';
import { before, describe, it } from 'mocha';
import { run } from '../../server/platform/database.ts';
import { readBalances } from '../../server/ledger/read-balances.ts';
import { kindGroups, readHistory, type HistoryRange } from '../../server/ledger/read-history.ts';
import { withTenant } from '../../server/tenancy/tenant-transaction.ts';
import { listOpen, readAgeing } from '../../server/transactions/open-invoices.ts';
import type { Book } from '../ledger/bookkeeping.ts';
import { makeAccount, makeWorld } from '../support/world.ts';
import { planned, rowsRead } from './plans.ts';
import { makeLongHistory } from './long-history.ts';

const lines = 20_000;
const start = '00000000-0000-0000-0000-000000000000';

/** What a page of history reads: 25 lines with what stands behind them, the entries of their days, and one sum for each earlier day. */
const mostRows = 1000;

describe(`a history of ${lines} lines`, () => {
  let book: Book;
  before(async () => {
    const world = await makeWorld('studio');
    book = { world, accountId: await makeAccount(world) };
    await makeLongHistory(book, lines / 2);
  });

  const historyValues = (range: HistoryRange, after = { day: 'infinity', id: start }): (string | readonly string[])[] => [book.accountId, range.currencies, range.kinds, range.from ?? '0001-01-01', range.to ?? '9999-12-31', after.day, after.id];
  const ranges: Readonly<Record<string, HistoryRange>> = {
    'the newest page': { currencies: ['USD'], kinds: kindGroups.all },
    'a page of long ago': { currencies: ['USD'], kinds: kindGroups.all, to: '2024-06-30' },
    'payments alone': { currencies: ['USD'], kinds: kindGroups.payments },
    'a kind that is not there': { currencies: ['USD', 'EUR'], kinds: kindGroups.credits },
  };
  for (const [name, range] of Object.entries(ranges)) {
    it(`S0-30 opens ${name} without reading the rest`, async () => {
      const read = await planned(book, () => readHistory(book.accountId, range, 'newest', 25), historyValues(range));
      const { ledger_days: days = 0, ...rest } = read;
      assert.ok(Object.values(rest).reduce((sum, rows) => sum + rows, 0) < mostRows, JSON.stringify(read));
      assert.ok(days < 2600, JSON.stringify(read));
    });
  }

  it('S0-30 a page deep in it costs what the first one costs', async () => {
    const range = ranges['the newest page']!;
    const [deep] = await withTenant(book.world.id, () => run<{ day: string; id: string }>(`select posted_on as day, id from app.journals where account_id = $1 order by posted_on, id offset 5000 limit 1`, [book.accountId]));
    const read = await planned(book, () => readHistory(book.accountId, range, 'newest', 25, deep), historyValues(range, deep));
    assert.ok(rowsRead({ ...read, ledger_days: 0 }) < mostRows, JSON.stringify(read));
  });

  it('S0-5 a file of 5,000 lines costs a few probes for each of them', async () => {
    const range = ranges['the newest page']!;
    const read = await planned(book, () => readHistory(book.accountId, range, 'newest', 5000), historyValues(range));
    assert.ok(rowsRead(read) < 60_000, JSON.stringify(read));
  });

  it('S2-1 the balance, the open invoices and their age are read from sums and open items alone', async () => {
    const { accountId } = book;
    const standing = { accountId, currency: 'USD', on: '2026-11-22', today: '2026-11-22', zone: 'UTC' };
    const asked = [accountId, 'USD', '2026-11-22', 'UTC'];
    assert.ok(rowsRead(await planned(book, () => readBalances(accountId, 'USD'), [accountId, '9999-12-31', 'USD'])) < 2600);
    assert.ok(rowsRead(await planned(book, () => listOpen(standing), asked)) < 200);
    assert.ok(rowsRead(await planned(book, () => readAgeing(standing, 20_000), asked)) < 200);
  });
});
