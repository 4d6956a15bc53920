import type { Feature } from '../tenancy/feature.ts';
import { ownPasswordRoutes } from './own-password.ts';
import { staffResetRoutes } from './staff.ts';

export const temporaryPasswordsFeature: Feature = { key: 'temporary-passwords', public: ownPasswordRoutes, staff: staffResetRoutes };
