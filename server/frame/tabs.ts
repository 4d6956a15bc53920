import type { Request } from 'express';
import { keptFor } from '../platform/kept.ts';
import { read } from '../platform/database.ts';
import type { Translate } from '../platform/text.ts';
import type { Site } from '../site/site.ts';
import { isOffered, type Feature } from '../tenancy/feature.ts';

export interface Tab {
  readonly key: string;
  readonly path: string;
  readonly icon: string;
  readonly label: string;
  readonly current: boolean;
}

/** The tabs of one page, in the organization's order; those it has not listed but cannot do without come last. */
export function tabsFor(features: readonly Feature[], site: Site, path: string, existing: ReadonlySet<string>, t: Translate): Tab[] {
  const shown = offeredTabs(site, features).filter(({ key, setting }) => setting?.enabled !== 'auto' || existing.has(key));
  return shown.map(({ key, tab, setting }) => ({
    key,
    path: tab.path,
    icon: tab.icon,
    label: setting?.label ?? tab.label(t),
    current: tab.path === '/' ? path === '/' : path === tab.path || path.startsWith(`${tab.path}/`),
  }));
}

/** Whether any tab is set to 'auto'. */
export function asksForTabs(req: Request): boolean {
  return askedTabs(req.tenant.site, req.features).auto > 0;
}

/** Which of the tabs set to 'auto' have something to show, by one statement for all of them. */
export async function existingTabs(req: Request, accountId: string): Promise<Set<string>> {
  const { name, text } = askedTabs(req.tenant.site, req.features);
  const [row] = await read<{ found: Record<string, boolean> }>(name, text, [accountId]);
  return new Set(Object.entries(row?.found ?? {}).flatMap(([key, exists]) => (exists ? [key] : [])));
}

const offeredTabs = keptFor((site: Site, features: readonly Feature[]) => {
  const place = new Map(site.tabs.map((tab, index) => [tab.key, index]));
  return features
    .flatMap((feature) => (feature.tab && isOffered(feature, site) ? [{ key: feature.key, tab: feature.tab, setting: site.tabs.find((tab) => tab.key === feature.key) }] : []))
    .toSorted((a, b) => (place.get(a.key) ?? 99) - (place.get(b.key) ?? 99));
});

const askedTabs = keptFor((site: Site, features: readonly Feature[]) => {
  const auto = features.filter((feature) => feature.exists && site.tabs.some((tab) => tab.key === feature.key && tab.enabled === 'auto'));
  const fields = auto.map((feature) => `'${feature.key}', (${feature.exists ?? 'false'})`).join(', ');
  return { auto: auto.length, name: `tabs:${auto.map((feature) => feature.key).join()}`, text: `select jsonb_build_object(${fields}) as found` };
});
