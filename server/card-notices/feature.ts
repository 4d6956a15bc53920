import { enqueueForEachTenant } from '../tenancy/each-tenant.ts';
import type { Feature } from '../tenancy/feature.ts';
import { sendCardNotices } from './send-notices.ts';

export const cardNoticesFeature: Feature = {
  key: 'card-notices',
  jobs: (outside) => ({
    'card-notices': async ({ tenantId = '' }) => void (await sendCardNotices(outside, tenantId)),
    'card-notices-everywhere': () => enqueueForEachTenant('card-notices'),
  }),
  clock: [{ job: 'card-notices-everywhere', cron: '10 15 * * *' }],
};
