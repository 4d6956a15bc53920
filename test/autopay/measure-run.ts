import { once } from 'node:events';
import { Sandboxes, chargesAt } from '../gateways/sandbox/running-sandbox.ts';
import { makeWorld, sql } from '../support/world.ts';
import { makeAutopayers, startWorker } from './killed-runs.ts';

/** How long one worker takes for a run of so many accounts, how much memory it holds, and whether each was charged once. */
export async function measureRun(accounts: number): Promise<{ accounts: number; seconds: number; peakMegabytes: number; charged: number; paid: number }> {
  const sandboxes = new Sandboxes();
  const sandbox = await sandboxes.spawn();
  try {
    const world = await makeWorld('lawncare', { 'autopay.run_hour': 0 });
    await makeAutopayers(world, accounts);
    const child = await startWorker(world, sandbox.url);
    const start = performance.now();
    child.send('go');
    const [{ peakMegabytes }] = (await once(child, 'message')) as [{ peakMegabytes: number }];
    const seconds = Math.round((performance.now() - start) / 1000);
    child.kill();
    const [row] = await sql<{ paid: number }>(world, 'select count(*)::int as paid from app.invoices where paid_cents = total_cents');
    return { accounts, seconds, peakMegabytes, charged: (await chargesAt(sandbox.url)).length, paid: row?.paid ?? 0 };
  } finally {
    await sandboxes.end();
  }
}
