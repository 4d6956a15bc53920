import { showSignIn } from '../sign-in/routes.ts';
import { showStaffSignIn } from '../sign-in/staff.ts';
import type { Feature } from '../tenancy/feature.ts';
import { passkeyDoorRoutes } from './door.ts';
import { passkeyRoutes } from './manage.ts';

export const passkeysFeature: Feature = {
  key: 'passkeys',
  isPersonal: true,
  public: [...passkeyDoorRoutes('/login', showSignIn), ...passkeyDoorRoutes('/staff/login', showStaffSignIn)],
  customer: passkeyRoutes('customer'),
  staff: passkeyRoutes('staff'),
};
