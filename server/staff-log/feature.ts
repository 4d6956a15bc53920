import { fileJob } from '../exports/make-file.ts';
import type { Feature } from '../tenancy/feature.ts';
import { makeLogCsv } from './log-csv.ts';
import { logRoutes } from './routes.ts';

export const staffLogFeature: Feature = {
  key: 'staff-log',
  staff: logRoutes,
  accountTab: { path: '/portal-log', label: (t) => t('staff-log.tab'), area: 'accounts' },
  contactParts: [{ place: 'portal', view: 'staff-log/contact-link', read: async () => ({}) }],
  jobs: (outside) => ({ 'export-portal-log-csv': fileJob(outside, makeLogCsv) }),
};
