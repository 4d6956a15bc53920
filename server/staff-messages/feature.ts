import { fileJob } from '../exports/make-file.ts';
import type { Feature } from '../tenancy/feature.ts';
import { makeMailCsv } from './mail-csv.ts';
import { mailRoutes } from './routes.ts';

export const staffMessagesFeature: Feature = {
  key: 'staff-messages',
  staff: mailRoutes,
  accountTab: { path: '/messages', label: (t) => t('staff-messages.title'), area: 'accounts' },
  accountParts: [{ place: 'misc', view: 'staff-messages/sent-emails', read: async () => ({}) }],
  contactParts: [{ place: 'portal', view: 'staff-messages/contact-link', read: async () => ({}) }],
  jobs: (outside) => ({ 'export-messages-csv': fileJob(outside, makeMailCsv) }),
};
