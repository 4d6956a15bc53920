import type { Feature } from '../tenancy/feature.ts';
import { pendingRoutes } from './routes.ts';

export const pendingChangesFeature: Feature = { key: 'pending-changes', staff: pendingRoutes };
