import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { ageingOf, listOpen, readYounger } from '../../server/transactions/open-invoices.ts';
import { readBalances } from '../../server/ledger/read-balances.ts';
import { kindGroups, readHistory, type Cursor, type HistoryLine } from '../../server/ledger/read-history.ts';
import { withTenant } from '../../server/tenancy/tenant-transaction.ts';
import { giveCredit, receive, sendInvoice, type Book } from '../ledger/bookkeeping.ts';
import { makeAccount, makeWorld, sql } from '../support/world.ts';

const all = { currencies: ['USD'], kinds: kindGroups.all };
const shown = (lines: readonly HistoryLine[]) => lines.map(({ kind, number, effectCents, balanceCents }) => [kind, number, effectCents, balanceCents]);

async function aBook(): Promise<Book> {
  const world = await makeWorld('studio');
  return { world, accountId: await makeAccount(world) };
}

/** Two invoices, one paid with more than it asks for, one half covered by a credit. */
async function aYear(): Promise<Book> {
  const book = await aBook();
  const first = await sendInvoice(book, { number: 'INV-1', cents: 8500, on: '2026-10-01', dueOn: '2026-10-15' });
  const second = await sendInvoice(book, { number: 'INV-2', cents: 4000, on: '2026-10-05', dueOn: '2026-10-20' });
  await receive(book, { number: 'PAY-1', cents: 10_000, on: '2026-10-05', paid: { [first]: 8500 } });
  await giveCredit(book, { number: 'CR-1', cents: 2000, on: '2026-10-06', used: { [second]: 1500 } });
  return book;
}

describe('the history of an account', () => {
  it('S0-6 fees and payments stand in one history, newest first, with the balance after every line', async () => {
    const { world, accountId } = await aYear();
    const lines = await withTenant(world.id, () => readHistory(accountId, all, 'newest', 25));
    assert.deepEqual(shown(lines), [
      ['apply', 'CR-1', -1500, 2500], ['credit', 'CR-1', 0, 4000], ['payment', 'PAY-1', -8500, 4000], ['invoice', 'INV-2', 4000, 12_500], ['invoice', 'INV-1', 8500, 8500],
    ]);
    assert.deepEqual(lines.map(({ invoices }) => invoices), [['INV-2'], [], ['INV-1'], [], []]);
  });

  it('page by page, in either order and of any kind, a line keeps its balance', async () => {
    const { world, accountId } = await aYear();
    const read = (order: 'newest' | 'oldest', kinds: readonly (typeof kindGroups.all)[number][], limit: number, after?: Cursor) =>
      withTenant(world.id, () => readHistory(accountId, { ...all, kinds }, order, limit, after));
    const whole = shown(await read('newest', kindGroups.all, 25));
    assert.deepEqual(shown(await read('oldest', kindGroups.all, 25)), whole.toReversed());
    const pages: HistoryLine[] = [];
    for (let after: Cursor | undefined; ; ) {
      const [line, more] = await read('newest', kindGroups.all, 1, after);
      if (line) pages.push(line);
      if (!line || !more) break;
      after = { day: line.postedOn, id: line.id };
    }
    assert.deepEqual(shown(pages), whole);
    assert.deepEqual(shown(await read('newest', kindGroups.payments, 25)), whole.filter(([kind]) => kind === 'payment'));
    assert.deepEqual(shown(await read('newest', kindGroups.charges, 25)), whole.filter(([kind]) => kind === 'invoice'));
  });

  it('S4-29 prepayments and credits stand apart from the balance of any day', async () => {
    const { world, accountId } = await aYear();
    const on = (day?: string) => withTenant(world.id, () => readBalances(accountId, 'USD', day));
    assert.deepEqual(await on(), [{ currency: 'USD', owedCents: 2500, prepaymentCents: 1500, creditCents: 500 }]);
    assert.deepEqual(await on('2026-10-04'), [{ currency: 'USD', owedCents: 8500, prepaymentCents: 0, creditCents: 0 }]);
    assert.deepEqual(await on('2026-10-05'), [{ currency: 'USD', owedCents: 4000, prepaymentCents: 1500, creditCents: 0 }]);
  });

  it('the balance of any day is explained by the invoices that were open then, and aged by their due dates', async () => {
    const { world, accountId } = await aYear();
    const standing = (on: string) => ({ accountId, currency: 'USD', on, today: '2026-11-22', zone: 'America/New_York' });
    const open = async (on: string) => (await withTenant(world.id, () => listOpen(standing(on)))).map(({ number, openCents, parts }) => [number, openCents, parts.length]);
    assert.deepEqual(await open('2026-11-22'), [['INV-2', 2500, 1]]);
    assert.deepEqual(await open('2026-10-05'), [['INV-2', 4000, 0]]);
    assert.deepEqual(await open('2026-10-04'), [['INV-1', 8500, 0]]);
    const age = async (on: string, cents: number) => Object.values(ageingOf(await withTenant(world.id, () => readYounger(standing(on))), cents));
    assert.deepEqual(await age('2026-10-04', 8500), [8500, 0, 0, 0, 0]);
    assert.deepEqual(await age('2026-10-20', 2500), [2500, 0, 0, 0, 0]);
    assert.deepEqual(await age('2026-10-21', 2500), [0, 2500, 0, 0, 0]);
    assert.deepEqual(await age('2026-11-22', 2500), [0, 0, 2500, 0, 0]);
    assert.deepEqual(await age('2027-01-18', 2500), [0, 0, 0, 2500, 0]);
    assert.deepEqual(await age('2027-01-19', 2500), [0, 0, 0, 0, 2500]);
  });

  it('a void invoice has never been there', async () => {
    const book = await aYear();
    const gone = await sendInvoice(book, { number: 'INV-3', cents: 700, on: '2026-10-05' });
    await withTenant(book.world.id, async () => {
      const { postJournal } = await import('../../server/ledger/post-journal.ts');
      await postJournal({ accountId: book.accountId, kind: 'invoice_void', sourceId: gone, currency: 'USD', postedOn: '2026-10-05', memo: 'INV-3', legs: [{ ledger: 'receivable', amountCents: -700 }, { ledger: 'revenue', amountCents: 700 }] });
    });
    await sql(book.world, `update app.invoices set status = 'void' where id = $1`, [gone]);
    const lines = await withTenant(book.world.id, () => readHistory(book.accountId, all, 'newest', 25));
    assert.deepEqual(lines.map(({ balanceCents }) => balanceCents), [2500, 4000, 4000, 12_500, 8500]);
  });
});
