import type { Feature } from '../tenancy/feature.ts';
import { signInRoutes, signOutRoutes } from './routes.ts';
import { staffSignInRoutes, staffSignOutRoutes } from './staff.ts';

export const signInFeature: Feature = {
  key: 'sign-in',
  isPersonal: true,
  public: [...signInRoutes, ...staffSignInRoutes],
  customer: signOutRoutes,
  staff: staffSignOutRoutes,
};
