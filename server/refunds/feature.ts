import { tenantOf } from '../payments/reconcile-payments.ts';
import { enqueue } from '../platform/queue.ts';
import type { Feature } from '../tenancy/feature.ts';
import { listTenants } from '../tenancy/tenant.ts';
import { withTenant } from '../tenancy/tenant-transaction.ts';
import { reconcileRefunds } from './reconcile-refunds.ts';
import { refundRoutes } from './routes.ts';

export const refundsFeature: Feature = {
  key: 'refunds',
  staff: refundRoutes,
  jobs: (outside) => ({
    'reconcile-refunds': async ({ tenantId = '' }) => void (await reconcileRefunds(outside, await tenantOf(tenantId))),
    'reconcile-refunds-everywhere': async () => {
      for (const { id } of await listTenants()) await withTenant(id, () => enqueue('reconcile-refunds', { tenantId: id }, { key: `reconcile refunds ${id}` }));
    },
  }),
  clock: [{ job: 'reconcile-refunds-everywhere', cron: '*/5 * * * *' }],
};
