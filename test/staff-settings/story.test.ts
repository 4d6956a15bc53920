import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { accessibilityFaults, browse, isTooWide } from '../support/browser.ts';
import { edit, ownedWorld } from '../support/staff-visit.ts';
import { makeAccount, makeContact, makeLogin, makeStaff, makeWorld, password } from '../support/world.ts';

describe('an owner changes the portal', () => {
  it('S1-2 S4-1 hides a tab, previews it as one family, publishes it, the family sees it, and the owner goes back', async () => {
    const world = await makeWorld('studio', { tabs: [{ key: 'home', enabled: 'on' }, { key: 'invoices', enabled: 'on' }, { key: 'account', enabled: 'on' }] });
    await makeStaff(world);
    await makeContact(world, await makeAccount(world, { name: 'Okafor' }), { login_ref: await makeLogin(world) });
    const [owner, family] = [await browse(world.slug), await browse(world.slug)];
    await family.page.goto('/login');
    await family.page.fill('[name=login]', 'maria@example.test');
    await family.page.fill('[name=password]', password);
    await family.page.locator('main').getByRole('button').first().click();
    await family.page.waitForURL((url) => url.pathname === '/');
    const invoicesTab = (page: typeof owner.page) => page.locator('.tabs, .side-links').getByRole('link', { name: 'Invoices' }).filter({ visible: true }).count();
    assert.equal(await invoicesTab(family.page), 1);

    const { page } = owner;
    await page.goto('/staff/login?next=/staff/settings/navigation');
    await page.fill('[name=login]', 'owner@example.test');
    await page.fill('[name=password]', password);
    await page.locator('main').getByRole('button').first().click();
    await page.waitForURL('**/staff/settings/navigation');
    await page.getByLabel('Show Invoices', { exact: true }).selectOption('off');
    await page.getByRole('button', { name: 'Save and preview' }).click();
    await page.getByRole('button', { name: 'See as Okafor' }).click();
    await page.getByText('Preview as Okafor.').waitFor();
    assert.equal(await invoicesTab(page), 0);
    assert.deepEqual([await accessibilityFaults(page), await isTooWide(page)].flat(), [false]);
    await family.page.reload();
    assert.equal(await invoicesTab(family.page), 1, 'a draft is nobody’s but the owner’s');

    await page.getByRole('button', { name: 'Back to the settings' }).click();
    await page.getByRole('button', { name: 'Publish', exact: true }).click();
    await page.getByText('Version 2 is published. Everybody').waitFor();
    await family.page.reload();
    assert.equal(await invoicesTab(family.page), 0);

    await page.getByRole('link', { name: 'Versions' }).click();
    await page.getByRole('button', { name: 'Return to version 1' }).click();
    await page.getByText('Version 3 is published. Everybody').waitFor();
    await family.page.reload();
    assert.equal(await invoicesTab(family.page), 1);
    assert.deepEqual([...owner.problems, ...family.problems], []);
    await Promise.all([owner.close(), family.close()]);
  }).timeout(60_000);

  it('finds a setting by any word of it, says which differ from the start, and what clients will notice', async () => {
    const { owner } = await ownedWorld('cloud');
    const found = (await owner.get('/staff/settings?q=AUTOPAY+retry')).text + (await owner.get('/staff/settings?q=wrong+passwords')).text;
    assert.match(found, /href="\/staff\/settings\/sign-in#login\.max_attempts"/);
    assert.doesNotMatch(found, /#contact\.phone/);
    assert.match((await owner.get('/staff/settings?q=zzzz')).text, /No setting is called that/);
    const own = (await owner.get('/staff/settings?own=yes')).text;
    assert.match(own, /#portal\.display_name/);
    assert.doesNotMatch(own, /#login\.max_attempts/);
    await edit(owner, 'billing', { 'billing.prepayments': 'true' });
    assert.match((await owner.get('/staff/settings')).text, /“Make a Prepayment” appears\.[\s\S]*Not accepted[\s\S]*Accepted/);
  });
});
