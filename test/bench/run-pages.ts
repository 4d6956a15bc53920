import { waysToSend } from './delivery.ts';
import type { Places } from './places.ts';
import { measure, warm, type Ask, type Slice } from './load.ts';
import { pages, type Measured } from './pages.ts';
import { serveVariant, type Served } from './processes.ts';
import { ask, writeKits } from './sample.ts';
import { headersOf, makeSessions, type People } from './sessions.ts';
import type { Size } from './seed.ts';
import { idleMemory } from './startup.ts';
import { median } from './statistics.ts';
import { verify } from './verify.ts';

export const variantNames = ['floor', 'statement', 'idiomatic', 'product', 'unwalled'] as const;
export type VariantName = (typeof variantNames)[number];

export interface PageResult {
  readonly page: string;
  readonly bytes: number;
  /** One list for each variant that has the page, a slice for each rotation. */
  readonly slices: Readonly<Partial<Record<VariantName, readonly Slice[]>>>;
}

export interface PagesRun {
  readonly results: readonly PageResult[];
  readonly idleMb: number;
  /** Ways to send the home page: what it is, us of a processor, kB. */
  readonly ways: readonly (readonly string[])[];
}

interface Effort {
  readonly warmUp: number;
  readonly rotations: number;
  readonly seconds: number;
}

/** All variants are up together and take turns, in an order that is reversed every second time. */
export async function runPages(places: Places, size: Size, effort: Effort, say: (line: string) => void): Promise<PagesRun> {
  const people = await makeSessions(places, size);
  const idleMb = await idleMemory(places);
  const product = await serveVariant('product', places, places.webUrl);
  const served = new Map<VariantName, Served>([['product', product]]);
  try {
    await writeKits(product, places, people.customers);
    served.set('unwalled', await serveVariant('product', places, places.unwalledUrl));
    served.set('statement', await serveVariant('statement', places, places.unwalledUrl));
    served.set('idiomatic', await serveVariant('idiomatic', places, places.unwalledUrl));
    await verify(served, people, places);
    say(`All of them show the database's own figures (${[...served.keys()].join(', ')}); a foreign cookie signs nobody in.`);
    served.set('floor', await serveVariant('floor', places, places.webUrl));
    const results: PageResult[] = [];
    for (const page of pages) results.push(await runPage(page, served, people, places, effort, say));
    return { results, idleMb, ways: await waysToSend(product, pages.slice(0, 1).flatMap((home) => asksOf(home, people))) };
  } finally {
    for (const one of served.values()) await one.stop();
  }
}

async function runPage(page: Measured, served: ReadonlyMap<VariantName, Served>, people: People, places: Places, effort: Effort, say: (line: string) => void): Promise<PageResult> {
  const asks = asksOf(page, people);
  // Staff's lists have no condition of their own on the organization: without the wall they would look through those of all others.
  const names = variantNames.filter((name) => name === 'floor' || name === 'product' || (name === 'unwalled' ? page.who !== 'owner' : page.yardstick));
  const bytes = await fillFloor(served, asks);
  // Beyond the first plans of each statement on each connection; (c) has none that are kept, and is slow.
  for (const name of names) await warm(take(served, name), name === 'floor' ? floorAsks(asks) : asks, name === 'idiomatic' ? effort.warmUp / 4 : effort.warmUp);
  const slices: Partial<Record<VariantName, Slice[]>> = {};
  for (let turn = 0; turn < effort.rotations; turn += 1) {
    for (const name of turn % 2 ? names.toReversed() : names) {
      (slices[name] ??= []).push(await measure(take(served, name), name === 'floor' ? floorAsks(asks) : asks, effort.seconds, places));
    }
  }
  say(`${page.name} (${(bytes / 1000).toFixed(1)} kB): ${names.map((name) => `${name} ${summaryOf(slices[name] ?? [])}`).join(', ')}`);
  return { page: page.name, bytes, slices };
}

function summaryOf(slices: readonly Slice[]): string {
  const of = (name: 'perSecond' | 'appUs' | 'databaseUs') => Math.round(median(slices.map((slice) => slice[name])));
  return `${of('perSecond')}/s (app ${of('appUs')} us, database ${of('databaseUs')} us)`;
}

function asksOf(page: Measured, { customers, owners, returning }: People): Ask[] {
  const who = { customer: customers, owner: owners, returning, nobody: customers }[page.who];
  return who.map((session) => ({ path: page.path(session), headers: page.who === 'nobody' ? headersOf(session.slug) : session.headers }));
}

/** The same bytes from memory: what the product answers to the first asker. */
async function fillFloor(served: ReadonlyMap<VariantName, Served>, asks: readonly Ask[]): Promise<number> {
  const first = asks[0];
  if (!first) throw new Error('nobody asks');
  const { html, status } = await ask(take(served, 'product'), first.path, first.headers);
  if (status !== 200) throw new Error(`${first.path} answered ${status}`);
  await fetch(`${take(served, 'floor').url}/page`, { method: 'PUT', body: html });
  return Buffer.byteLength(html);
}

const floorAsks = (asks: readonly Ask[]): Ask[] => asks.map(({ headers }) => ({ path: '/page', headers }));

function take(served: ReadonlyMap<VariantName, Served>, name: VariantName): Served {
  const one = served.get(name);
  if (!one) throw new Error(`${name} does not run`);
  return one;
}
