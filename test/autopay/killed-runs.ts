import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { runAutopay } from '../../server/autopay/run-autopay.ts';
import { sandboxGateway } from '../../server/gateways/sandbox/sandbox.ts';
import { reconcilePayments } from '../../server/payment-attempts/reconcile-payments.ts';
import { chargesAt, Sandboxes } from '../gateways/sandbox/running-sandbox.ts';
import { testPortal } from '../support/portal.ts';
import { makeWorld, sql, type World } from '../support/world.ts';

export interface KilledRuns {
  readonly accounts: number;
  readonly kills: number;
  /** How many accounts had been charged when the last process was killed. */
  readonly chargedBefore: number;
  /** Payments that a kill has left undecided. */
  readonly undecided: number;
  /** Accounts with no charge or more than one at the gateway, and with no paid invoice or more than one payment in the books. */
  readonly wrongAtGateway: number;
  readonly wrongInBooks: number;
  readonly openCharges: number;
}

/** Kills a worker (kill -9, at a random moment) again and again while it charges accounts by autopay; then lets the reconciler and one more worker finish. */
export async function killRuns({ accounts, kills, within }: { accounts: number; kills: number; within: number }): Promise<KilledRuns> {
  const sandboxes = new Sandboxes();
  const sandbox = await sandboxes.spawn({ arguments: ['--slow-ms', '50'] });
  const world = await makeWorld('lawncare', { 'autopay.run_hour': 0 });
  await makeAutopayers(world, accounts);
  try {
    let next = startWorker(world, sandbox.url);
    for (let round = 0; round < kills; round += 1) {
      const child = await next;
      if (round + 1 < kills) next = startWorker(world, sandbox.url);
      child.send('go');
      await delay(Math.random() * within);
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    const chargedBefore = (await chargesAt(sandbox.url)).length;
    const undecided = await countOf(world, `select count(*)::int as n from app.payments where state in ('created', 'submitted', 'unknown')`);
    await finish(world, sandbox.url);
    return { accounts, kills, chargedBefore, undecided, ...(await compare(world, sandbox.url, accounts)) };
  } finally {
    await sandboxes.end();
  }
}

/** A worker in a process of its own with a small heap, ready to begin. */
export async function startWorker(world: World, sandboxUrl: string): Promise<ChildProcess> {
  const { database } = await testPortal();
  const child = fork(path.join(import.meta.dirname, 'running-child.ts'), [database.webUrl, sandboxUrl, world.id], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'], execArgv: ['--max-old-space-size=96'] });
  const [message] = (await Promise.race([once(child, 'message'), once(child, 'exit')])) as [unknown];
  if (message !== 'ready') throw new Error('the worker did not start');
  return child;
}

/** So many accounts on autopay, each with one card and one invoice that is due; one card in a hundred is charged without an answer. */
export async function makeAutopayers(world: World, accounts: number): Promise<void> {
  for (let from = 1; from <= accounts; from += 1000) await sql(world, autopayers, [from, Math.min(from + 999, accounts)]);
  for (let from = 1; from <= accounts; from += 1000) await sql(world, `update app.accounts set autopay = true where substring(number from 3)::int between $1 and $2`, [from, from + 999]);
}

const autopayers = `with account as (insert into app.accounts (number, name) select 'K-' || n, 'Payer ' || n from generate_series($1::int, $2::int) n returning id, substring(number from 3)::int as n),
    method as (insert into app.payment_methods (account_id, gateway, token, kind, brand, last4, is_default)
      select id, 'sandbox', 'test_' || case when n % 100 = 0 then 'silent_after' else 'visa' end || ':' || id, 'card', 'Visa', '4242', true from account)
  insert into app.invoices (account_id, number, issued_on, due_on, currency, total_cents, status)
      select id, 'INV-' || n, '2026-10-01', '2026-10-15', 'USD', 1000 + n, 'sent' from account`;

/** The reconciler finds out what the kills have left open, and a last worker goes on until nothing is open. */
async function finish(world: World, sandboxUrl: string): Promise<void> {
  const { outside } = await testPortal();
  const there = { ...outside, gateways: { ...outside.gateways, sandbox: sandboxGateway(sandboxUrl, { timeoutMs: 500 }) } };
  for (let look = 0; look < 4; look += 1) {
    await reconcilePayments(there, world.id, { olderThanSeconds: 0 });
    await runAutopay(there, world.id);
  }
}

async function compare(world: World, sandboxUrl: string, accounts: number) {
  const owners = new Map((await sql<{ id: string; account: string }>(world, 'select id, account_id as account from app.payments')).map(({ id, account }) => [id, account]));
  const taken = (await chargesAt(sandboxUrl)).filter(({ outcome }) => outcome === 'succeeded').map(({ key }) => owners.get(key) ?? key);
  return {
    wrongAtGateway: accounts - new Set(taken).size + taken.length - new Set(taken).size,
    wrongInBooks: await countOf(
      world,
      `select (select count(*) from app.invoices where paid_cents <> total_cents)
            + (select count(*) from (select 1 from app.payments where state = 'succeeded' group by account_id having count(*) <> 1) twice) as n`,
    ),
    openCharges: await countOf(world, 'select count(*)::int as n from app.autopay_charges where closed_at is null'),
  };
}

async function countOf(world: World, text: string): Promise<number> {
  const [row] = await sql<{ n: number }>(world, text);
  return row?.n ?? -1;
}
