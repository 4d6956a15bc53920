import type { Feature } from '../tenancy/feature.ts';
import { contactRecordRoutes } from './routes.ts';

export const staffContactsFeature: Feature = { key: 'staff-contacts', staff: contactRecordRoutes };
