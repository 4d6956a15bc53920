import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { features } from '../../server/features.ts';
import type { Route } from '../../server/platform/routes.ts';
import { isOffered, type Feature } from '../../server/tenancy/feature.ts';
import { makeNeighbour, foreignAddress, ownerless } from './foreign.ts';
import { findTenant } from '../../server/tenancy/tenant.ts';
import { makeStaff, makeWorld, password, signedInFamily, sql } from '../support/world.ts';
import { visit, type Visitor } from '../support/visitor.ts';

type Band = 'public' | 'customer' | 'staff';
interface Entry {
  readonly feature: Feature;
  readonly band: Band;
  readonly route: Route<never>;
}

const bands = ['public', 'customer', 'staff'] as const;
const routes: Entry[] = features.flatMap((feature) => bands.flatMap((band) => ((feature[band] ?? []) as readonly Route<never>[]).map((route) => ({ feature, band, route }))));
const inBand = (...wanted: Band[]) => routes.filter(({ band }) => wanted.includes(band));
const nowhere = (path: string) => path.replace(/:\w+/g, '00000000-0000-4000-8000-000000000000');
const named = ({ route }: Entry) => `${route.method.toUpperCase()} ${route.path}`;
const send = (visitor: Visitor, { route }: Entry, path = nowhere(route.path)) => (route.method === 'get' ? visitor.get(path) : visitor.post(path));

/** Every tab there is: what a pack leaves out would be a 404 for everybody. */
const everyTab = { tabs: features.flatMap(({ key, tab }) => (tab ? [{ key, enabled: 'on' as const }] : [])) };

const awkward = ['\u0000', '\ud800', '‮abc', '🦉', '__proto__', '<%= 7*7 %>', "'; drop table x; --", '1e3', '0x10', '１２', 'NaN', '-0', ' 5', '5,00', '9'.repeat(400), '%00', '../../x', 'x'.repeat(5000)];

