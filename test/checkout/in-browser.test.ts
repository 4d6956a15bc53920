import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { Page } from 'playwright-core';
import { accessibilityFaults, browse, isTooWide } from '../support/browser.ts';
import { password } from '../support/world.ts';
import { aPayer, chargesOf, paidOf } from '../support/paying.ts';

async function signIn(page: Page): Promise<void> {
  await page.goto('/login');
  await page.fill('[name=login]', 'maria@example.test');
  await page.fill('[name=password]', password);
  await page.click('main form button');
  await page.waitForURL(/\/$/);
}

const goOn = (page: Page) => page.click('.total-bar .btn-primary');
const total = (page: Page) => page.textContent('[data-total]');

describe('paying in a browser', function () {
  this.timeout(60_000);

  it('the total follows the ticks, and the quick choices tick at once', async () => {
    const { world } = await aPayer('visa', 'studio');
    const tab = await browse(world.slug);
    const { page, problems } = tab;
    await signIn(page);
    await page.goto('/billing/pay');
    assert.equal(await total(page), '$205.00');
    await page.click('text=INV-2');
    assert.equal(await total(page), '$85.00');
    await page.click('text=Select none');
    assert.equal(await total(page), '$0.00');
    await page.click('text=Select All Unpaid');
    assert.deepEqual([await total(page), new URL(page.url()).search], ['$205.00', '']);
    await page.click('text=Select Past Due');
    assert.deepEqual([await total(page), problems], ['$85.00', []]);
    await tab.close();
  });

  it('S4-26 from ticks over a new card, typed at the gateway, to the success page; back and forth loses nothing', async () => {
    const { world } = await aPayer('visa', 'fieldservice');
    const tab = await browse(world.slug, { viewport: { width: 390, height: 844 } });
    const { page, problems } = tab;
    await signIn(page);
    await page.goto('/billing/pay');
    await page.click('text=INV-1');
    await goOn(page);
    await page.click('text=Add Payment Method');
    for (const [name, value] of [['name', 'Maria Bestie'], ['number', '5555 5555 5555 4444'], ['expiry', '04/30'], ['cvc', '123']] as const) await page.fill(`[name=${name}]`, value);
    await page.click('form button');
    await page.waitForURL(/\/billing\/pay\/method\?/);
    assert.ok(await page.getByLabel('Mastercard ending 4444').isChecked());
    await goOn(page);
    await page.waitForURL(/\/billing\/pay\/review/);
    // By the browser's own history: the driver's goBack asks a page that Chromium may just be swapping for its neighbour.
    await Promise.all([page.waitForURL(/\/billing\/pay\/method/), page.evaluate('setTimeout(() => history.back())')]);
    await Promise.all([page.waitForURL(/\/billing\/pay\/review/), page.evaluate('setTimeout(() => history.forward())')]);
    assert.match(await page.innerText('main'), /INV-2[\s\S]*Mastercard ending 4444[\s\S]*\$205\.00[\s\S]*\$85\.00/);
    await page.dblclick('.total-bar .btn-primary');
    await page.waitForURL(/\/payments\/PAY-/);
    assert.match(await page.innerText('main'), /You paid \$120\.00/);
    assert.deepEqual([(await chargesOf(world)).length, await paidOf(world), problems], [1, { 'INV-1': 0, 'INV-2': 12_000 }, []]);
    await tab.close();
  });

  it('each step can be read by everybody, on a phone and in the dark', async () => {
    const { world, methodId } = await aPayer('visa', 'lawncare');
    for (const options of [{ viewport: { width: 390, height: 844 } }, { colorScheme: 'dark' }] as const) {
      const tab = await browse(world.slug, options);
      const { page } = tab;
      await signIn(page);
      for (const path of ['/billing', '/billing/methods', '/billing/pay', '/billing/pay/method', `/billing/pay/review?scope=balance&method=${methodId}`, '/billing/pay/review?chosen=1', '/payments', '/credits']) {
        await page.goto(path);
        assert.deepEqual([path, await accessibilityFaults(page), await isTooWide(page)], [path, [], false]);
      }
      await tab.close();
    }
  });
});
