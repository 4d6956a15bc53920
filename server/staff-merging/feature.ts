import type { Feature } from '../tenancy/feature.ts';
import { readLinked } from './links.ts';
import { mergingRoutes } from './routes.ts';

export const staffMergingFeature: Feature = {
  key: 'staff-merging',
  staff: mergingRoutes,
  accountParts: [{ place: 'misc', view: 'staff-merging/related', read: async (_req, record) => ({ linked: await readLinked(record.id) }) }],
};
