import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { Client } from 'pg';
import { database } from '../../server/platform/database.ts';
import { until } from '../gateways/sandbox/running-sandbox.ts';
import { aPayer, chargesOf, choose, paymentsOf, reviewForm, saveMethod, withGateway } from '../support/paying.ts';
import { testPortal } from '../support/portal.ts';
import { visit, type Visitor } from '../support/visitor.ts';
import { makeAccount, makeContact, makeInvoice, makeLogin, makeStaff, password, signedInFamily, sql, type World } from '../support/world.ts';

const { pool } = database.connectionManager as unknown as { pool: { using: number; maxSize: number } };
/** Many more than there are connections. */
const stuck = 32;

describe('a gateway that takes its time', function () {
  this.timeout(120_000);

  it(`F8 while ${stuck} payers wait for the gateway no connection, transaction or lock is held, and every other page answers`, async () => {
    assert.ok(stuck > 3 * pool.maxSize);
    const { world, visitor: reader } = await aPayer();
    const payers: { visitor: Visitor; form: Record<string, string | string[]> }[] = [];
    // One after the other: many sign-ins at once are put off.
    while (payers.length < stuck) payers.push(await aReadyPayer(world, payers.length));
    const staff = await staffOf(world);
    const others = [reader, staff, (await signedInFamily('cloud')).visitor];
    const { outside } = await testPortal();
    const [real, answer] = [outside.gateways.sandbox, Promise.withResolvers<void>()];
    let [asked, answered] = [0, 0];
    const slow = { ...real, charge: async (request: Parameters<typeof real.charge>[0]) => ((asked += 1), await answer.promise, real.charge(request)) };
    await withGateway(slow, async () => {
      const paying = payers.map(async ({ visitor, form }) => {
        const { status } = await visitor.post('/billing/pay', form);
        answered += 1;
        return status;
      });
      await until(async () => asked >= stuck);
      assert.deepEqual([pool.using, await othersWorkIn()], [0, { transactions: 0, locks: 0 }]);
      for (const table of ['accounts', 'invoices', 'payments', 'payment_methods']) assert.ok((await sql(world, `select 1 from app.${table} for update nowait`)).length >= stuck, table);
      // Who waits can look around meanwhile, too.
      const everybody = [...others, ...payers.slice(0, 5).map(({ visitor }) => visitor)];
      const pages = await Promise.all(everybody.flatMap((person) => (person === staff ? ['/staff', '/staff/payments', '/staff/invoices'] : ['/', '/billing', '/invoices']).map((path) => person.get(path))));
      assert.deepEqual(new Set(pages.map(({ status }) => status)), new Set([200]));
      assert.equal((await (await visit(world.slug)).get('/login')).status, 200);
      assert.deepEqual([asked, answered], [stuck, 0], 'all of them still wait');
      answer.resolve();
      assert.deepEqual(new Set(await Promise.all(paying)), new Set([303]));
    });
    assert.deepEqual([(await chargesOf(world)).length, (await paymentsOf(world)).filter(({ state }) => state === 'succeeded').length], [stuck, stuck]);
  });
});

async function aReadyPayer(world: World, at: number): Promise<{ visitor: Visitor; form: Record<string, string | string[]> }> {
  const accountId = await makeAccount(world);
  const [number, login] = [`SLOW-${at}`, `payer${at}@example.test`];
  await makeInvoice(world, accountId, { number });
  await makeContact(world, accountId, { email: login, login_ref: await makeLogin(world, login) });
  const methodId = await saveMethod({ world, accountId }, 'visa');
  const visitor = await (await visit(world.slug)).signIn(login, password);
  return { visitor, form: await reviewForm(visitor, choose(methodId, number)) };
}

async function staffOf(world: World): Promise<Visitor> {
  await makeStaff(world);
  return (await visit(world.slug)).signIn('owner@example.test', password, '/staff/login');
}

/** What every other connection to this database is in the middle of, as the server itself counts it. */
async function othersWorkIn(): Promise<{ transactions: number; locks: number }> {
  const client = new Client({ connectionString: (await testPortal()).database.adminUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ transactions: number; locks: number }>(`select
      (select count(*)::int from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend' and xact_start is not null) as transactions,
      (select count(*)::int from pg_locks l join pg_stat_activity a using (pid) where a.datname = current_database() and a.backend_type = 'client backend' and pid <> pg_backend_pid()) as locks`);
    return rows[0] ?? { transactions: -1, locks: -1 };
  } finally {
    await client.end();
  }
}
