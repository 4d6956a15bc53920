import type { Feature } from '../tenancy/feature.ts';
import { applicationRoutes, prepaymentRoutes } from './routes.ts';

export const prepaymentsFeature: Feature = {
  key: 'prepayments',
  isOn: (site) => site.takesPrepayments,
  customer: prepaymentRoutes,
  staff: applicationRoutes,
};
