import { page } from '../platform/replies.ts';
import { get } from '../platform/routes.ts';
import type { Feature } from '../tenancy/feature.ts';
import { changePasswordRoutes } from './change-password.ts';

export const passwordsFeature: Feature = {
  key: 'passwords',
  isPersonal: true,
  public: [get('/password/ready', (req) => page('passwords/ready', { title: req.t('passwords.ready-title') }))],
  customer: changePasswordRoutes('customer'),
  staff: changePasswordRoutes('staff'),
};
