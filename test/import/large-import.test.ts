import assert from 'node:assert/strict';
import { fork, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, it } from 'mocha';
import { lockAccount } from '../../server/accounts/lock-account.ts';
import { postJournal } from '../../server/ledger/post-journal.ts';
import { withTenant } from '../../server/tenancy/tenant-transaction.ts';
import { testPortal } from '../support/portal.ts';
import { makeAccount, makeWorld, sql, type World } from '../support/world.ts';
import { countsOf, load, loadFile, makeFile } from './files.ts';
import type { Imported } from './importing-child.ts';

/** By hand with the number that is promised: IMPORT_ROWS=100000 npx mocha --no-parallel test/import/large-import.test.ts */
const rows = Number(process.env['IMPORT_ROWS'] ?? 20_000);

describe('a large import', () => {
  it(`of ${rows} invoices stays in bounded memory while others go on paying`, async function () {
    this.timeout(300_000);
    const world = await makeWorld('lawncare');
    await load(world, 'accounts', ['external_id,name', ...Array.from({ length: 2000 }, (_, at) => `acc-${at},Client ${at}`)]);
    const file = await makeFile(invoices());
    const [named] = await sql<{ id: string }>(world, `select id from app.accounts where external_id = 'acc-7'`);
    const child = await startImporter(world);
    const payers = [pay(world, await makeAccount(world)), pay(world, named?.id ?? '')];
    child.send(file);
    const imported = (await answerOf(child)) as Imported;
    const paid = await Promise.all(payers.map((payer) => payer.stop()));
    child.kill();

    assert.equal(imported.counts, `done: ${rows} created, 0 updated, 0 unchanged`);
    assert.ok(imported.peakMegabytes < 512, `${imported.peakMegabytes} MiB`);
    // Whoever had to wait for the import would have paid once.
    assert.ok(Math.min(...paid) >= 5, `the two have paid ${paid.join(' and ')} times meanwhile`);
    const [sums] = await sql(world, `select sum(amount_cents)::bigint as zero, count(*) filter (where ledger = 'receivable') as posted from app.ledger_entries where posted_on < '2026-11-01'`);
    assert.deepEqual(sums, { zero: 0, posted: rows });
    assert.equal(countsOf(await loadFile(world, 'invoices', file)), `done: 0 created, 0 updated, ${rows} unchanged`);
    if (process.env['IMPORT_ROWS']) process.stdout.write(`${rows} rows: ${JSON.stringify(imported)}, ${paid.join(' + ')} payments meanwhile\n`);
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

async function startImporter(world: World): Promise<ChildProcess> {
  const { database } = await testPortal();
  const child = fork(path.join(import.meta.dirname, 'importing-child.ts'), [database.webUrl, world.slug], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  if ((await answerOf(child)) !== 'ready') throw new Error('the importing process did not start');
  return child;
}

/** What it says next, or the number it ended with. */
async function answerOf(child: ChildProcess): Promise<unknown> {
  const [answer] = (await Promise.race([once(child, 'message'), once(child, 'exit')])) as [unknown];
  return answer;
}

/** Moves money of one account again and again, with the locks of a payment; says in the end how often it did. */
function pay(world: World, accountId: string): { stop(): Promise<number> } {
  const stopping = new AbortController();
  const loop = async () => {
    let paid = 0;
    for (; !stopping.signal.aborted; paid += 1) {
      await withTenant(world.id, async () => {
        await lockAccount(accountId);
        const legs = [{ ledger: 'cash' as const, amountCents: 100 }, { ledger: 'prepayment' as const, amountCents: -100 }];
        await postJournal({ accountId, kind: 'payment', sourceId: randomUUID(), currency: 'USD', postedOn: '2026-11-20', memo: 'PAY', legs });
      });
      await delay(100);
    }
    return paid;
  };
  const done = loop();
  return {
    stop: () => {
      stopping.abort();
      return done;
    },
  };
}
