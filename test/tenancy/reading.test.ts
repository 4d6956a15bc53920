import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { Client } from 'pg';
import { Login } from '../../server/logins/login.ts';
import { database, read, run } from '../../server/platform/database.ts';
import { Unanswered } from '../../server/platform/reading.ts';
import { enterToRead } from '../../server/tenancy/tenant-transaction.ts';
import { messagesOf } from '../support/statements.ts';
import { makeAccount, makeContact, makeInvoice, signedInFamily, sql, type Family } from '../support/world.ts';

interface Person {
  readonly loginId: string;
  readonly accounts: readonly { readonly name: string }[];
}

const signInOf = async ({ world }: Family) => (await sql<{ id: string }>(world, 'select id from app.sign_ins where ended_at is null'))[0]?.id;

/** Reads as the family, which another page of the same process has seen before. */
async function reading<T>(family: Family, work: (person: Person | null) => Promise<T>): Promise<T> {
  const entry = { tenantId: family.world.id, signInId: await signInOf(family), mode: 'customer' } as const;
  await enterToRead(entry, async () => undefined);
  return enterToRead(entry, work);
}

describe('a page that only reads', () => {
  it('is one message to the database once the person is known, tabs that are looked for included', async () => {
    const { world, accountId, visitor } = await signedInFamily('lawncare', { tabs: [{ key: 'billing', enabled: 'auto' }, { key: 'invoices', enabled: 'on' }] });
    await makeInvoice(world, accountId);
    for (const path of ['/', '/invoices']) {
      await visitor.get(path);
      // And one for the session, which is in PostgreSQL here.
      assert.equal(await messagesOf(() => visitor.get(path)), 2, path);
    }
  });

  it('asks in one message what needs no answer first', async () => {
    const tabs = ['billing', 'invoices', 'payments', 'services', 'tickets'].map((key) => ({ key, enabled: 'on' as const }));
    const { world, accountId, visitor } = await signedInFamily('lawncare', { tabs });
    await makeInvoice(world, accountId, { number: 'INV-1' });
    // One for the session. The page of an invoice finds the invoice first.
    for (const [path, messages] of [['/billing/pay/invoices', 2], ['/billing/pay/method?invoice=INV-1', 2], ['/tickets', 2], ['/payments', 2], ['/billing', 2], ['/billing/statement', 2], ['/services', 2], ['/invoices/INV-1', 3]] as const) {
      assert.equal((await visitor.get(path)).status, 200, path);
      assert.equal(await messagesOf(() => visitor.get(path)), messages, path);
    }
  });

  it('shows at once what has changed about who asks, to the process that knew otherwise, too', async () => {
    const family = await signedInFamily('lawncare');
    await makeInvoice(family.world, family.accountId, { number: 'INV-1' });
    assert.match((await family.visitor.get('/')).text, /INV-1/);
    await sql(family.world, `update app.accounts set name = 'Bestie and daughters'`);
    assert.match((await family.visitor.get('/')).text, /Bestie and daughters/);
    await sql(family.world, 'update app.contacts set may_see_money = false, may_pay = false');
    const narrowed = await family.visitor.get('/');
    assert.equal(narrowed.status, 200);
    assert.doesNotMatch(narrowed.text, /INV-1|\$/);
    assert.equal((await family.visitor.get('/invoices')).status, 403);
    await sql(family.world, 'update app.contacts set may_see_money = true, may_pay = true');
    assert.match((await family.visitor.get('/')).text, /INV-1/);
    await sql(family.world, 'update app.contacts set may_sign_in = false');
    assert.equal((await family.visitor.get('/')).headers['location'], '/login');
  });

  it('is made again when who asks has changed between two of its messages', async () => {
    const family = await signedInFamily('lawncare');
    const seen: string[] = [];
    const names = await reading(family, async (person) => {
      seen.push(person?.accounts[0]?.name ?? '');
      await run('select 1');
      if (seen.length === 1) await outside(family, `update app.accounts set name = 'Renamed'`);
      return run<{ name: string }>('select name from app.accounts');
    });
    assert.deepEqual(seen, ['Bestie', 'Renamed']);
    assert.deepEqual(names, [{ name: 'Renamed' }]);
  });

  it('gives nothing out that came with another person than the one it was made for, even where its errors are swallowed', async () => {
    const family = await signedInFamily('lawncare');
    await reading(family, async () => undefined);
    const entry = { tenantId: family.world.id, signInId: await signInOf(family), mode: 'customer' } as const;
    await sql(family.world, 'update app.sign_ins set ended_at = now()');
    const answers: unknown[] = [];
    const last = await enterToRead(entry, async (person) => {
      answers.push(await run('select id from app.accounts').catch(() => 'refused'));
      return person;
    });
    assert.deepEqual([answers, last], [['refused', []], null]);
  });

  it('sees the own accounts only, whatever the query says, and cannot write', async () => {
    const family = await signedInFamily('studio');
    const neighbour = await makeAccount(family.world, { name: 'Neighbour' });
    await makeInvoice(family.world, neighbour, { number: 'INV-NEIGHBOUR' });
    await makeContact(family.world, neighbour);
    await makeInvoice(family.world, family.accountId, { number: 'INV-OWN' });
    assert.deepEqual(await reading(family, () => run('select number from app.invoices')), [{ number: 'INV-OWN' }]);
    await assert.rejects(reading(family, () => run(`update app.accounts set name = 'x'`)), /read-only transaction/);
    await assert.rejects(reading(family, () => reading(family, async () => undefined)), /second transaction/);
  });

  it('asks together what is asked in one turn, by statement, by text and by model, and gives each its own answer', async () => {
    const family = await signedInFamily('studio');
    const [named, plain, logins] = await reading(family, () => Promise.all([
      read<{ n: number }>('reading-test', 'select $1::int as n', [7]), run<{ name: string }>('select name from app.accounts'), Login.findAll(),
    ]));
    assert.deepEqual([named, plain], [[{ n: 7 }], [{ name: 'Bestie' }]]);
    assert.deepEqual(logins.map(({ loginId }) => loginId), ['maria@example.test']);
    const entry = { tenantId: family.world.id, signInId: await signInOf(family), mode: 'customer' } as const;
    assert.equal(await messagesOf(() => enterToRead(entry, () => Promise.all([run('select 1'), run('select 2')]))), 1);
  });

  it('goes on after a statement that fails, also with statements that were to be prepared behind it', async () => {
    const family = await signedInFamily('studio');
    const both = () => reading(family, () => Promise.all([read('reading-zero', 'select 1 / $1::int as n', [0]), read('reading-late', 'select 2 as n')]));
    await assert.rejects(both(), /division by zero/);
    await assert.rejects(both(), /division by zero/);
    assert.deepEqual(await reading(family, () => read('reading-late', 'select 2 as n')), [{ n: 2 }]);
    assert.deepEqual(await reading(family, () => read('reading-zero', 'select 1 / $1::int as n', [1])), [{ n: 1 }]);
  });

  it('reads the rows of a statement as the first time once the server is no longer asked for their columns, and refuses what cannot be counted', async () => {
    const family = await signedInFamily('studio');
    const ask = (n: string) => reading(family, () => read('reading-columns', `select $1::bigint as n, null::date as day, '{1,2}'::int[] as list, one from generate_series(1, 2) one`, [n]));
    const rows = [1, 2].map((one) => ({ n: 7, day: null, list: [1, 2], one }));
    assert.deepEqual([await ask('7'), await ask('7')], [rows, rows]);
    await assert.rejects(ask('9007199254740993'), ({ cause }: Error) => cause instanceof RangeError);
    assert.deepEqual(await ask('7'), rows);
  });

  it('holds no connection while it thinks, and leaves none behind that was cut', async () => {
    const family = await signedInFamily('studio');
    const { pool } = database.connectionManager as unknown as { pool: { readonly using: number } };
    await reading(family, async () => {
      await run('select 1');
      assert.equal(pool.using, 0);
    });
    await assert.rejects(reading(family, () => run('select pg_terminate_backend(pg_backend_pid())')), Unanswered);
    assert.equal(pool.using, 0);
    assert.deepEqual(await reading(family, () => run('select 1 as n')), [{ n: 1 }]);
  });
});

/** As another process would, while a page is being made. */
async function outside({ world }: Family, text: string): Promise<void> {
  const { testPortal } = await import('../support/portal.ts');
  const client = new Client({ connectionString: (await testPortal()).database.webUrl });
  await client.connect();
  await client.query(`begin; select app.enter('${world.id}', null, 'system', false); ${text}; commit`);
  await client.end();
}
