import type { Feature } from '../tenancy/feature.ts';
import { staffCreditRoutes } from './routes.ts';

export const staffCreditsFeature: Feature = { key: 'staff-credits', staff: staffCreditRoutes };
