import type { Feature } from '../tenancy/feature.ts';
import { staffVisitRoutes } from '../staff-visits/routes.ts';
import { dispatchRoutes } from './routes.ts';

/** The staff's side of visits: the board, the list, each visit's record, and who goes there. */
export const dispatchFeature: Feature = {
  key: 'dispatch',
  staff: [...dispatchRoutes, ...staffVisitRoutes],
  staffLink: { path: '/staff/dispatch', icon: 'calendar-week', label: (t) => t('dispatch.title'), area: 'dispatch' },
};
