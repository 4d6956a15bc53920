import type { Feature } from '../tenancy/feature.ts';
import { secondStepRoutes } from './door.ts';
import { setUpFirst } from './rule.ts';
import { twoStepRoutes } from './set-up.ts';

export const twoStepFeature: Feature = {
  key: 'two-step',
  isPersonal: true,
  first: setUpFirst,
  public: [...secondStepRoutes('/login'), ...secondStepRoutes('/staff/login')],
  customer: twoStepRoutes('customer'),
  staff: twoStepRoutes('staff'),
};
