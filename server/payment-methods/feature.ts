import type { Feature } from '../tenancy/feature.ts';
import { detachMethod } from './detach-method.ts';
import { endingCards } from './ending-cards.ts';
import { methodRoutes } from './routes.ts';

export const paymentMethodsFeature: Feature = {
  key: 'payment-methods',
  money: 'pay',
  isOn: (site) => site.gateway !== 'none',
  tasks: endingCards,
  customer: methodRoutes,
  jobs: (outside) => ({ 'detach-method': ({ tenantId = '', methodId = '' }) => detachMethod(outside, tenantId, methodId) }),
};
