import type { Feature } from '../tenancy/feature.ts';
import { staffContactRoutes } from './staff.ts';

export const contactsFeature: Feature = { key: 'contacts', staff: staffContactRoutes };
