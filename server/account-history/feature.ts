import type { Feature } from '../tenancy/feature.ts';
import { historyRoutes } from './routes.ts';

export const accountHistoryFeature: Feature = { key: 'account-history', customer: historyRoutes };
