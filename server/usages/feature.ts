import type { Feature } from '../tenancy/feature.ts';
import { makeExport } from '../usage-exports/make-export.ts';
import { usageRoutes } from './routes.ts';

export const usagesFeature: Feature = {
  key: 'usages',
  money: 'see',
  tab: { path: '/usages', icon: 'bar-chart-line', label: (t) => t('usages.title') },
  exists: 'exists (select from app.usages where account_id = $1)',
  customer: usageRoutes,
  jobs: (outside) => ({
    'export-usages': (payload) => makeExport(outside, payload),
  }),
};
