import assert from 'node:assert/strict';
import { before, describe, it } from 'mocha';
import { Client } from 'pg';
import { checkInvariants, findInvariantFaults } from '../../server/invariants/find-faults.ts';
import { giveCredit, receive, sendInvoice } from '../ledger/bookkeeping.ts';
import { testPortal } from '../support/portal.ts';
import { makeAccount, makeWorld, type World } from '../support/world.ts';

/** One organization whose money is right: two invoices, a payment with something left, a credit half used. */
async function inOrder(): Promise<World> {
  const world = await makeWorld('studio');
  const book = { world, accountId: await makeAccount(world) };
  const first = await sendInvoice(book, { number: 'INV-1', cents: 8500 });
  const second = await sendInvoice(book, { number: 'INV-2', cents: 4000, on: '2026-10-05' });
  await receive(book, { number: 'PAY-1', cents: 10_000, paid: { [first]: 8500 } });
  await giveCredit(book, { number: 'CR-1', cents: 2000, used: { [second]: 1500 } });
  return world;
}

async function urls() {
  const { database, sandboxUrl } = await testPortal();
  return { ...database, sandboxUrl };
}

/** As nobody can from inside: no wall, no trigger, no foreign key. */
async function plant(world: World, sql: string): Promise<void> {
  await asAdmin(async (admin) => {
    await admin.query('set session_replication_role = replica');
    await admin.query(sql.replaceAll(':tenant', `'${world.id}'`));
  });
}

async function asAdmin<T>(work: (admin: Client) => Promise<T>): Promise<T> {
  const { database } = await testPortal();
  const admin = new Client({ connectionString: database.adminUrl });
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.end();
  }
}

/** Takes away what forbids the fault in the first place, and puts it back. */
async function without(constraint: string, world: World, work: () => Promise<void>): Promise<void> {
  await asAdmin(async (admin) => {
    const { rows } = await admin.query<{ at: string; text: string }>('select conrelid::regclass as at, pg_get_constraintdef(oid) as text from pg_constraint where conname = $1', [constraint]);
    const { at = '', text = '' } = rows[0] ?? {};
    await admin.query(`alter table ${at} drop constraint ${constraint}`);
    await work();
    await admin.query(`set session_replication_role = replica; delete from ${at} where tenant_id = '${world.id}'`);
    await admin.query(`alter table ${at} add constraint ${constraint} ${text}`);
  });
}

const faults: readonly (readonly [id: string, name: string, sql: string, constraint?: string])[] = [
  ['I1', 'a journal does not sum to zero', `insert into app.ledger_entries (tenant_id, journal_id, account_id, ledger, amount_cents, currency, posted_on)
     select tenant_id, id, account_id, 'cash', 1, currency, posted_on from app.journals where tenant_id = :tenant and memo = 'INV-1'`],
  ['I1', 'an entry and its journal differ', `update app.ledger_entries set posted_on = posted_on + 1 where tenant_id = :tenant and ledger = 'cash'`],
  ['I2', 'the sums of the days', `update app.ledger_days set amount_cents = amount_cents + 1 where tenant_id = :tenant and ledger = 'cash'`],
  ['I2', 'the sums of the days', `delete from app.ledger_days where tenant_id = :tenant and ledger = 'prepayment'`],
  ['I2', 'the sums of the months', `update app.ledger_months set amount_cents = amount_cents + 1 where tenant_id = :tenant and ledger = 'credit'`],
  ['I2', 'the sums of the months', `delete from app.ledger_months where tenant_id = :tenant and ledger = 'receivable'`],
  ['I2', 'what an account owes', `update app.invoices set total_cents = total_cents + 100 where tenant_id = :tenant and number = 'INV-2'`],
  ['I2', 'prepayments are not', `update app.payments set unapplied_cents = 0 where tenant_id = :tenant`],
  ['I2', 'credit is not', `update app.credits set voided_at = now() where tenant_id = :tenant`],
  ['I2', 'an invoice is not in the ledger', `update app.invoices set status = 'unsent' where tenant_id = :tenant and number = 'INV-2'`],
  ['I2', 'an invoice is not in the ledger', `delete from app.journals where tenant_id = :tenant and memo = 'INV-2'`],
  ['I2', 'an invoice is not in the ledger', `update app.invoices set status = 'void', paid_cents = 0 where tenant_id = :tenant and number = 'INV-1'`],
  ['I2', 'an invoice is in the ledger with another amount', `update app.invoices set total_cents = 9000 where tenant_id = :tenant and number = 'INV-1'`],
  ['I2', 'a void invoice does not net to zero', `update app.invoices set status = 'void' where tenant_id = :tenant and number = 'INV-2'`],
  ['I2', 'the paid sum of an invoice', `update app.invoices set paid_cents = 1 where tenant_id = :tenant and number = 'INV-2'`],
  ['I2', 'money stands on an invoice that nobody sees', `update app.invoices set status = 'void' where tenant_id = :tenant and number = 'INV-1'`],
  ['I3', 'a payment is not in the ledger as its state says', `update app.payments set state = 'failed' where tenant_id = :tenant`],
  ['I3', 'a payment is not in the ledger as its state says', `delete from app.journals where tenant_id = :tenant and kind = 'payment'`],
  ['I3', 'a payment is in the ledger with another amount', `update app.payments set amount_cents = amount_cents + 1 where tenant_id = :tenant`],
  ['I3', 'a charge and an attempt do not match', `update app.payments set gateway = 'sandbox' where tenant_id = :tenant`],
  ['I3', 'a refund is not in the ledger', aRefund('succeeded', 'now()')],
  ['I4', 'two payments for one intent', `update app.payments set request_key = id where tenant_id = :tenant; ${copyOfPayment('request_key')}`, 'payments_tenant_id_account_id_request_key_key'],
  ['I4', 'two payments stand for one charge', `update app.payments set gateway = 'other', gateway_reference = 'ch_1' where tenant_id = :tenant; ${copyOfPayment('gateway, gateway_reference')}`],
  ['I5', 'the balance of a credit', `update app.credits set balance_cents = 1 where tenant_id = :tenant`],
  ['I5', 'more is paid than an invoice is for', `update app.invoices set paid_cents = total_cents + 1 where tenant_id = :tenant and number = 'INV-1'`, 'invoices_check'],
  ['I5', 'more is refunded than was paid', `update app.payments set refunded_cents = amount_cents + 1 where tenant_id = :tenant`, 'payments_check'],
  ['I5', 'the parts of a payment', `update app.allocations set amount_cents = amount_cents - 1 where tenant_id = :tenant and payment_id is not null`],
  ['I5', 'the refunded sum of a payment', `update app.payments set refunded_cents = 1 where tenant_id = :tenant`],
  ['I7', 'invoice_lines: a row has no parent in invoices', `update app.invoice_lines set invoice_id = (select id from app.invoices where tenant_id <> :tenant limit 1) where tenant_id = :tenant`],
  ['I7', 'journals: a row has no parent in payments', `update app.journals set source_id = (select id from app.payments where tenant_id <> :tenant limit 1) where tenant_id = :tenant and kind = 'payment'`],
  ['I7', 'allocations: a row belongs to another account', `update app.allocations set account_id = gen_random_uuid() where tenant_id = :tenant`],
  ['I9', 'a mail waits', `insert into app.messages (tenant_id, type, subject, to_address, from_address, text_body, html_body) values (:tenant, 'Receipt', '', 'a@b.c', 'a@b.c', '', '')`],
  ['I9', 'a mail was sent at no time', `insert into app.messages (tenant_id, type, status, subject, to_address, from_address, text_body, html_body) values (:tenant, 'Receipt', 'complete', '', 'a@b.c', 'a@b.c', '', '')`],
  ['I10', 'an attempt is undecided', `update app.payments set state = 'unknown', submitted_at = now() - interval '16 minutes' where tenant_id = :tenant`],
  ['I10', 'a refund is undecided', aRefund('unknown', `now() - interval '16 minutes'`)],
];

