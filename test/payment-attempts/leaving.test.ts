import assert from 'node:assert/strict';
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, it } from 'mocha';
import { reconcilePayments } from '../../server/payment-attempts/reconcile-payments.ts';
import { give, newAccount, peerUrl, withPeer } from '../gateways/stripe/paying.ts';
import { payOn, type PeerAccount } from '../gateways/stripe/peer.ts';
import { testPortal } from '../support/portal.ts';
import { makeWorld, sql, type World } from '../support/world.ts';
import type { Leaver } from './leaving-child.ts';

const kills = Math.ceil(Number(process.env['KILLS'] ?? 10) / 2);
const leaversPerKill = 10;

async function startChild(world: World, learnt: string[]): Promise<ChildProcess> {
  const { database } = await testPortal();
  const child = fork(path.join(import.meta.dirname, 'leaving-child.ts'), [database.webUrl, await peerUrl(), world.slug], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const [message] = (await Promise.race([once(child, 'message'), once(child, 'exit')])) as [unknown];
  if (message !== 'ready') throw new Error('the leaving process did not start');
  child.on('message', (url: string) => learnt.push(url));
  return child;
}

const makeLeavers = (world: World, count: number): Promise<(Leaver & Record<string, unknown>)[]> => sql<Leaver & Record<string, unknown>>(
  world,
  `with account as (insert into app.accounts (number, name) select 'K-' || n, 'Payer ' || n from generate_series(1, $1) n returning id, substring(number from 3)::int as n),
    invoice as (insert into app.invoices (account_id, number, issued_on, currency, total_cents, status) select id, 'INV-' || n, now(), 'USD', 1000 + n, 'sent' from account returning account_id, number, total_cents)
   select account_id as "accountId", number, total_cents as "openCents" from invoice order by number`,
  [count],
);

/** Half of those who know an address pay there, some of them while the portal is already dead. */
function payHalf(account: PeerAccount, learnt: readonly string[]): void {
  const known = learnt.map((url) => account.sessions.get(url.split('/').at(-1) ?? '')!);
  for (const session of known.filter((_, at) => at % 2 === 0)) payOn(account, session);
}

/** Charges that are not booked, bookings without a charge, invoices paid twice, what is still open. */
async function compare(world: World, account: PeerAccount) {
  const rows = await sql<{ id: string; state: string; invoice: string; cash: number }>(world, `select p.id, p.state, l.invoice_id as invoice,
    (select coalesce(sum(e.amount_cents), 0)::bigint from app.journals j join app.ledger_entries e on e.journal_id = j.id where j.source_id = p.id and e.ledger = 'cash') as cash
    from app.payments p join app.allocations l on l.payment_id = p.id`);
  const booked = rows.filter(({ state }) => state === 'succeeded');
  const charged = new Set(account.charged.map(({ metadata }) => metadata['attempt'] ?? ''));
  return {
    lost: [...charged].filter((id) => !booked.some((row) => row.id === id)), invented: booked.filter(({ id }) => !charged.has(id)),
    double: booked.length - new Set(booked.map(({ invoice }) => invoice)).size + account.charged.length - charged.size,
    wrong: rows.filter(({ state, cash }) => (state === 'succeeded') !== cash > 0).length, open: rows.filter(({ state }) => !['succeeded', 'failed'].includes(state)).map(({ state }) => state),
  };
}

describe('a portal that is killed while people leave for the gateway’s page', function () {
  this.timeout(60_000 + kills * 10_000);

  it(`F1 after ${kills} times kill -9 between reserving, opening the page and coming back, nothing is lost and nothing is charged twice`, async () => {
    const { account: accountOf, outside } = await withPeer();
    const acct = newAccount();
    const world = await makeWorld('studio', { 'payments.gateway': 'stripe', 'payments.stripe_account': acct });
    await give(world.slug, acct);
    const account = accountOf(acct);
    const leavers = await makeLeavers(world, kills * leaversPerKill);
    const learnt: string[] = [];
    for (let round = 0; round < kills; round += 1) {
      const child = await startChild(world, learnt);
      child.send(leavers.slice(round * leaversPerKill, (round + 1) * leaversPerKill));
      await delay(20 + Math.random() * 700);
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    payHalf(account, learnt);
    const [before] = await sql<{ created: number; waiting: number }>(world, `select count(*) filter (where state = 'created')::int as created, count(*) filter (where state = 'awaiting_customer')::int as waiting from app.payments`);
    await sql(world, `update app.payments set created_at = created_at - interval '1 hour', expires_at = now() - interval '1 second'`);
    await reconcilePayments(outside, world.id);
    assert.deepEqual(await compare(world, account), { lost: [], invented: [], double: 0, wrong: 0, open: [] });
    assert.ok(account.charged.length > 0 && (before?.waiting ?? 0) > 0, `the kills have met payers under way: ${JSON.stringify(before)}`);
    assert.deepEqual([...account.sessions.values()].filter(({ status, id }) => status === 'open' && learnt.some((url) => url.endsWith(String(id)))), [], 'no page that anybody knows is still open');
    if (process.env['KILLS']) process.stdout.write(`      ${JSON.stringify({ ...before, learnt: learnt.length, charged: account.charged.length })}\n`);
  });
});
