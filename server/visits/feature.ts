import type { Feature } from '../tenancy/feature.ts';
import { visitRoutes } from './routes.ts';

/** S4-11, S2-22: the Services tab, and on the home page what comes next. */
export const visitsFeature: Feature = {
  key: 'services',
  tab: { path: '/services', icon: 'tools', label: (t) => t('visits.title') },
  exists: 'exists (select from app.visits where account_id = $1)',
  panel: {
    stage: 'next',
    label: (t) => t('visits.title'),
    view: 'visits/panel',
    sql: `select json_build_object(
      'next', (select coalesce(json_agg(next order by "startsAt"), '[]') from (
        select v.number, v.title, v.starts_at as "startsAt", v.ends_at as "endsAt", (select r.name from app.resources r where (r.tenant_id, r.id) = (v.tenant_id, v.resource_id)) as resource
          from app.visits v where v.account_id = $1 and v.status = 'scheduled' order by v.starts_at, v.id limit 4) next),
      'waiting', (select count(*)::int from app.visits where account_id = $1 and status = 'waiting'))`,
  },
  customer: visitRoutes,
};
