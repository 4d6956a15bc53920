import type { Feature } from '../tenancy/feature.ts';
import { signInHelpRoutes } from './routes.ts';

export const signInHelpFeature: Feature = { key: 'sign-in-help', staff: signInHelpRoutes };
