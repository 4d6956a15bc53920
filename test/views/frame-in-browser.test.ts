import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { SettingsDocument, TabSetting } from '../../server/settings/schema.ts';
import { accessibilityFaults, browse, isTooWide } from '../support/browser.ts';
import { ownedWorld } from '../support/staff-visit.ts';
import { makeAccount, makeContact, makeInvoice, makeLogin, makeWorld, password, type World } from '../support/world.ts';

const long = 'The Honourable Montgomery-Featherstonehaugh Academy of Dance';
const tabs: TabSetting[] = ['home', 'billing', 'invoices', 'payments', 'credits', 'usages', 'account'].map((key) => ({ key, enabled: 'on', label: `A long label of ${key}` }));
const awkward: Partial<SettingsDocument> = { 'portal.display_name': long, tabs, 'social.facebook': 'a', 'social.twitter': 'b', 'social.linkedin': 'c' };

async function family(settings: Partial<SettingsDocument>): Promise<World> {
  const world = await makeWorld('studio', { ...awkward, ...settings });
  const accountId = await makeAccount(world, { name: long });
  await makeContact(world, accountId, { login_ref: await makeLogin(world), first_name: 'Maximiliana-Theodora', last_name: 'Featherstonehaugh-Cholmondeley' });
  await makeInvoice(world, accountId, { number: 'INV-LATE', due_on: '2020-01-01' });
  await makeInvoice(world, accountId, { number: 'INV-NEXT', issued_on: new Date().toISOString().slice(0, 10), due_on: '2099-01-01' });
  return world;
}

describe('the frame in a real browser', () => {
  for (const [layout, width, colorScheme, colour, locale] of [
    ['tabs', 320, 'light', '#ffe600', 'en-US'], ['both', 390, 'light', '#000000', 'es-MX'], ['side', 768, 'dark', '#808080', 'en-US'],
    ['both', 1280, 'dark', '#00ffff', 'es-MX'], ['tabs', 1280, 'light', '#a8326e', 'es-MX'],
  ] as const) {
    it(`C-18 S4-4 with ${layout} at ${width} pixels, ${colorScheme}, in ${colour}: long names and many tabs fit, and nothing shuts anybody out`, async () => {
      const world = await family({ 'nav.layout': layout, 'portal.brand_color': colour, 'tenant.locale': locale });
      const tab = await browse(world.slug, { viewport: { width, height: 900 }, colorScheme });
      const { page } = tab;
      await page.goto('/login');
      await page.fill('#login', 'maria@example.test');
      await page.fill('#password', password);
      await page.press('#password', 'Enter');
      await page.waitForSelector('.task-list');
      for (const path of ['/', '/billing']) {
        await page.goto(path);
        assert.equal(await isTooWide(page), false, path);
        assert.deepEqual(await accessibilityFaults(page), [], path);
      }
      assert.deepEqual(tab.problems, []);
      await tab.close();
    });
  }

  it('C-18 S0-24 without script the side menu drops down and leads on', async () => {
    const world = await family({ 'nav.layout': 'both' });
    const tab = await browse(world.slug, { javaScriptEnabled: false });
    const { page } = tab;
    await page.goto('/login');
    await page.fill('#login', 'maria@example.test');
    await page.fill('#password', password);
    await page.press('#password', 'Enter');
    await page.waitForSelector('.task-list');
    assert.equal(await page.isVisible('.side-menu .side-links'), false);
    await page.click('.side-menu > summary');
    await page.click('.side-menu a[href="/invoices"]');
    assert.match(page.url(), /\/invoices$/);
    await tab.close();
  });

  it('a colour is tried on while it is typed, and the sample follows', async () => {
    const { world } = await ownedWorld('studio');
    const tab = await browse(world.slug);
    const { page, problems } = tab;
    await page.goto('/staff/login');
    await page.fill('#login', 'owner@example.test');
    await page.fill('#password', password);
    await page.press('#password', 'Enter');
    await page.waitForURL(/\/staff$/);
    await page.goto('/staff/settings/portal');
    await page.fill('[id="portal.brand_color"]', '#123456');
    await page.waitForSelector('.swatch[src$="%23123456"]');
    assert.equal(await page.inputValue('[data-colour-of] input'), '#123456');
    assert.deepEqual(await accessibilityFaults(page), []);
    assert.deepEqual(problems, []);
    await tab.close();
  });
});
