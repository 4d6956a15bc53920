import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { BrowserContextOptions } from 'playwright-core';
import { accessibilityFaults, browse, isTooWide } from '../support/browser.ts';
import { makeAccount, makeContact, makeLogin, makeWorld, password } from '../support/world.ts';

const looks: Readonly<Record<string, BrowserContextOptions>> = {
  'on a phone': { viewport: { width: 390, height: 844 } },
  'in the dark': { colorScheme: 'dark' },
};
const pages = ['/account', '/account/name', '/account/phones', '/account/address', '/account/email', '/account/username', '/account/texts', '/account/security', '/account/security/two-step', '/account/security/passkeys', '/account/security/questions', '/billing/contacts'];

async function awkwardClient(): Promise<string> {
  const world = await makeWorld('fieldservice', { 'sms.enabled': true });
  const accountId = await makeAccount(world, { name: 'Müller-Lüdenscheidt & Söhne, 12345 Lake House Road' });
  await makeContact(world, accountId, { login_ref: await makeLogin(world, 'mbestie'), cell_phone: '(215) 555-0123', email: 'bernadette-alexandrina.billingsworth@a-very-long-domain-name.example.test' });
  return world.slug;
}

describe('the account pages in a real browser', () => {
  for (const [look, options] of Object.entries(looks)) {
    it(`S4-45 ${look} nothing is cut, unreadable or out of reach, up to the recovery codes`, async () => {
      const tab = await browse(await awkwardClient(), options);
      const { page, problems } = tab;
      await page.goto('/login');
      await page.fill('[name=login]', 'mbestie');
      await page.fill('[name=password]', password);
      await page.press('[name=password]', 'Enter');
      await page.waitForURL('**/');
      for (const path of pages) {
        await page.goto(path);
        assert.deepEqual([path, await isTooWide(page), await accessibilityFaults(page)], [path, false, []]);
      }
      await page.goto('/account/security/two-step');
      await page.click('main form button');
      await page.waitForSelector('.qr-code');
      assert.equal(await page.evaluate(`document.querySelector('.qr-code').naturalWidth > 0`), true);
      assert.deepEqual([await isTooWide(page), await accessibilityFaults(page), problems], [false, [], []]);
      await tab.close();
    });
  }
});
