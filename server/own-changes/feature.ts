import type { Feature } from '../tenancy/feature.ts';
import { notMeRoutes } from './not-me.ts';

export const ownChangesFeature: Feature = { key: 'own-changes', public: notMeRoutes };
