import { setTimeout as delay } from 'node:timers/promises';
import { runAutopay } from '../../../server/autopay/run-autopay.ts';
import { runImport } from '../../../server/import/runs/run-import.ts';
import { queueMail } from '../../../server/messages/mail.ts';
import { globally, read } from '../../../server/platform/database.ts';
import { demandTenant, findTenant, type Tenant } from '../../../server/tenancy/tenant.ts';
import { withTenant } from '../../../server/tenancy/tenant-transaction.ts';
import { workQueue } from '../../../server/work-queue.ts';
import { readTold } from '../told.ts';
import type { Order } from '../worker.ts';
import { openTold } from './open-told.ts';

/** A worker process: carries out what it is told by the product's own verbs, and says how often that was done. */
const told = readTold();
const { outside } = await openTold(told);
await globally(() => read('warm', 'select 1'));

process.on('message', (order: Order) => void carryOut(order).then((done) => process.send?.({ done }), (error: Error) => process.send?.({ failed: String(error.stack) })));
process.send?.('ready');

async function carryOut(order: Order): Promise<number> {
  const found = await findTenant(order.slug);
  if (!found) throw new Error(`no organization ${order.slug}`);
  const tenant = await demandTenant(found.id);
  if (order.work === 'autopay') return payAll(tenant);
  if (order.work === 'import') return importAll(tenant, order.file);
  return order.work === 'queue mail' ? queueAll(tenant, order.many) : sendAll(tenant);
}

async function payAll(tenant: Tenant): Promise<number> {
  await runAutopay(outside, tenant.id);
  return countIn(tenant, `select count(*)::int as n from app.autopay_charges where result = 'paid'`);
}

async function importAll(tenant: Tenant, file: string): Promise<number> {
  const { status, created } = await runImport({ tenantId: tenant.id, site: tenant.site, noun: 'invoices', file }, 'invoices.csv');
  if (status !== 'done') throw new Error(`the import ended as ${status}`);
  return created;
}

async function queueAll(tenant: Tenant, many: number): Promise<number> {
  for (let at = 0; at < many; at += 1) {
    await withTenant(tenant.id, () => queueMail(outside, tenant, {
      type: 'Invoice', to: `client${at}@example.test`, recipient: 'Maria Client', subject: `Invoice INV-${at}`,
      blocks: [{ text: 'Your invoice is ready. It is due at the end of the month.' }, { link: 'See the invoice', url: `https://${tenant.slug}.${told.domain}/invoices/INV-${at}` }],
    }));
  }
  return many;
}

/** By the queue, as a worker process works it, until nothing waits. */
async function sendAll(tenant: Tenant): Promise<number> {
  const queue = await workQueue(told.workerUrl, outside);
  while (await countIn(tenant, `select count(*)::int as n from app.messages where status = 'queued'`)) await delay(250);
  await queue.stop();
  return countIn(tenant, `select count(*)::int as n from app.messages where status = 'complete'`);
}

async function countIn(tenant: Tenant, text: string): Promise<number> {
  return (await withTenant(tenant.id, () => read<{ n: number }>(`count ${text.length}`, text)))[0]?.n ?? 0;
}
