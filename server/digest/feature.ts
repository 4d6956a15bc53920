import { enqueueForEachTenant } from '../tenancy/each-tenant.ts';
import type { Feature } from '../tenancy/feature.ts';
import { digestRoutes } from './routes.ts';
import { sendWeeklyDigest } from './send-weekly.ts';

export const digestFeature: Feature = {
  key: 'digest',
  staff: digestRoutes,
  staffLink: { path: '/staff/digest', icon: 'clipboard-check', label: (t) => t('digest.title'), area: 'home' },
  jobs: (outside) => ({
    'weekly-digest': (payload) => sendWeeklyDigest(outside, payload),
    'weekly-digest-everywhere': () => enqueueForEachTenant('weekly-digest'),
  }),
  clock: [{ job: 'weekly-digest-everywhere', cron: '2 * * * *' }],
};