describe('every route', () => {
  it('A15 signed out leads to the door, and to no other', async () => {
    const visitor = await visit((await makeWorld('studio')).slug);
    for (const entry of inBand('customer', 'staff')) {
      const answer = await send(visitor, entry);
      const door = entry.band === 'staff' ? '/staff/login' : '/login';
      if (answer.status === 404) assert.ok(entry.feature.isOn ?? entry.feature.tab, named(entry));
      else assert.deepEqual([answer.status, answer.headers['location']?.split('?')[0]], [303, door], named(entry));
    }
  });

  it('A16 of the staff is closed to a signed-in customer', async () => {
    const { visitor } = await signedInFamily('studio');
    for (const entry of inBand('staff')) assert.match((await send(visitor, entry)).headers['location'] ?? '', /^\/staff\/login/, named(entry));
  });

  it('A16 of the staff that names an area is closed to whoever may not enter it', async () => {
    const world = await makeWorld('studio');
    await makeStaff(world, 'front_desk');
    const none = Object.fromEntries(inBand('staff').map(({ route }) => [route.area ?? '', false]));
    await sql(world, 'update app.staff_users set permissions = $1', [JSON.stringify(none)]);
    const visitor = await visit(world.slug);
    await visitor.signIn('front_desk@example.test', password, '/staff/login');
    for (const entry of inBand('staff').filter(({ route }) => route.area)) assert.equal((await send(visitor, entry)).status, 403, named(entry));
  });

  it('A24 that changes something refuses a form without its token, and one from another site', async () => {
    const { visitor, world } = await signedInFamily('studio', everyTab);
    await makeStaff(world);
    const staff = await visit(world.slug);
    await staff.signIn('owner@example.test', password, '/staff/login');
    const site = (await findTenant(world.slug))?.site;
    assert.ok(site);
    for (const entry of routes.filter(({ route }) => route.method === 'post')) {
      const who = entry.band === 'staff' ? staff : visitor;
      const path = nowhere(entry.route.path);
      const cross = await who.send('post', path).set('Sec-Fetch-Site', 'cross-site').type('form').send({});
      assert.equal(cross.status, 403, `${named(entry)} from another site`);
      const isOff: boolean = entry.band === 'customer' && !isOffered(entry.feature, site);
      if (entry.band !== 'public') assert.equal((await who.send('post', path).type('form').send({})).status, isOff ? 404 : 403, `${named(entry)} without a token`);
    }
  });

  it('A18 that names a thing finds nothing of a neighbour’s', async () => {
    const { world, visitor } = await signedInFamily('lawncare', everyTab);
    const neighbour = await makeNeighbour(world);
    for (const entry of inBand('customer').filter(({ route }) => route.path.includes(':'))) {
      if (ownerless[entry.route.path]) continue;
      const address = foreignAddress[entry.route.path];
      assert.ok(address, `${named(entry)} needs an entry in test/routes/foreign.ts`);
      assert.equal((await send(visitor, entry, address(neighbour))).status, 404, named(entry));
    }
  });

  it('A18 finds nothing of another organization’s, as customer and as staff', async () => {
    const [{ visitor, world }, other] = [await signedInFamily('lawncare', everyTab), await makeWorld('lawncare', everyTab)];
    const stranger = await makeNeighbour(other);
    await makeStaff(world);
    for (const entry of inBand('customer').filter(({ route }) => route.path.includes(':') && !ownerless[route.path])) {
      assert.equal((await send(visitor, entry, foreignAddress[entry.route.path]?.(stranger))).status, 404, named(entry));
    }
  });

  it('S1-2 of a feature that is off answers 404', async () => {
    const { world, visitor } = await signedInFamily('billing', { tabs: [], 'payments.gateway': 'none' });
    const tenant = await findTenant(world.slug);
    assert.ok(tenant);
    const off = inBand('customer').filter(({ feature }) => !isOffered(feature, tenant.site));
    assert.ok(off.length > 5);
    for (const entry of off) assert.equal((await send(visitor, entry)).status, 404, named(entry));
  });

  it('A32 survives every awkward text in its address, its query and its form: never a 5xx', async () => {
    const { visitor, world } = await signedInFamily('lawncare', everyTab);
    await makeStaff(world);
    const staff = await visit(world.slug);
    await staff.signIn('owner@example.test', password, '/staff/login');
    for (const entry of routes.filter(({ route }) => !/logout|password|login|sign-up|invitation/.test(route.path))) {
      const who = entry.band === 'staff' ? staff : visitor;
      for (const text of entry.route.path.includes(':') ? awkward : []) await survives(who, entry, text, 0);
      for (const shift of [0, 6, 12]) await survives(who, entry, 'x', shift);
    }
  }).timeout(240_000);

  it('A32 refuses lists where one value is wanted: never a 5xx', async () => {
    const { visitor } = await signedInFamily('lawncare');
    for (const entry of inBand('customer').filter(({ route }) => !/logout/.test(route.path))) {
      const path = nowhere(entry.route.path);
      const twice = ['number', 'from', 'status', 'after', 'invoice', 'method', 'account', 'requestKey', 'shown'].flatMap((name) => [`${name}=a`, `${name}=b`]).join('&');
      const answer = entry.route.method === 'get' ? await visitor.get(`${path}?${twice}`) : await visitor.post(`${path}?${twice}`, { number: ['a', 'b'], account: ['a'], method: ['a', 'b'], requestKey: ['a', 'b'] });
      assert.ok(answer.status < 500, `${named(entry)}: ${answer.status}`);
    }
  });
});

async function survives(who: Visitor, entry: Entry, text: string, shift: number): Promise<void> {
  const path = entry.route.path.replace(/:\w+/g, encodeURIComponent(text.toWellFormed()).slice(0, 2000));
  const given = fields(shift);
  const query = given.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&').slice(0, 6000);
  const answer = entry.route.method === 'get' ? await who.get(`${path}?${query}`) : await who.post(path, Object.fromEntries(given));
  assert.ok(answer.status < 500, `${named(entry)} with ${JSON.stringify(text.slice(0, 20))} and fields from ${shift}: ${answer.status}`);
}

/** Every field that the forms and filters know, each with another awkward text; the shift deals them anew. */
function fields(shift: number): [string, string][] {
  const names = ['number', 'from', 'to', 'least', 'most', 'status', 'after', 'next', 'invoice', 'method', 'account', 'login', 'requestKey', 'shown', 'scope', 'session', 'q', 'name', 'email', 'amount', 'kind', 'reason', 'seen', 'noun', 'phone'];
  return names.map((name, at) => [name, (awkward[(at + shift) % awkward.length] ?? '').toWellFormed().slice(0, 600)]);
}
