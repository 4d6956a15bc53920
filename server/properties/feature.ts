import type { Feature } from '../tenancy/feature.ts';
import { propertyRoutes } from './routes.ts';

/** Several accounts of one person: which one is looked at, and all of them side by side. */
export const propertiesFeature: Feature = {
  key: 'properties',
  isPersonal: true,
  customer: propertyRoutes,
};
