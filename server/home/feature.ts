import { invoicesFeature } from '../invoices/feature.ts';
import { read } from '../platform/database.ts';
import { page, type Reply } from '../platform/replies.ts';
import { get } from '../platform/routes.ts';
import { isOffered, type Feature } from '../tenancy/feature.ts';
import type { CustomerRequest } from '../tenancy/people.ts';
import { headerSql, type HeaderFigures } from './header.ts';

export const homeFeature: Feature = {
  key: 'home',
  tab: { path: '/', icon: 'house', label: (t) => t('home.title'), always: true },
  customer: [get('/', showHome)],
};

/** The header and the panels of all features that are on, read by one named statement. */
async function showHome(req: CustomerRequest): Promise<Reply> {
  const { site } = req.tenant;
  const on = site.homePanels(req.features.flatMap((feature) => (feature.panel && isOffered(feature, site) ? [{ key: feature.key, ...feature.panel }] : [])));
  const fields = on.map(({ key, sql }) => `'${key}', (${sql})`).join(', ');
  const [row] = await read<{ header: HeaderFigures; panels: Record<string, unknown> }>(
    `home:${on.map(({ key }) => key).join()}`,
    `select (${headerSql}) as header, jsonb_build_object(${fields}) as panels`,
    [req.account.id, site.today(), site.zone],
  );
  const panels = on.map(({ key, view }) => ({ key, view, data: row?.panels[key] }));
  return page('home/home', { title: req.t('home.title'), header: row?.header, panels, showsInvoices: isOffered(invoicesFeature, site) });
}
