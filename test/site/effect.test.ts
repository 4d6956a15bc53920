import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { initialSettings, type SettingsDocument } from '../../server/settings/schema.ts';
import { Site } from '../../server/site/site.ts';
import { client, edit, ownedWorld, publishAnyway } from '../support/staff-visit.ts';
import { visit, type Visitor } from '../support/visitor.ts';
import { makeInvoice, sql } from '../support/world.ts';

/** What is changed, and what the client's next page must then show (or no longer show). */
const effects: readonly (readonly [name: string, section: string, value: unknown, path: string, shows: RegExp, not?: RegExp])[] = [
  ['portal.display_name', 'portal', 'Zephyr', '/', /masthead-name">Zephyr</],
  ['portal.type_label', 'portal', 'Bill Corner', '/', /Bill Corner/],
  ['portal.business_info', 'portal', 'Zephyr Street 9', '/', /Zephyr Street 9/],
  ['portal.website_url', 'portal', 'https://zephyr.example/home', '/', /href="https:\/\/zephyr\.example\/home"/],
  ['tenant.timezone', 'portal', 'America/Los_Angeles', '/', /Pacific Time/],
  ['tenant.locale', 'portal', 'es-MX', '/', /<html lang="es"[\s\S]*Cerrar sesión/],
  ['tenant.currency', 'portal', 'EUR', '/', /€0\.00/],
  ['nav.layout', 'navigation', 'side', '/', /has-side/],
  ['billing.header_items', 'billing', ['', 'last_paid'], '/', /<main/, /hero-label">Account Balance/],
  ['contact.email', 'contact', 'zephyr@zephyr.example', '/', /mailto:zephyr@zephyr\.example/],
  ['social.facebook', 'contact', 'https://www.facebook.com/zephyr.page/', '/', /href="https:\/\/www\.facebook\.com\/zephyr\.page"/],
  ['social.twitter', 'contact', '@zephyr', '/', /href="https:\/\/x\.com\/zephyr"/],
  ['social.linkedin', 'contact', 'school/zephyr', '/', /href="https:\/\/www\.linkedin\.com\/school\/zephyr"/],
  ['contact.phone', 'contact', '(555) 010-0999', '/', /\(555\) 010-0999/],
];

describe('settings work', () => {
  for (const [name, section, value, path, shows, not] of effects) {
    it(`S1-2 S4-1 ${name} shows on the client’s next page, and not while it is a draft`, async () => {
      const { world, owner } = await ownedWorld('cloud');
      const visitor = await client(world);
      await edit(owner, section, { [name]: value });
      const before = (await visitor.get(path)).text;
      if (!not) assert.doesNotMatch(before, shows);
      else assert.match(before, not);
      await edit(owner, section, {}, 'publish');
      const after = (await visitor.get(path)).text;
      assert.match(after, shows);
      if (not) assert.doesNotMatch(after, not);
    });
  }

  it('S4-5 C-21 the contact menu of the navigation bar holds the email and the phone number that are set', async () => {
    const { world, owner } = await ownedWorld('fieldservice');
    const visitor = await client(world, 'maria');
    const menu = async () => /<header class="band">[\s\S]*?<\/header>/.exec((await visitor.get('/')).text)?.[0] ?? '';
    assert.match(await menu(), /tel:2155550150[\s\S]*mailto:office@tallowbrook\.example/);
    await edit(owner, 'contact', { 'contact.email': 'new@tallowbrook.example', 'contact.phone': '' }, 'publish');
    assert.match(await menu(), /mailto:new@tallowbrook\.example/);
    assert.doesNotMatch(await menu(), /href="tel:/);
  });

  it('S1-2 a panel of the home page that is switched off is gone, and the others stand in the order that is set', async () => {
    const { world, owner } = await ownedWorld('cloud');
    const visitor = await client(world);
    assert.match((await visitor.get('/')).text, /<h2>Invoices</);
    await edit(owner, 'navigation', { 'home.panels.invoices.enabled': 'off', move: 'home.panels.invoices up' });
    await edit(owner, 'navigation', {}, 'publish');
    assert.doesNotMatch((await visitor.get('/')).text, /<h2>Invoices</);
    const order = (listed: SettingsDocument['home.panels']) => new Site({ ...initialSettings, 'home.panels': listed }, 1).homePanels(['a', 'b', 'c'].map((key) => ({ key }))).map(({ key }) => key).join('');
    assert.equal(order([{ key: 'c', enabled: 'on' }, { key: 'a', enabled: 'on' }]), 'cab');
    assert.equal(order([{ key: 'b', enabled: 'off' }]), 'ac');
  });

  it('the brand colour is in the stylesheet that the next page asks for', async () => {
    const { world, owner } = await ownedWorld('cloud');
    const visitor = await client(world);
    const themeOf = async (who: Visitor) => /\/theme\.css\?v=\d+/.exec((await who.get('/')).text)?.[0] ?? '';
    const before = await themeOf(visitor);
    await edit(owner, 'portal', { 'portal.brand_color': '#123456' }, 'publish');
    const after = await themeOf(visitor);
    assert.notEqual(after, before);
    assert.match((await visitor.get(after)).text, /--brand:#123456/);
  });

  it('the tenant’s word for accounts stands in what people read', async () => {
    const { owner } = await ownedWorld('cloud');
    await edit(owner, 'words', { 'words.account_one': 'pony', 'words.account_many': 'ponies' }, 'publish');
    assert.match((await owner.get('/staff/settings')).text, /ponies/);
  });

  it('S1-89 a sign-in lasts as long without activity as was published when it began', async () => {
    const { world, owner } = await ownedWorld('cloud');
    await edit(owner, 'sign-in', { 'login.session_idle_minutes': '45' }, 'publish');
    await client(world);
    const rows = await sql<{ idle_minutes: number }>(world, 'select idle_minutes from app.sign_ins where login_ref is not null');
    assert.deepEqual(rows, [{ idle_minutes: 45 }]);
  });

  it('what people sign in with is what the sign-in page asks for', async () => {
    const { world, owner } = await ownedWorld('cloud');
    const stranger = await visit(world.slug);
    assert.match((await stranger.get('/login')).text, /for="login">Email</);
    await edit(owner, 'sign-in', { 'login.identifier': 'username' }, 'publish');
    assert.match((await stranger.get('/login')).text, /for="login">Username</);
  });

  it('without a payment service nobody is offered to pay', async () => {
    const { world, owner } = await ownedWorld('cloud');
    const visitor = await client(world);
    const [account] = await sql<{ id: string }>(world, 'select id from app.accounts');
    await makeInvoice(world, account!.id);
    assert.match((await visitor.get('/')).text, /Make Payment/);
    await edit(owner, 'payments', { 'payments.gateway': 'none' });
    await publishAnyway(owner);
    assert.doesNotMatch((await visitor.get('/')).text, /Make Payment/);
  });
});
