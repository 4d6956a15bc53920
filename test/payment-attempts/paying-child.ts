import { sandboxGateway } from '../../server/gateways/sandbox/sandbox.ts';
import { connectTo, read } from '../../server/platform/database.ts';
import { createLog } from '../../server/platform/log.ts';
import { takePayment } from '../../server/payment-attempts/take-payment.ts';
import type { Outside } from '../../server/tenancy/outside.ts';
import { findTenant } from '../../server/tenancy/tenant.ts';
import { withTenant } from '../../server/tenancy/tenant-transaction.ts';

/** One payer of one invoice. */
export interface Order {
  readonly accountId: string;
  readonly methodId: string;
  readonly number: string;
  readonly openCents: number;
}

/**
 * A process that takes payments until it is killed. Arguments: database, sandbox, organization; every message is a list of orders,
 * which it begins all at once. 'ready' and 'done' come back.
 */
async function main([webUrl = '', sandboxUrl = '', slug = '']: readonly string[]): Promise<void> {
  connectTo(webUrl);
  const tenant = await findTenant(slug);
  if (!tenant) throw new Error(`no tenant ${slug}`);
  const gateways = { sandbox: sandboxGateway(sandboxUrl, { timeoutMs: 2000 }) };
  const outside = { production: false, port: 3000, baseDomain: 'localhost', keys: [Buffer.alloc(32, 7)], gateways, post: null, log: createLog('fatal') } as unknown as Outside;
  const till = { tenant, outside, t: (key: string) => key, enter: <T>(work: () => Promise<T>) => withTenant(tenant.id, work) };
  process.on('message', (orders: readonly Order[]) => {
    void Promise.all(orders.map(({ accountId, methodId, ...invoice }) =>
      takePayment(till, { accountId, methodId, requestKey: crypto.randomUUID(), invoices: [invoice] }),
    )).then(() => process.send?.('done'));
  });
  // Connections are open and code is warm, so that the kill falls among the payments and not before them.
  await Promise.all(Array.from({ length: 10 }, () => withTenant(tenant.id, () => read('warm', 'select 1'))));
  await gateways.sandbox.lookup('warm');
  process.send?.('ready');
}

await main(process.argv.slice(2));
