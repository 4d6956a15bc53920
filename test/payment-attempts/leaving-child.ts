import { connectTo, read } from '../../server/platform/database.ts';
import { createLog } from '../../server/platform/log.ts';
import { stripeAccountOf } from '../../server/gateways/stripe/accounts.ts';
import { stripeGateway } from '../../server/gateways/stripe/stripe.ts';
import { openPayPage } from '../../server/payment-attempts/pay-page.ts';
import type { Outside } from '../../server/tenancy/outside.ts';
import { findTenant } from '../../server/tenancy/tenant.ts';
import { withTenant } from '../../server/tenancy/tenant-transaction.ts';

/** One payer of one invoice. */
export interface Leaver {
  readonly accountId: string;
  readonly number: string;
  readonly openCents: number;
}

/**
 * A process that sends payers to the gateway's page until it is killed. Arguments: database, Stripe, organization; every message is a list
 * of payers, who leave all at once. 'ready' comes back, and the address of each page that a payer has learnt.
 */
async function main([webUrl = '', apiBase = '', slug = '']: readonly string[]): Promise<void> {
  connectTo(webUrl);
  const tenant = await findTenant(slug);
  if (!tenant) throw new Error(`no tenant ${slug}`);
  const gateways = { stripe: stripeGateway({ secretKey: 'sk_test_of_the_peer', webhookSecret: 'whsec_1', apiBase, timeoutMs: 2000 }, stripeAccountOf) };
  const outside = { production: false, port: 3000, baseDomain: 'localhost', keys: [Buffer.alloc(32, 7)], gateways, post: null, log: createLog('fatal') } as unknown as Outside;
  const till = { tenant, outside, t: (key: string) => key, enter: <T>(work: () => Promise<T>) => withTenant(tenant.id, work) };
  process.on('message', (leavers: readonly Leaver[]) => {
    for (const { accountId, ...invoice } of leavers) {
      void openPayPage(till, { accountId, requestKey: crypto.randomUUID(), invoices: [invoice], origin: 'http://portal', locale: 'en' }).then(({ url }) => url && process.send?.(url));
    }
  });
  await Promise.all(Array.from({ length: 10 }, () => withTenant(tenant.id, () => read('warm', 'select 1'))));
  process.send?.('ready');
}

await main(process.argv.slice(2));
