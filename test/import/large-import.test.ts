import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, it } from 'mocha';
import { lockAccount } from '../../server/accounts/lock-account.ts';
import { postJournal } from '../../server/ledger/post-journal.ts';
import { withTenant } from '../../server/tenancy/tenant-transaction.ts';
import { makeAccount, makeWorld, sql, type World } from '../support/world.ts';
import { countsOf, load, loadFile, makeFile } from './files.ts';

/** By hand with the number that is promised: IMPORT_ROWS=100000 npx mocha --no-parallel test/import/large-import.test.ts */
const rows = Number(process.env['IMPORT_ROWS'] ?? 20_000);

describe('a large import', () => {
  it(`of ${rows} invoices stays in bounded memory while others go on paying`, async function () {
    this.timeout(300_000);
    const world = await makeWorld('lawncare');
    await load(world, 'accounts', ['external_id,name', ...Array.from({ length: 2000 }, (_, at) => `acc-${at},Client ${at}`)]);
    const file = await makeFile(invoices());
    const [named] = await sql<{ id: string }>(world, `select id from app.accounts where external_id = 'acc-7'`);
    const payers = [pay(world, await makeAccount(world)), pay(world, named?.id ?? '')];
    const { peak, result: loaded, milliseconds } = await measured(() => loadFile(world, 'invoices', file));
    const waits = (await Promise.all(payers.map((payer) => payer.stop()))).flat();

    assert.equal(countsOf(loaded), `done: ${rows} created, 0 updated, 0 unchanged`);
    assert.ok(peak < 512 * 2 ** 20, `${peak / 2 ** 20} MiB`);
    assert.ok(waits.length >= 3 && Math.max(...waits) < 2000, `payments took ${waits.join(', ')} ms`);
    const [sums] = await sql(world, `select sum(amount_cents)::bigint as zero, count(*) filter (where ledger = 'receivable') as posted from app.ledger_entries where posted_on < '2026-11-01'`);
    assert.deepEqual(sums, { zero: 0, posted: rows });
    assert.equal(countsOf(await loadFile(world, 'invoices', file)), `done: 0 created, 0 updated, ${rows} unchanged`);
    if (process.env['IMPORT_ROWS']) {
      process.stdout.write(`${rows} rows: ${milliseconds} ms, peak ${Math.round(peak / 2 ** 20)} MiB, ${waits.length} payments meanwhile, slowest ${Math.max(...waits)} ms\n`);
    }
  });
});

function invoices(): string {
  const lines = Array.from({ length: rows }, (_, at) => {
    const day = String((at % 28) + 1).padStart(2, '0');
    const month = String((at % 10) + 1).padStart(2, '0');
    return `inv-${at},acc-${at % 2000},2026-${month}-${day},,${(at % 500) + 1}.50,sent,"Season ${at}, north side"`;
  });
  return `external_id,account,issued_on,due_on,total,status,memo\n${lines.join('\n')}\n`;
}

async function measured<T>(work: () => Promise<T>): Promise<{ peak: number; result: T; milliseconds: number }> {
  let peak = 0;
  const watch = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss());
  }, 20);
  const began = Date.now();
  const result = await work();
  clearInterval(watch);
  return { peak, result, milliseconds: Date.now() - began };
}

/** Moves money of one account again and again, with the locks of a payment, and notes how long each took. */
function pay(world: World, accountId: string): { stop(): Promise<number[]> } {
  const stopping = new AbortController();
  const loop = async () => {
    const waits: number[] = [];
    while (!stopping.signal.aborted) {
      const began = Date.now();
      await withTenant(world.id, async () => {
        await lockAccount(accountId);
        const legs = [{ ledger: 'cash' as const, amountCents: 100 }, { ledger: 'prepayment' as const, amountCents: -100 }];
        await postJournal({ accountId, kind: 'payment', sourceId: randomUUID(), currency: 'USD', postedOn: '2026-11-20', memo: 'PAY', legs });
      });
      waits.push(Date.now() - began);
      await delay(100);
    }
    return waits;
  };
  const done = loop();
  return {
    stop: () => {
      stopping.abort();
      return done;
    },
  };
}
