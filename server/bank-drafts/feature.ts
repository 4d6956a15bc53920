import type { Feature } from '../tenancy/feature.ts';
import { draftRoutes } from './routes.ts';
import { staffDraftRoutes } from './staff.ts';

export const bankDraftsFeature: Feature = {
  key: 'bank-drafts',
  money: 'pay',
  isOn: (site) => site.keepsBankDrafts,
  customer: draftRoutes,
  staff: staffDraftRoutes,
};
