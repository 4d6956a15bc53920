import { enqueueForEachTenant } from '../tenancy/each-tenant.ts';
import type { Feature } from '../tenancy/feature.ts';
import { demandTenant } from '../tenancy/tenant.ts';
import { reconcileRefunds } from './reconcile-refunds.ts';
import { refundRoutes } from './routes.ts';

export const refundsFeature: Feature = {
  key: 'refunds',
  staff: refundRoutes,
  jobs: (outside) => ({
    'reconcile-refunds': async ({ tenantId = '' }) => void (await reconcileRefunds(outside, await demandTenant(tenantId))),
    'reconcile-refunds-everywhere': () => enqueueForEachTenant('reconcile-refunds'),
  }),
  clock: [{ job: 'reconcile-refunds-everywhere', cron: '*/5 * * * *' }],
};
