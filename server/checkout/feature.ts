import type { Feature } from '../tenancy/feature.ts';
import { checkoutRoutes } from './routes.ts';

export const checkoutFeature: Feature = {
  key: 'checkout',
  money: 'pay',
  isOn: (site) => site.gateway !== 'none',
  customer: checkoutRoutes,
};
