import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, it } from 'mocha';
import { postJournal, type Leg } from '../../server/ledger/post-journal.ts';
import { withTenant } from '../../server/tenancy/tenant-transaction.ts';
import { makeAccount, makeWorld, sql } from '../support/world.ts';

const invoice = (cents: number): Leg[] => [{ ledger: 'receivable', amountCents: cents }, { ledger: 'revenue', amountCents: -cents }];

async function setUp() {
  const world = await makeWorld('studio');
  const accountId = await makeAccount(world);
  const sourceId = randomUUID();
  const post = (legs: Leg[], other: { sourceId?: string; postedOn?: string } = {}) =>
    withTenant(world.id, () => postJournal({ accountId, kind: 'invoice', sourceId, currency: 'USD', postedOn: '2026-10-01', memo: 'INV-1', legs, ...other }));
  return { world, accountId, post };
}

describe('the ledger', () => {
  it('takes a journal once: a repeat changes nothing and says so', async () => {
    const { world, post } = await setUp();
    assert.equal(await post(invoice(8500)), true);
    assert.equal(await post(invoice(9900)), false);
    const entries = await sql<{ ledger: string; amount_cents: number }>(world, 'select ledger, amount_cents from app.ledger_entries order by ledger');
    assert.deepEqual(entries, [{ ledger: 'receivable', amount_cents: 8500 }, { ledger: 'revenue', amount_cents: -8500 }]);
    const days = await sql<{ amount_cents: number }>(world, `select amount_cents from app.ledger_days where ledger = 'receivable'`);
    assert.deepEqual(days, [{ amount_cents: 8500 }]);
  });

  it('keeps one sum a day and one a month, whoever books at once', async () => {
    const { world, accountId, post } = await setUp();
    const days = ['2026-09-30', '2026-10-01', '2026-10-31', '2026-10-31', '2026-11-01'];
    await Promise.all(days.map((on) => post(invoice(100), { sourceId: randomUUID(), postedOn: on })));
    const sums = (table: string, day: string) => sql(world, `select ${day} as day, amount_cents as cents from app.${table} where account_id = $1 and ledger = 'receivable' order by ${day}`, [accountId]);
    assert.deepEqual(await sums('ledger_days', 'posted_on'), [{ day: '2026-09-30', cents: 100 }, { day: '2026-10-01', cents: 100 }, { day: '2026-10-31', cents: 200 }, { day: '2026-11-01', cents: 100 }]);
    assert.deepEqual(await sums('ledger_months', 'month'), [{ day: '2026-09-01', cents: 100 }, { day: '2026-10-01', cents: 300 }, { day: '2026-11-01', cents: 100 }]);
  });

  it('takes two at once as one', async () => {
    const { post } = await setUp();
    assert.deepEqual((await Promise.all([post(invoice(100)), post(invoice(100))])).toSorted(), [false, true]);
  });

  it('refuses legs that do not sum to zero and leaves out legs of zero', async () => {
    const { world, post } = await setUp();
    await assert.rejects(post([{ ledger: 'cash', amountCents: 1 }]), /do not sum to zero/);
    assert.equal(await post(invoice(0)), true);
    assert.deepEqual(await sql(world, 'select 1 from app.ledger_entries'), []);
  });
});
