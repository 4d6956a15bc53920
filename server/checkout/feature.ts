import type { Feature } from '../tenancy/feature.ts';
import { checkoutRoutes } from './routes.ts';

export const checkoutFeature: Feature = {
  key: 'checkout',
  isOn: (site) => site.gateway !== 'none',
  customer: checkoutRoutes,
};
