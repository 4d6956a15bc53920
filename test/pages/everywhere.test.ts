import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { Page } from 'playwright-core';
import { catalogue } from '../../server/platform/text.ts';
import { publish } from '../support/publish.ts';
import { findTenant } from '../../server/tenancy/tenant.ts';
import { browse } from '../support/browser.ts';
import { show, widthFaults, wordFaults } from './examine.ts';
import { allPlaces, customer, keepPlaces, owner, packs, type Place } from './place.ts';
import { dealt, isShownIn, looks, pass, walkPages, type Look, type Opened } from './walk-pages.ts';

const isLong = process.env['PAGES'] === 'all';
const placeOf = keepPlaces();

/** The long way, every page of every pack; the short way, those of `sample`, each in one pack. */
async function walk(place: Place, sample: (look: Look, index: number) => boolean, examine: (opened: Opened) => Promise<string[]>, options = {}): Promise<Record<string, string[]>> {
  const which = isLong ? looks.filter((look) => isShownIn(look, place)) : (dealt(await allPlaces(placeOf), looks.filter(sample)).get(place.pack) ?? []);
  return walkPages(place, which, examine, options);
}

/** One page of each kind: frames, forms, lists with filters, wizards, what folds out. */
const ofEachKind = new Set(['/', '/login', '/billing', '/billing/pay', '/billing/transactions', '/account', '/account/phones', '/invoices', '/contact', '/faq', '/staff', '/staff/accounts', '/staff/settings/:section', '/staff/invitations/choice']);

describe('every page, whoever reads it', function () {
  this.timeout(isLong ? 3_600_000 : 600_000);
  for (const pack of packs) {
    it(`of ${pack} works with JavaScript off: menus open, forms can be sent, and nothing is shown that would do nothing`, async () => {
      assert.deepEqual(await walk(await placeOf(pack), ({ name }) => ofEachKind.has(name), withoutScript, { javaScriptEnabled: false }), {});
    });
  }

  it('can be signed in to, filtered, changed, paid at and left with JavaScript off', async () => {
    const place = await placeOf('studio');
    const tab = await browse(place.world.slug, { javaScriptEnabled: false });
    const { page } = tab;
    await pass(page, '/login', customer);
    await page.goto('/invoices');
    await page.locator('.filter-bar summary').click();
    await page.locator('.filter-bar [name=status]').selectOption('paid');
    await page.locator('.filter-bar form button').click();
    await page.waitForURL('**/invoices?**status=paid**');
    await page.goto('/account/name');
    await page.fill('[name=firstName]', 'Morgan');
    await page.click('main .btn-primary');
    assert.match(await page.locator('.flash').innerText(), /saved/i);
    await page.goto('/billing/pay');
    for (const path of ['**/billing/pay/method**', '**/billing/pay/review**']) {
      await page.click('main .total-bar .btn-primary');
      await page.waitForURL(path);
    }
    assert.match(await page.locator('main .total-bar .btn-primary').innerText(), /^Pay \$/);
    await page.locator('.band-end > details.menu > summary').last().click();
    await page.locator('.band-end form[action="/logout"] button').click();
    await page.waitForURL('**/login');
    await tab.close();
  });

  for (const { name, door, login, size } of [
    { name: 'a customer', door: '/login', login: customer, size: { width: 1280, height: 900 } },
    { name: 'a customer on a phone', door: '/login', login: customer, size: { width: 390, height: 844 } },
    { name: 'staff', door: '/staff/login', login: owner, size: { width: 1280, height: 900 } },
  ] as const) {
    it(`lets ${name} come by keyboard alone past the frame to what there is to do, and Esc close the menus`, async () => {
      const tab = await browse((await placeOf('lawncare')).world.slug, { viewport: size, reducedMotion: 'reduce' });
      const { page } = tab;
      await pass(page, door, login);
      await page.keyboard.press('Tab');
      const skip = page.locator('.skip');
      assert.equal(await isFocused(page, '.skip'), true, 'the first is the way past the frame');
      assert.ok(((await skip.boundingBox())?.y ?? -1) >= 0, 'and it can be seen');
      await page.keyboard.press('Enter');
      await page.keyboard.press('Tab');
      assert.equal(await isFocused(page, 'main *'), true, 'the next thing is in the page itself');
      const menu = page.locator('details.menu:visible > summary').first();
      await menu.focus();
      await page.keyboard.press('Enter');
      assert.equal(await page.locator('details.menu[open]').count(), 1);
      await page.keyboard.press('Tab');
      assert.equal(await isFocused(page, 'details.menu[open] *'), true);
      await page.keyboard.press('Escape');
      assert.equal(await page.locator('details.menu[open]').count(), 0);
      assert.equal(await isFocused(page, 'details.menu > summary'), true, 'back where the menu was opened');
      assert.deepEqual(tab.problems, []);
      await tab.close();
    });
  }

  it('lets a customer pay by keyboard alone up to the last step', async () => {
    const tab = await browse((await placeOf('studio')).world.slug, { reducedMotion: 'reduce' });
    const { page } = tab;
    await pass(page, '/login', customer);
    for (const path of ['**/billing/pay', '**/billing/pay/method**', '**/billing/pay/review**']) {
      await tabTo(page, '.hero .btn-primary, .total-bar .btn-primary');
      await page.keyboard.press('Enter');
      await page.waitForURL(path);
    }
    await tabTo(page, '.total-bar .btn-primary');
    await tab.close();
  });

  for (const pack of packs) {
    it(`of ${pack} is in Spanish from title to foot where the portal is, and still fits 320 pixels`, async () => {
      const place = await placeOf(pack);
      await publish(place.world, { 'tenant.locale': 'es-US', 'words.account_one': 'cuenta', 'words.account_many': 'cuentas' });
      await findTenant(place.world.slug);
      assert.deepEqual(await walk(place, (look, index) => index % 4 === 0, (opened) => spanishFaults(opened)), {});
    });
  }
});

