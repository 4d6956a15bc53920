import { enqueueForEachTenant } from '../tenancy/each-tenant.ts';
import type { Feature } from '../tenancy/feature.ts';
import { suspendOverdue } from './suspend-overdue.ts';

export const suspensionFeature: Feature = {
  key: 'suspension',
  jobs: (outside) => ({
    'suspend-overdue': async ({ tenantId = '' }) => void (await suspendOverdue(outside, tenantId)),
    'suspend-overdue-everywhere': () => enqueueForEachTenant('suspend-overdue'),
  }),
  // Every hour, because a day ends at another hour in every zone: each organization's accounts are looked at in its own night.
  clock: [{ job: 'suspend-overdue-everywhere', cron: '35 * * * *' }],
};
