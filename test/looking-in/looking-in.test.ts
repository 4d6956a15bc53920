import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { features } from '../../server/features.ts';
import type { Route } from '../../server/platform/routes.ts';
import { edit, ownedWorld } from '../support/staff-visit.ts';
import { foreignAddress, makeNeighbour } from '../routes/foreign.ts';
import { visit, type Visitor } from '../support/visitor.ts';
import { makeAccount, makeContact, makeInvoice, makeLogin, password, sql, type World } from '../support/world.ts';

interface Family {
  readonly accountId: string;
  readonly number: string;
  readonly contactId: string;
}

async function makeFamily(world: World, name: string, login?: string): Promise<Family> {
  const accountId = await makeAccount(world, { name });
  const loginRef = login && (await makeLogin(world, login));
  const contactId = await makeContact(world, accountId, { login_ref: loginRef ?? null, email: login ?? `${name}@example.test` });
  const [row] = await sql<{ number: string }>(world, 'select number from app.accounts where id = $1', [accountId]);
  return { accountId, number: row?.number ?? '', contactId };
}

async function look(owner: Visitor, { number }: Family): Promise<void> {
  await owner.get('/staff/preview');
  const answer = await owner.post('/staff/preview', { account: number });
  assert.deepEqual([answer.status, answer.headers['location']], [303, '/']);
}

/** Everything an organization has, but for the looks themselves, the staff's own sign-in and the portal log's line about the start. */
async function everything(world: World): Promise<unknown> {
  const tables = await sql<{ name: string }>(world, `select relname::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = 'app' and relkind = 'r' and relname not in ('looks', 'sessions', 'limits', 'sign_ins') order by 1`);
  const sums = tables.map(({ name }) => `select '${name}' as name, md5(coalesce(string_agg(t::text, '' order by t::text), '')) as sum from app.${name} t`);
  return sql(world, sums.join(' union all '));
}

const routesOf = (band: 'public' | 'customer') => features.flatMap((feature) => (feature[band] ?? []) as readonly Route<never>[]).filter(({ path }) => !path.startsWith('/staff'));

