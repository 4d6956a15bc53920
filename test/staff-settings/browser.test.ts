import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { accessibilityFaults, browse, isTooWide, type Tab } from '../support/browser.ts';
import { makeStaff, makeWorld, password, sql, type World } from '../support/world.ts';

async function ownerAt(world: World, options: Parameters<typeof browse>[1]): Promise<Tab> {
  await makeStaff(world);
  const tab = await browse(world.slug, options);
  await tab.page.goto('/staff/login');
  await tab.page.fill('[name=login]', 'owner@example.test');
  await tab.page.fill('[name=password]', password);
  await tab.page.locator('main').getByRole('button').first().click();
  await tab.page.waitForURL('**/staff');
  return tab;
}

describe('settings in a real browser', () => {
  it('the tabs editor works without script and by keyboard: Enter in a label saves, and moves nothing', async () => {
    const world = await makeWorld('studio');
    const tab = await ownerAt(world, { javaScriptEnabled: false });
    const { page } = tab;
    await page.goto('/staff/settings/navigation');
    await page.getByLabel('Label of Invoices').fill('Tuition');
    await page.keyboard.press('Enter');
    await page.getByText('Saved. Publish it').waitFor();
    await page.getByRole('button', { name: 'Move Invoices up' }).focus();
    await page.keyboard.press('Space');
    await page.waitForURL('**/navigation#tabs.invoices');
    const [row] = await sql<{ tabs: { key: string; label?: string }[] }>(world, `select draft->'tabs' as tabs from app.settings`);
    assert.deepEqual(row?.tabs.slice(0, 3).map(({ key, label }) => `${key} ${label}`), ['home Home', 'invoices Tuition', 'billing Billing']);
    await page.getByRole('button', { name: 'Publish' }).click();
    await page.getByText('Version 2 is published').waitFor();
    await tab.close();
  });

  it('every settings page passes the accessibility rules and fits a phone, in dark, refused and with a draft', async () => {
    const tab = await ownerAt(await makeWorld('cloud'), { viewport: { width: 390, height: 800 }, colorScheme: 'dark' });
    const { page, problems } = tab;
    await page.goto('/staff/settings/portal');
    await page.getByLabel('Display name').fill('Draft');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('Saved. Publish it').waitFor();
    await page.getByLabel('Brand color').fill('red');
    await page.getByRole('button', { name: 'Publish', exact: true }).click();
    await page.getByText('Check one thing').waitFor();
    const found = [await accessibilityFaults(page), await isTooWide(page)];
    for (const path of ['', '/navigation', '/access', '/billing', '/versions']) {
      await page.goto(`/staff/settings${path}`);
      found.push(await accessibilityFaults(page), await isTooWide(page));
    }
    assert.deepEqual(found.flat().filter(Boolean), []);
    assert.deepEqual(problems, []);
    await tab.close();
  });
});
