import type { Feature } from '../tenancy/feature.ts';
import { enqueueForEachTenant } from '../tenancy/each-tenant.ts';
import { makeExport } from './make-export.ts';
import { removeExpired } from './remove-expired.ts';
import { usageRoutes } from './routes.ts';

export const usagesFeature: Feature = {
  key: 'usages',
  tab: { path: '/usages', icon: 'bar-chart-line', label: (t) => t('usages.title') },
  exists: 'exists (select from app.usages where account_id = $1)',
  customer: usageRoutes,
  jobs: (outside) => ({
    'export-usages': (payload) => makeExport(outside, payload),
    'remove-expired-exports': (payload) => removeExpired(outside, payload),
    'remove-expired-exports-everywhere': () => enqueueForEachTenant('remove-expired-exports'),
  }),
  clock: [{ job: 'remove-expired-exports-everywhere', cron: '23 * * * *' }],
};
