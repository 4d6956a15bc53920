import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { sandboxGateway } from '../../server/gateways/sandbox/sandbox.ts';
import { reconcilePayments } from '../../server/payment-attempts/reconcile-payments.ts';
import { chargesAt, Sandboxes } from '../gateways/sandbox/running-sandbox.ts';
import { testPortal } from '../support/portal.ts';
import { makeWorld, sql, type World } from '../support/world.ts';
import type { Order } from './paying-child.ts';

export interface Killed {
  readonly kills: number;
  readonly payers: number;
  /** Charges that the gateway has taken. */
  readonly charged: number;
  /** How many of them were booked before the reconciler began. */
  readonly bookedBefore: number;
  readonly undecidedBefore: number;
  /** Charges without a succeeded payment, and succeeded payments without a charge: both must be empty. */
  readonly lost: readonly string[];
  readonly invented: readonly string[];
  /** Invoices that were charged more than once. */
  readonly double: number;
  readonly undecidedAfter: number;
  /** Rows of the ledger or of invoices that do not agree with the payments. */
  readonly wrong: number;
}

/**
 * Kills a process that takes payments (kill -9, at a random moment of the first `within` ms), again and again, on one organization and
 * one sandbox that live on; then reconciles and compares the gateway's own record with the books. One order in ten is charged
 * without an answer, one is slow, one is declined.
 */
export async function killRounds({ kills, payersPerKill = 10, within = 1000 }: { kills: number; payersPerKill?: number; within?: number }): Promise<Killed> {
  const sandboxes = new Sandboxes();
  const sandbox = await sandboxes.spawn({ arguments: ['--slow-ms', '100'] });
  const world = await makeWorld('studio');
  const orders = await makeOrders(world, kills * payersPerKill);
  try {
    let next = startChild(world, sandbox.url);
    for (let round = 0; round < kills; round += 1) {
      const child = await next;
      if (round + 1 < kills) next = startChild(world, sandbox.url);
      const begun = await countBegun(world);
      child.send(orders.slice(round * payersPerKill, (round + 1) * payersPerKill));
      // On a busy machine nothing would have happened yet: half of the kills wait for the first payment.
      if (round % 2) await untilMore(world, begun);
      await delay(Math.random() * within);
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    const before = await countStates(world);
    const { outside } = await testPortal();
    const { left } = await reconcilePayments({ ...outside, gateways: { ...outside.gateways, sandbox: sandboxGateway(sandbox.url) } }, world.id, { olderThanSeconds: 0 });
    return { kills, payers: orders.length, bookedBefore: before.booked, undecidedBefore: before.undecided, undecidedAfter: left, ...(await compare(world, sandbox.url)) };
  } finally {
    await sandboxes.end();
  }
}

async function startChild(world: World, sandboxUrl: string): Promise<ChildProcess> {
  const { database } = await testPortal();
  const child = fork(path.join(import.meta.dirname, 'paying-child.ts'), [database.webUrl, sandboxUrl, world.slug], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const [message] = (await Promise.race([once(child, 'message'), once(child, 'exit')])) as [unknown];
  if (message !== 'ready') throw new Error('the paying process did not start');
  return child;
}

const numbers = ['visa', 'visa', 'visa', 'mastercard', 'visa', 'amex', 'silent_after', 'slow', 'declined', 'visa'];

function makeOrders(world: World, count: number): Promise<(Order & Record<string, unknown>)[]> {
  return sql<Order & Record<string, unknown>>(
    world,
    `with account as (insert into app.accounts (number, name) select 'K-' || n, 'Payer ' || n from generate_series(1, $1) n returning id, substring(number from 3)::int as n),
      method as (insert into app.payment_methods (account_id, gateway, token, kind, brand, last4, is_default)
        select id, 'sandbox', 'test_' || ($2::text[])[1 + n % 10] || ':' || id, 'card', 'Visa', '4242', true from account returning id, account_id),
      invoice as (insert into app.invoices (account_id, number, issued_on, currency, total_cents, status)
        select id, 'INV-' || n, now(), 'USD', 1000 + n, 'sent' from account returning account_id, number, total_cents)
     select account_id as "accountId", method.id as "methodId", number, total_cents as "openCents" from method join invoice using (account_id) order by random()`,
    [count, numbers],
  );
}

async function countBegun(world: World): Promise<number> {
  const [row] = await sql<{ begun: number }>(world, 'select count(*)::int as begun from app.payments where submitted_at is not null');
  return row?.begun ?? 0;
}

async function untilMore(world: World, begun: number): Promise<void> {
  for (let tries = 0; tries < 600 && (await countBegun(world)) <= begun; tries += 1) await delay(20);
}

async function countStates(world: World): Promise<{ booked: number; undecided: number }> {
  const [row] = await sql<{ booked: number; undecided: number }>(
    world, `select count(*) filter (where state = 'succeeded')::int as booked, count(*) filter (where state in ('created', 'submitted', 'unknown'))::int as undecided from app.payments`);
  return row ?? { booked: 0, undecided: 0 };
}

async function compare(world: World, sandboxUrl: string) {
  const taken = (await chargesAt(sandboxUrl)).filter(({ outcome }) => outcome === 'succeeded').map(({ key }) => key);
  const paid = await sql<{ id: string; invoice: string }>(
    world, `select p.id, l.invoice_id as invoice from app.payments p join app.allocations l on l.payment_id = p.id where p.state = 'succeeded'`);
  const booked = new Set(paid.map(({ id }) => id));
  const charged = new Set(taken);
  const double = paid.length - new Set(paid.map(({ invoice }) => invoice)).size + taken.length - charged.size;
  const [row] = await sql<{ wrong: number }>(world, wrong);
  return { charged: taken.length, lost: taken.filter((key) => !booked.has(key)), invented: [...booked].filter((id) => !charged.has(id)), double, wrong: row?.wrong ?? -1 };
}

/** Succeeded payments without exactly one journal of their amount, others with one, and invoices whose paid sum is not what their payments brought. */
const wrong = `select (
    select count(*) from app.payments p where (select coalesce(sum(e.amount_cents), 0) from app.journals j join app.ledger_entries e on e.journal_id = j.id
      where j.kind = 'payment' and j.source_id = p.id and e.ledger = 'cash') <> case when p.state = 'succeeded' then p.amount_cents else 0 end)
  + (select count(*) from app.invoices i where i.paid_cents <> (select coalesce(sum(l.amount_cents), 0) from app.allocations l join app.payments p on p.id = l.payment_id
      where l.invoice_id = i.id and p.state = 'succeeded')) as wrong`;
