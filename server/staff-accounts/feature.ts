import { recordRoutes } from '../account-record/routes.ts';
import type { Feature } from '../tenancy/feature.ts';
import { editRoutes } from './edit.ts';
import { listRoutes } from './list-page.ts';

export const staffAccountsFeature: Feature = {
  key: 'staff-accounts',
  staffLink: { path: '/staff/accounts', icon: 'people', label: (t) => t('staff-accounts.title'), area: 'accounts' },
  staff: [...listRoutes, ...editRoutes, ...recordRoutes],
};
