import { invoicesFeature } from '../invoices/feature.ts';
import { openInvoices } from '../invoices/invoice.ts';
import { read } from '../platform/database.ts';
import { keptFor } from '../platform/kept.ts';
import { page, type Reply } from '../platform/replies.ts';
import { get } from '../platform/routes.ts';
import type { Site } from '../site/site.ts';
import { isOffered, type ByAutopay, type Feature } from '../tenancy/feature.ts';
import type { CustomerRequest } from '../tenancy/people.ts';
import { headerSql, type HeaderFigures } from './header.ts';
import { lateInvoices, listTasks } from './tasks.ts';

export const homeFeature: Feature = {
  key: 'home',
  tab: { path: '/', icon: 'house', label: (t) => t('home.title'), always: true },
  panel: { stage: 'do', label: (t) => t('home.tasks'), sql: 'null::json', view: 'home/tasks' },
  tasks: lateInvoices,
  customer: [get('/', showHome)],
};

/** The header, and the panels and tasks of all features that are on, read by one named statement. */
async function showHome(req: CustomerRequest): Promise<Reply> {
  const { site } = req.tenant;
  const { shown, asking, statement, showsInvoices } = homeOf(site, req.features);
  const { name, text } = statement[req.account.isOnAutopay ? 'on' : 'off'];
  const retryDays = site.hasAutopay ? site.autopayRetryDays : null;
  const [row] = await read<Home>(name, text, [req.account.id, site.today(), site.zone, site.gateway, retryDays, req.account.contactId]);
  const tasks = listTasks(asking, row?.tasks ?? {}, req);
  const panels = shown.map(({ key, panel }) => ({ view: panel.view, data: key === 'home' ? tasks : row?.panels[key] }));
  return page('home/home', { title: req.t('home.title'), header: req.account.maySeeMoney ? row?.header : undefined, panels, showsInvoices });
}

/** What one organization's home page is made of. */
const homeOf = keptFor((site: Site, features: readonly Feature[]) => {
  const offered = features.filter((feature) => isOffered(feature, site));
  const shown = site.homePanels(panelsOf(offered));
  const asking = offered.filter((feature) => feature.tasks);
  const statement = { on: statementFor(shown, asking, 'on'), off: statementFor(shown, asking, 'off') };
  return { shown, asking, statement, showsInvoices: isOffered(invoicesFeature, site) };
});

const stages = ['do', 'next', 'new'] as const;
type PanelFeature = Feature & Required<Pick<Feature, 'panel'>>;

/** What needs doing, what comes next, what is new: so they stand until the organization orders them. */
function panelsOf(features: readonly Feature[]): PanelFeature[] {
  const found = features.flatMap((feature) => (feature.panel ? [{ ...feature, panel: feature.panel }] : []));
  return found.toSorted((one, other) => stages.indexOf(one.panel.stage) - stages.indexOf(other.panel.stage));
}

interface Home extends Record<string, unknown> {
  readonly header: HeaderFigures;
  readonly panels: Readonly<Record<string, unknown>>;
  readonly tasks: Readonly<Record<string, unknown>>;
}

const statements = new Map<string, { readonly name: string; readonly text: string }>();

/** One text for each set of features, whatever their order: organizations differ in few ways. */
function statementFor(shown: readonly PanelFeature[], asking: readonly Feature[], autopay: keyof ByAutopay): { readonly name: string; readonly text: string } {
  const key = [shown, asking].map((features) => features.map((feature) => feature.key).toSorted().join()).join(' ') + ` autopay ${autopay}`;
  let found = statements.get(key);
  if (!found) statements.set(key, (found = { name: `home:${statements.size}`, text: homeSql(shown, asking, autopay) }));
  return found;
}

/** What `$1` to `$6` are is said first, so that no feature has to use all of them; then what several features ask of: what is open, and the account where it is on autopay. */
function homeSql(shown: readonly PanelFeature[], asking: readonly Feature[], autopay: keyof ByAutopay): string {
  const said = (sql: string | ByAutopay) => (typeof sql === 'string' ? sql : sql[autopay]);
  const panels = shown.map(({ key, panel }) => `'${key}', ${said(panel.sql)}`).join(', ');
  const tasks = asking.map(({ key, tasks: task }) => `'${key}', ${said(task?.sql ?? '')}`).join(', ');
  return `with given as (select $1::uuid, $2::date, $3::text, $4::text, $5::int[], $6::uuid),
    ${autopay === 'on' ? 'account as (select * from app.accounts where id = $1),' : ''} ${openInvoices}
    select ${headerSql} as header, json_build_object(${panels}) as panels, json_build_object(${tasks}) as tasks`;
}
