import type { Feature } from '../tenancy/feature.ts';
import { methodRoutes } from './routes.ts';

export const paymentMethodsFeature: Feature = {
  key: 'payment-methods',
  isOn: (site) => site.gateway !== 'none',
  customer: methodRoutes,
};
