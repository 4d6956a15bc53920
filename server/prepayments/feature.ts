import type { Feature } from '../tenancy/feature.ts';
import { applicationRoutes, prepaymentRoutes } from './routes.ts';

export const prepaymentsFeature: Feature = {
  key: 'prepayments',
  money: 'pay',
  isOn: (site) => site.takesPrepayments,
  customer: prepaymentRoutes,
};

/** Money may wait everywhere: of an invoice that was voided meanwhile, or brought as cash. */
export const applicationsFeature: Feature = {
  key: 'prepayment-applications',
  staff: applicationRoutes,
};