function copyOfPayment(columns: string): string {
  return `insert into app.payments (tenant_id, account_id, number, state, amount_cents, currency, ${columns}) select tenant_id, account_id, number || 'B', state, amount_cents, currency, ${columns} from app.payments where tenant_id = :tenant`;
}

function aRefund(state: string, since: string): string {
  return `insert into app.refunds (tenant_id, account_id, payment_id, number, request_key, state, amount_cents, currency, created_at)
     select tenant_id, account_id, id, 'RF-1', id, '${state}', 1, currency, ${since} from app.payments where tenant_id = :tenant`;
}

describe('the invariants of money', () => {
  before(async () => void (await inOrder()));

  it('hold for an organization in order, and say how much was seen', async () => {
    const world = await inOrder();
    const { faults: found, tenants, rows } = await checkInvariants(await urls(), [world.id]);
    assert.deepEqual(found, []);
    assert.deepEqual([tenants, rows], [1, 14]);
  });

  for (const [id, name, sql, constraint] of faults) {
    it(`${id} sees the planted fault: ${name} (${sql.trim().slice(0, 60).replace(/\s+/g, ' ')})`, async () => {
      const world = await inOrder();
      const prove = async () => {
        await plant(world, sql);
        const found = await findInvariantFaults(await urls(), [world.id]);
        assert.ok(found.some((fault) => fault.id === id && fault.name.startsWith(name) && fault.tenant === world.slug), JSON.stringify(found));
      };
      await (constraint ? without(constraint, world, prove) : prove());
    });
  }

  it('I3 sees money that the gateway has taken and nobody asked for', async () => {
    const world = await inOrder();
    const { sandboxUrl } = await urls();
    const charge = { key: crypto.randomUUID(), tenantId: world.id, amountCents: 700, currency: 'USD', token: 'test_visa:1', description: 'stray' };
    await fetch(`${sandboxUrl}/charges`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(charge) });
    const found = await findInvariantFaults(await urls(), [world.id]);
    assert.deepEqual(found.map(({ id, object, detail }) => [id, object, detail]), [['I3', charge.key, 'charged 700, and there is no such attempt']]);
  });

  it('I8 a hole in the wall is a fault', async () => {
    const world = await inOrder();
    await plant(world, 'create table app.loose (id int)');
    const found = await findInvariantFaults(await urls(), [world.id]);
    await plant(world, 'drop table app.loose');
    assert.deepEqual(found.map(({ id, object }) => [id, object]), [['I8', 'loose']]);
  });

  it('having seen no organization, or no money, is a fault', async () => {
    const empty = await makeWorld('studio');
    assert.deepEqual((await findInvariantFaults(await urls(), [empty.id])).map(({ name }) => name), ['no money was seen']);
    assert.deepEqual((await findInvariantFaults(await urls(), [])).map(({ name }) => name), ['no organization was seen']);
  });
});
