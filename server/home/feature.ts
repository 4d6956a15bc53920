import { read } from '../platform/database.ts';
import { page, type Reply } from '../platform/replies.ts';
import { get } from '../platform/routes.ts';
import { isOffered, type Feature } from '../tenancy/feature.ts';
import type { CustomerRequest } from '../tenancy/people.ts';

export const homeFeature: Feature = {
  key: 'home',
  tab: { path: '/', icon: 'house', label: (t) => t('home.title'), always: true },
  customer: [get('/', showHome)],
};

/** The panels of all features that are on, read by one named statement. */
async function showHome(req: CustomerRequest): Promise<Reply> {
  const { site } = req.tenant;
  const on = req.features.flatMap((feature) => (feature.panel && isOffered(feature, site) ? [{ key: feature.key, ...feature.panel }] : []));
  const fields = on.map(({ key, sql }) => `'${key}', (${sql})`).join(', ');
  const [row] = await read<{ panels: Record<string, unknown> }>(`home:${on.map(({ key }) => key).join()}`, `select jsonb_build_object(${fields}) as panels`, [req.account.id, site.today()]);
  const panels = on.map(({ key, view }) => ({ key, view, data: row?.panels[key] }));
  return page('home/home', { title: req.t('home.title'), panels });
}
