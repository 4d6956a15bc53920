import type { Feature } from '../tenancy/feature.ts';
import { signOutRoutes } from './routes.ts';
import { staffHelpRoutes } from './staff-help.ts';

export const signInsFeature: Feature = {
  key: 'sign-ins',
  customer: signOutRoutes('customer'),
  staff: [...signOutRoutes('staff'), ...staffHelpRoutes],
};
