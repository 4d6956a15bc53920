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

type Examine = (opened: Opened) => Promise<string[]>;

/** Opens the looks of one place, some at once, each person signed in once, and gathers what `examine` finds under their names. */
export async function walkPages(place: Place, which: readonly Look[], examine: Examine, options: BrowserContextOptions = {}): Promise<Record<string, string[]>> {
  const found: Record<string, string[]> = {};
  const waiting = [...which];
  const keys = new Map<Band, Promise<BrowserContextOptions>>();
  const keyTo = (band: Band) => keys.get(band) ?? keys.set(band, signIn(place, band)).get(band);
  const walk = async () => {
    const tabs = new Map<Band, Tab>();
    for (let look = waiting.shift(); look; look = waiting.shift()) {
      const tab = tabs.get(look.band) ?? (await openTab(place, { ...options, ...(await keyTo(look.band)) }));
      tabs.set(look.band, tab);
      const faults = await lookAt(place, look, tab, examine);
      if (faults.some((fault) => fault.startsWith(unseen))) await tab.close().finally(() => tabs.delete(look.band));
      if (faults.length) found[`${place.pack} ${look.name}`] = faults;
    }
    for (const tab of tabs.values()) await tab.close();
  };
  await Promise.all([walk(), walk(), walk()]);
  return found;
}

/** In it page after page is opened: a new tab for each would cost more than most pages do. */
async function openTab(place: Place, options: BrowserContextOptions): Promise<Tab> {
  const tab = await browse(place.world.slug, { reducedMotion: 'reduce', ...options });
  const { page, problems } = tab;
  page.on('request', (request) => {
    const { hostname, protocol } = new URL(request.url());
    if (protocol !== 'data:' && hostname !== `${place.world.slug}.localhost`) problems.push(`asks ${hostname}`);
  });
  page.on('response', (response) => {
    if (response.status() >= 400 && response.request().resourceType() !== 'document') problems.push(`${response.url()} answers ${response.status()}`);
  });
  return tab;
}

const unseen = 'cannot be looked at: ';

async function lookAt(place: Place, look: Look, { context, page, problems }: Tab, examine: Examine): Promise<string[]> {
  try {
    // Half a sign-in, or a carried token, belongs to one page alone.
    if (look.band === 'public') await context.clearCookies();
    await page.emulateMedia({ media: 'screen', colorScheme: 'light' });
    problems.length = 0;
    const wrong = await arrive(page, place, look);
    return wrong ? [wrong] : await examine({ page, place, look, problems });
  } catch (error) {
    return [unseen + (error as Error).message];
  }
}

async function arrive(page: Page, place: Place, { name, entry }: Look): Promise<string> {
  const { at, open, status = 200 } = entry;
  if (open) return open(page, place).then(() => '');
  const address = typeof at === 'function' ? await at(place) : (at ?? name);
  // The page before this one may have led on by itself at this very moment: one that waits for a file does.
  const answer = await page.goto(address).catch((error: Error) => (error.message.includes('ERR_ABORTED') ? page.goto(address) : Promise.reject(error)));
  const wanted = (name.split(' ')[0] ?? '').replace(/:\w+/g, '[^/]+');
  if (answer?.status() !== status) return `${address} answers ${answer?.status()}`;
  return new RegExp(`^${wanted}$`).test(new URL(page.url()).pathname) || status !== 200 ? '' : `${address} leads to ${new URL(page.url()).pathname}`;
}

/** What opens a band to a new tab: the cookies of who has signed in once. */
async function signIn(place: Place, band: Band): Promise<BrowserContextOptions> {
  if (band === 'public') return {};
  const tab = await browse(place.world.slug, { reducedMotion: 'reduce' });
  await pass(tab.page, band === 'staff' ? '/staff/login' : '/login', band === 'staff' ? owner : customer);
  const storageState = await tab.context.storageState();
  await tab.close();
  return { storageState };
}

export async function pass(page: Page, door: '/login' | '/staff/login', login: string): Promise<void> {
  await page.goto(door);
  await page.fill('[name=login]', login);
  await page.fill('[name=password]', demoPassword);
  await page.press('[name=password]', 'Enter');
  await page.waitForURL(door === '/login' ? '**/' : '**/staff');
}
