import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { accessibilityFaults, browse, isTooWide } from '../support/browser.ts';
import { password, signedInFamily } from '../support/world.ts';
import { allColumns } from '../../server/usages/columns.ts';
import { makeUsage, makeUsages } from './making.ts';

const looks = [
  ['1280, English', { viewport: { width: 1280, height: 900 } }, 'en-US'],
  ['768, dark, Spanish', { viewport: { width: 768, height: 900 }, colorScheme: 'dark' }, 'es-US'],
  ['390, English', { viewport: { width: 390, height: 844 } }, 'en-US'],
  ['390, without script, Spanish', { viewport: { width: 390, height: 844 }, javaScriptEnabled: false }, 'es-US'],
] as const;

describe('usages in a browser', () => {
  for (const [name, options, locale] of looks) {
    it(`S3-22 S3-23 all columns are switched on behind the three dots, and nothing runs out of the page: ${name}`, async () => {
      const { world, accountId } = await signedInFamily('cloud', { 'tenant.locale': locale });
      await makeUsages(world, accountId, 30);
      await makeUsage(world, accountId, { used_on: '2026-11-20', description: 'Compute 北棟データセンター '.repeat(4), product: 'Reserved', quantity: '1234567890.1234', amount_cents: 123456789, unit_price_cents: 4, reference: 'a-very-long-reference-of-a-volume' });
      const tab = await browse(world.slug, options);
      const { page, problems } = tab;
      await page.goto('/login');
      await page.fill('[name=login]', 'maria@example.test');
      await page.fill('[name=password]', password);
      await page.press('[name=password]', 'Enter');
      await page.waitForURL((url) => url.pathname === '/');
      await page.goto('/usages');
      await page.click('.view-menu summary');
      for (const column of allColumns) await page.check(`[name=columns][value=${column}]`);
      assert.equal(await isTooWide(page), false);
      await page.click('.view-menu .btn-primary');
      await page.waitForLoadState();
      assert.equal(await page.locator('.usage-list thead th').count(), 12);
      assert.equal(await isTooWide(page), false);
      if (!('javaScriptEnabled' in options)) assert.deepEqual(await accessibilityFaults(page), []);
      await page.goto('/usages/export');
      assert.equal(await isTooWide(page), false);
      if (process.env['SHOTS']) {
        await page.goto('/usages');
        await page.screenshot({ path: `${process.env['SHOTS']}/${name.replace(/\W+/g, '-')}.png` });
      }
      assert.deepEqual(problems, []);
      await tab.close();
    });
  }
});
