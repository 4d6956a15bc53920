import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { accessibilityFaults, browse, isTooWide } from '../support/browser.ts';
import { drain } from '../support/drain.ts';
import { makeAccount, makeStaff, makeWorld, password, sql } from '../support/world.ts';

describe('inviting many in a real browser', () => {
  it('S1-29 from the dry run over the real progress to the count of who was mailed', async () => {
    const world = await makeWorld('cloud');
    await makeStaff(world);
    const accountId = await makeAccount(world);
    await sql(world, `insert into app.contacts (account_id, first_name, last_name, email) select $1, 'Person', n::text, 'p' || n || '@example.test' from generate_series(1, 30) n`, [accountId]);
    const tab = await browse(world.slug, { viewport: { width: 390, height: 844 } });
    const { page, problems } = tab;
    await page.goto('/staff/login');
    await page.getByLabel(/Email/).fill('owner@example.test');
    await page.getByLabel('Password', { exact: true }).fill(password);
    await page.keyboard.press('Enter');
    await page.waitForURL('**/staff');
    await page.goto('/staff/invitations/choice');
    assert.deepEqual([await accessibilityFaults(page), await isTooWide(page)], [[], false]);
    await page.locator('form[action="/staff/invitations/runs"] button').click();
    await page.waitForURL('**/staff/invitations/runs/**');
    assert.doesNotMatch(await page.locator('main').innerText(), /Done/);
    await drain(world);
    await page.getByText('sent to 30 people').waitFor();
    assert.deepEqual([await accessibilityFaults(page), problems], [[], []]);
    await tab.close();
  });
});
