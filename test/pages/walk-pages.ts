import type { BrowserContextOptions, Page } from 'playwright-core';
import { features } from '../../server/features.ts';
import { isOffered, type Feature } from '../../server/tenancy/feature.ts';
import type { Route } from '../../server/platform/routes.ts';
import { browse, type Tab } from '../support/browser.ts';
import { catalogue, type Entry } from './catalogue.ts';
import { customer, demoPassword, owner, packs, type Pack, type Place } from './place.ts';

const bands = ['public', 'customer', 'staff'] as const;
export type Band = (typeof bands)[number];

/** One page to look at: a key of the catalogue with the route it belongs to. */
export interface Look {
  readonly name: string;
  readonly band: Band;
  readonly feature: Feature;
  readonly entry: Entry;
}

interface PageRoute {
  readonly path: string;
  readonly band: Band;
  readonly feature: Feature;
}

const routes: PageRoute[] = features.flatMap((feature) => bands.flatMap((band) => ((feature[band] ?? []) as readonly Route<never>[]).filter(({ method }) => method === 'get').map(({ path }) => ({ path, band, feature }))));
const routeOf = (name: string) => routes.find(({ path }) => path === name.split(' ')[0]);

export const routesWithoutEntry = routes.filter(({ path }) => !catalogue[path]).map(({ path }) => path);
export const entriesWithoutRoute = Object.keys(catalogue).filter((name) => !routeOf(name));

export const looks: readonly Look[] = Object.entries(catalogue).flatMap(([name, entry]) => {
  const route = routeOf(name);
  return route && !entry.not ? [{ name, entry, band: route.band, feature: route.feature }] : [];
});

export function isShownIn({ band, feature, entry }: Look, { site, pack }: Pick<Place, 'site' | 'pack'>): boolean {
  return (band === 'staff' || isOffered(feature, site)) && (entry.packs ?? packs).includes(pack);
}

/** Every look in one of the packs that show it; over all packs, each has its turn. */
export function dealt(places: readonly Place[], which = looks): Map<Pack, Look[]> {
  const hands = new Map<Pack, Look[]>(places.map(({ pack }) => [pack, []]));
  for (const [index, look] of which.entries()) {
    const shown = places.filter((place) => isShownIn(look, place));
    const place = shown[index % Math.max(shown.length, 1)];
    if (place) hands.get(place.pack)?.push(look);
  }
  return hands;
}

export interface Opened {
  readonly page: Page;
  readonly place: Place;
  readonly look: Look;
  /** What the browser has complained of so far. */
  readonly problems: readonly string[];
}

/** Opens the looks of one place, some at once, each person signed in once, and gathers what `examine` finds under their names. */
export async function walkPages(place: Place, which: readonly Look[], examine: (opened: Opened) => Promise<string[]>, options: BrowserContextOptions = {}): Promise<Record<string, string[]>> {
  const found: Record<string, string[]> = {};
  const tabs = new Map<Band, Promise<Tab>>();
  const tabOf = (band: Band) => {
    const tab = tabs.get(band) ?? enter(place, band, options);
    tabs.set(band, tab);
    return tab;
  };
  const waiting = [...which];
  const work = async () => {
    for (let look = waiting.shift(); look; look = waiting.shift()) {
      const faults = await lookAt(place, look, tabOf, examine, options);
      if (faults.length) found[`${place.pack} ${look.name}`] = faults;
    }
  };
  try {
    await Promise.all([work(), work(), work()]);
  } finally {
    for (const tab of tabs.values()) await (await tab).close();
  }
  return found;
}

async function lookAt(place: Place, look: Look, tabOf: (band: Band) => Promise<Tab>, examine: (opened: Opened) => Promise<string[]>, options: BrowserContextOptions): Promise<string[]> {
  // Half a sign-in, or a carried token, is nothing to share.
  const own = look.band === 'public' ? await enter(place, 'public', options) : undefined;
  const { context } = own ?? (await tabOf(look.band));
  const page = await context.newPage();
  const problems: string[] = [];
  page.on('console', (message) => message.type() === 'error' && !/status of (4\d\d|503)/.test(message.text()) && problems.push(message.text()));
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('request', (request) => {
    const { hostname, protocol } = new URL(request.url());
    if (protocol !== 'data:' && hostname !== `${place.world.slug}.localhost`) problems.push(`asks ${hostname}`);
  });
  try {
    const wrong = await arrive(page, place, look);
    return wrong ? [wrong] : await examine({ page, place, look, problems });
  } catch (error) {
    return [`cannot be looked at: ${(error as Error).message}`];
  } finally {
    await page.close();
    await own?.close();
  }
}

async function arrive(page: Page, place: Place, { name, entry }: Look): Promise<string> {
  const { at, open, status = 200 } = entry;
  if (open) return open(page, place).then(() => '');
  const address = typeof at === 'function' ? await at(place) : (at ?? name);
  const answer = await page.goto(address);
  const wanted = (name.split(' ')[0] ?? '').replace(/:\w+/g, '[^/]+');
  if (answer?.status() !== status) return `${address} answers ${answer?.status()}`;
  return new RegExp(`^${wanted}$`).test(new URL(page.url()).pathname) || status !== 200 ? '' : `${address} leads to ${new URL(page.url()).pathname}`;
}

async function enter(place: Place, band: Band, options: BrowserContextOptions): Promise<Tab> {
  const tab = await browse(place.world.slug, { reducedMotion: 'reduce', ...options });
  if (band === 'public') return tab;
  const { page } = tab;
  await page.goto(band === 'staff' ? '/staff/login' : '/login');
  await page.fill('[name=login]', band === 'staff' ? owner : customer);
  await page.fill('[name=password]', demoPassword);
  await page.press('[name=password]', 'Enter');
  await page.waitForURL(band === 'staff' ? '**/staff' : '**/');
  await page.close();
  return tab;
}
