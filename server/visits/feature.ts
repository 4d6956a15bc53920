import { jsonRows } from '../platform/json-rows.ts';
import type { Feature } from '../tenancy/feature.ts';
import { visitRoutes } from './routes.ts';

const next = `select v.number, v.title, v.starts_at as "startsAt", v.ends_at as "endsAt",
          (select r.name from app.resources r where (r.tenant_id, r.id) = (v.tenant_id, v.resource_id)) as resource
     from ahead v where v.status = 'scheduled' order by v.starts_at, v.id limit 4`;

/** S4-11, S2-22: the Services tab, and on the home page what comes next. */
export const visitsFeature: Feature = {
  key: 'services',
  tab: { path: '/services', icon: 'tools', label: (t) => t('visits.title') },
  exists: 'exists (select from app.visits where account_id = $1)',
  panel: {
    stage: 'next',
    label: (t) => t('visits.title'),
    view: 'visits/panel',
    sql: `(with ahead as (select tenant_id, id, number, title, status, starts_at, ends_at, resource_id from app.visits where account_id = $1 and status in ('scheduled', 'waiting'))
      select json_build_object('next', ${jsonRows(next)}, 'waiting', (select count(*)::int from ahead where status = 'waiting')))`,
  },
  customer: visitRoutes,
};