const english = wordsOfEnglish();

async function spanishFaults({ page, look, place: { site } }: Opened): Promise<string[]> {
  await show(page, { width: 320, theme: 'light' });
  // What the organization has named itself, its people, and what they have chosen.
  const isOwn = new Set(['Accounts Payable', 'None', ...site.tabs.flatMap(({ label }) => label ?? []), ...site.ticketCategories, site.typeLabel, site.displayName]);
  const lines = (await page.evaluate<string>(`document.title.split(' · ')[0] + '\\n' + document.body.innerText`)).split(/[\n\t]/).map((line) => line.trim());
  const left = lines.filter((line) => english.has(line) && !isOwn.has(line)).map((line) => `in English: ${line}`);
  const language = await page.getAttribute('html', 'lang');
  return [...(language === 'es' ? [] : [`lang is ${language}`]), ...new Set(left), ...(await wordFaults(page, look.entry.explainsBraces)), ...(await widthFaults(page))];
}

/** Texts that stand as they are, and are others in Spanish. */
function wordsOfEnglish(): Set<string> {
  const spanish = catalogue('es');
  return new Set([...catalogue('en')].flatMap(([key, entry]) => (typeof entry === 'string' && !entry.includes('{') && spanish.get(key) !== entry ? [entry] : [])));
}

async function withoutScript({ page, look }: Opened): Promise<string[]> {
  const found = await page.evaluate<string[]>(`(() => {
    const found = [];
    const name = (one) => (one.getAttribute('aria-label') || one.textContent.trim() || one.className).slice(0, 40);
    for (const button of document.querySelectorAll('button[type=button]:enabled')) if (button.checkVisibility()) found.push('does nothing without script: ' + name(button));
    for (const form of document.querySelectorAll('form')) {
      // Without anything to press: it waits for a picture that could be removed.
      if (!form.getBoundingClientRect().height) continue;
      const isPost = form.method === 'post';
      if (!form.querySelector('button:not([type=button]), input[type=submit]') && !document.querySelector('button[form="' + form.id + '"]')) found.push('cannot be sent: ' + form.action);
      if (isPost && ${look.band !== 'public'} && !form.elements._csrf) found.push('has no token: ' + form.action);
    }
    return found;
  })()`);
  const menus = page.locator('details:not([open]) > summary:visible');
  for (const menu of (await menus.all()).slice(0, 3).toReversed()) {
    const name = await menu.innerText();
    await menu.click();
    if (!(await page.locator('details[open]').count())) found.push(`does not open: ${name}`);
  }
  return found;
}

const isFocused = (page: Page, selector: string) => page.evaluate<boolean>(`document.activeElement.matches(${JSON.stringify(selector)})`);

async function tabTo(page: Page, selector: string): Promise<void> {
  for (let presses = 0; presses < 80; presses += 1) {
    if (await isFocused(page, selector)) return;
    await page.keyboard.press('Tab');
  }
  assert.fail(`80 presses of Tab do not lead to ${selector}`);
}
