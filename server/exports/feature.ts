import { enqueueForEachTenant } from '../tenancy/each-tenant.ts';
import type { Feature } from '../tenancy/feature.ts';
import { removeExpired } from './remove-expired.ts';
import { exportRoutes, staffExportRoutes } from './routes.ts';

/** Who makes a file gives its job; here is what all of them share. */
export const exportsFeature: Feature = {
  key: 'exports',
  money: 'see',
  customer: exportRoutes,
  staff: staffExportRoutes,
  jobs: (outside) => ({
    'remove-expired-exports': (payload) => removeExpired(outside, payload),
    'remove-expired-exports-everywhere': () => enqueueForEachTenant('remove-expired-exports'),
  }),
  clock: [{ job: 'remove-expired-exports-everywhere', cron: '23 * * * *' }],
};
