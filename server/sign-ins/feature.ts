import type { Feature } from '../tenancy/feature.ts';
import { signOutRoutes } from './routes.ts';
import { securityRoutes } from './security-page.ts';

export const signInsFeature: Feature = {
  key: 'sign-ins',
  isPersonal: true,
  customer: [...securityRoutes('customer'), ...signOutRoutes('customer')],
  staff: [...securityRoutes('staff'), ...signOutRoutes('staff')],
};