describe('the preview of the portal', () => {
  it('S1-2 shows the real pages with the draft settings as the chosen account would see them, and nobody else sees them', async () => {
    const { world, owner } = await ownedWorld('studio');
    const family = await makeFamily(world, 'Bestie', 'maria@example.test');
    const client = await visit(world.slug);
    await client.signIn('maria@example.test', password);
    await makeInvoice(world, family.accountId, { number: 'INV-7', total_cents: 12_300 });
    await edit(owner, 'portal', { 'portal.display_name': 'Draft Gym', 'portal.brand_color': '#123456' });
    await edit(owner, 'navigation', { 'tabs.invoices.enabled': 'off' });
    await look(owner, family);
    const home = await owner.get('/');
    assert.match(home.text, /Preview as Bestie\.[\s\S]*Nothing is real here[\s\S]*masthead-name">Draft Gym<[\s\S]*\$123\.00/);
    assert.equal((await owner.get('/invoices')).status, 404);
    const theme = /\/theme\.css\?v=[^"]*/.exec(home.text)?.[0] ?? '';
    const css = await owner.get(theme);
    assert.match(css.text, /--brand:#123456/);
    assert.equal(css.headers['cache-control'], 'no-store');
    const real = await client.get('/');
    assert.doesNotMatch(real.text, /Draft Gym|Preview as/);
    assert.equal((await client.get('/invoices')).status, 200);
    assert.match((await owner.get('/staff/settings')).text, /2 changes not published|3 changes not published/);
  });

  it('S1-2 refuses whatever would change something by its position, and no page of it leaves a trace', async () => {
    const everyTab = { tabs: features.flatMap(({ key, tab }) => (tab ? [{ key, enabled: 'on' as const }] : [])), 'login.security_questions': 'required' as const };
    const { world, owner } = await ownedWorld('lawncare', everyTab);
    const family = await makeFamily(world, 'Bestie', 'maria@example.test');
    await makeInvoice(world, family.accountId, { number: 'INV-1' });
    await sql(world, `insert into app.payments (account_id, number, state, amount_cents, currency) values ($1, 'PAY-1', 'unknown', 100, 'USD')`, [family.accountId]);
    await look(owner, family);
    const before = await everything(world);
    for (const route of [...routesOf('customer'), ...routesOf('public')]) {
      const path = route.path.replace('/invoices/:number', '/invoices/INV-1').replace('payments/:number', 'payments/PAY-1').replace(/:\w+/g, '00000000-0000-4000-8000-000000000000');
      if (route.method === 'post') {
        const refused = await owner.post(path, { number: 'INV-1', name: 'x' });
        assert.equal(refused.status, 403, path);
        assert.match(refused.text, /Nothing is sent here/, path);
        continue;
      }
      const shown = await owner.get(path);
      assert.ok(shown.status < 500, `${path}: ${shown.status}`);
      if (/html/.test(shown.headers['content-type'] ?? '') && shown.status !== 303) assert.match(shown.text, /Preview as Bestie/, path);
    }
    assert.deepEqual(await everything(world), before);
    const logins = await sql<{ last_login_at: Date | null }>(world, 'select last_login_at from app.logins');
    assert.deepEqual(logins, [{ last_login_at: null }]);
  }).timeout(60_000);

  it('shows the chosen account alone: a neighbour’s things look as if they did not exist', async () => {
    const { world, owner } = await ownedWorld('lawncare', { tabs: features.flatMap(({ key, tab }) => (tab ? [{ key, enabled: 'on' as const }] : [])) });
    const neighbour = await makeNeighbour(world);
    await look(owner, await makeFamily(world, 'Bestie'));
    for (const route of routesOf('customer').filter(({ path, method }) => method === 'get' && path in foreignAddress)) {
      const path = foreignAddress[route.path]?.(neighbour) ?? '';
      const answer = await owner.get(path);
      assert.ok(answer.status === 404 || answer.headers['location'] === '/billing/methods', `${path}: ${answer.status}`);
    }
  });

  it('ends where the way back is pressed, with the staff’s sign-in, with the permission and after its time', async () => {
    const endings: ((owner: Visitor, world: World) => Promise<unknown>)[] = [
      (owner) => owner.send('post', '/looking-in/ending'),
      (_, world) => sql(world, 'update app.sign_ins set ended_at = now()'),
      (_, world) => sql(world, `update app.sign_ins set seen_at = now() - interval '1 day'`),
      (_, world) => sql(world, 'update app.staff_users set ended_at = now()'),
      (_, world) => sql(world, `update app.staff_users set role = 'front_desk'`),
      (_, world) => sql(world, `update app.looks set expires_at = now() - interval '1 second'`),
      (_, world) => sql(world, `update app.accounts set stage = 'closed'`),
    ];
    const { world, owner } = await ownedWorld('studio');
    const family = await makeFamily(world, 'Bestie');
    for (const [at, end] of endings.entries()) {
      await sql(world, `update app.staff_users set ended_at = null, role = 'owner'`);
      await sql(world, 'update app.sign_ins set ended_at = null, seen_at = now()');
      await look(owner, family);
      assert.equal((await owner.get('/')).status, 200, `ending ${at} had not begun`);
      await end(owner, world);
      const answer = await owner.get('/billing');
      assert.ok(answer.status === 303 && /^\/(staff|login)/.test(answer.headers['location'] ?? ''), `ending ${at}: ${answer.status}`);
      assert.doesNotMatch(answer.text, /Bestie/);
    }
  });

  it('is nothing in another organization’s portal, and a made-up cookie is nothing anywhere', async () => {
    const { world, owner } = await ownedWorld('studio');
    const { world: other } = await ownedWorld('studio');
    await look(owner, await makeFamily(world, 'Bestie'));
    await makeFamily(other, 'Stranger');
    const [cookie] = await sql<{ secret_hash: string }>(world, 'select secret_hash from app.looks');
    for (const answer of [await owner.on(other.slug).get('/'), await owner.send('get', '/').set('Cookie', `look=${cookie?.secret_hash}`), await owner.send('post', '/billing/pay').set('Cookie', 'look=x').type('form').send({ a: 1 })]) {
      assert.deepEqual([answer.status, answer.headers['location']], [303, '/staff']);
    }
  });

  it('leaves the reader’s own sign-in of a client in the same browser alone, and does not become it when it ends', async () => {
    const { world, owner } = await ownedWorld('studio');
    await makeFamily(world, 'Own', 'maria@example.test');
    const chosen = await makeFamily(world, 'Chosen');
    await owner.signIn('maria@example.test', password);
    assert.match((await owner.get('/')).text, /Own/);
    await look(owner, chosen);
    assert.match((await owner.get('/')).text, /Preview as Chosen/);
    assert.equal((await owner.post('/logout')).status, 403);
    assert.equal((await owner.send('post', '/looking-in/ending')).headers['location'], '/staff/settings');
    const again = await owner.get('/');
    assert.equal(again.status, 200);
    assert.doesNotMatch(again.text, /Preview as/);
  });

  it('offers the accounts that have a portal, and refuses all others beside the list', async () => {
    const { world, owner } = await ownedWorld('studio');
    await makeFamily(world, 'Active');
    const lead = await makeFamily(world, 'Lead');
    await sql(world, `update app.accounts set stage = 'lead' where id = $1`, [lead.accountId]);
    const list = await owner.get('/staff/preview');
    assert.match(list.text, /See as<span class="visually-hidden"> Active/);
    assert.doesNotMatch(list.text, /> Lead</);
    for (const account of [lead.number, '', 'nobody', "';--"]) assert.equal((await owner.post('/staff/preview', { account })).status, 422, account);
    assert.deepEqual(await sql(world, 'select id from app.looks'), []);
  });
});
