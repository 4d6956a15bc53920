import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { accessibilityFaults, browse, isTooWide } from '../support/browser.ts';
import { makeAccount, makeContact, makeLogin, makeStaff, makeWorld, password, sql } from '../support/world.ts';

async function studio() {
  const world = await makeWorld('studio');
  const accountId = await makeAccount(world, { number: 'B-1' });
  const contactId = await makeContact(world, accountId, { login_ref: await makeLogin(world) });
  await makeStaff(world, 'front_desk', 'frontdesk@example.test');
  const tab = await browse(world.slug);
  const { page, problems } = tab;
  await page.goto('/staff/login');
  await page.fill('[name=login]', 'frontdesk@example.test');
  await page.fill('[name=password]', password);
  await page.press('[name=password]', 'Enter');
  await page.waitForURL('**/staff');
  return { world, contactId, page, problems, close: () => tab.close() };
}

describe('support in a real browser', () => {
  it('S1-78 S1-79 S1-80 S1-81 S1-82 S1-83 the whole story of a test contact, from Add Contact to its deletion', async () => {
    const { world, page, problems, close } = await studio();
    await page.goto('/staff/accounts/B-1/contacts');
    await page.click('text=Add yourself as a test contact');
    await page.fill('[name=testReason]', 'She cannot see her invoices');
    await page.click('text=SAVE CHANGES');
    await page.waitForURL('**/staff/contacts/*');
    await page.locator('button:has-text("Reset Portal Password")').first().click();
    await page.waitForSelector('main code');
    const temporary = (await page.textContent('main code')) ?? '';
    const loginId = (await page.textContent('dl.facts dd')) ?? '';
    assert.deepEqual(await accessibilityFaults(page), []);
    await page.click('main a:has-text("Go to Parent Portal")');
    await page.fill('[name=login]', loginId.trim());
    await page.fill('[name=password]', temporary.trim());
    await page.press('[name=password]', 'Enter');
    await page.waitForSelector('.looking-bar');
    assert.match((await page.textContent('.looking-bar')) ?? '', /You are a test contact in the portal of Bestie/);
    assert.deepEqual(await accessibilityFaults(page), []);
    await page.setViewportSize({ width: 390, height: 800 });
    assert.equal(await isTooWide(page), false);
    await page.setViewportSize({ width: 1280, height: 900 });
    await page.click('.looking-bar a');
    await page.click('main button.btn-danger');
    await page.waitForURL('**/staff/accounts/B-1/contacts');
    await page.goto('/billing');
    assert.match(page.url(), /\/login/);
    assert.deepEqual(await sql(world, 'select count(*)::int as count from app.contacts where test_until is not null'), [{ count: 0 }]);
    assert.deepEqual(problems, []);
    await close();
  }).timeout(90_000);

  it('B-1 B-2 the doctor finds what is wrong and mends it, and a look counts down and leads on when it is over', async () => {
    const { world, contactId, page, problems, close } = await studio();
    await sql(world, 'update app.contacts set may_sign_in = false');
    await page.goto('/staff/support');
    await page.fill('[name=login]', 'maria@example.test');
    await page.press('[name=login]', 'Enter');
    await page.waitForURL(`**/staff/contacts/${contactId}/doctor`);
    assert.deepEqual(await accessibilityFaults(page), []);
    await page.click('#check-blocked .paste summary');
    assert.match(await page.inputValue('#check-blocked textarea'), /was switched off/);
    await page.click('text=Unblock');
    await page.waitForSelector('#check-blocked.is-good');
    await page.setViewportSize({ width: 390, height: 800 });
    assert.equal(await isTooWide(page), false);
    await page.setViewportSize({ width: 1280, height: 900 });
    await page.click('text=View the portal as Maria Bestie');
    await page.fill('[name=reason]', 'She cannot see her invoices');
    await page.click('main button.btn-primary');
    await page.waitForSelector('.looking-bar');
    await page.locator('[data-countdown]', { hasText: /^(29:\d\d|30:00)$/ }).waitFor();
    assert.deepEqual(await accessibilityFaults(page), []);
    await sql(world, `update app.looks set expires_at = now() + interval '2 seconds'`);
    await page.goto('/');
    await page.waitForURL('**/staff', { timeout: 20_000 });
    assert.deepEqual(problems, []);
    await close();
  }).timeout(90_000);
});
