import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, it } from 'mocha';
import sharp from 'sharp';
import { accessibilityFaults, browse, isTooWide, type Tab } from '../support/browser.ts';
import { password, sql, type World } from '../support/world.ts';
import { countOf, makeClient } from './ticket-story.ts';

const phone = { viewport: { width: 390, height: 844 } };

async function enter(world: World, options = {}): Promise<Tab> {
  const tab = await browse(world.slug, { ...phone, ...options });
  await tab.page.goto('/login');
  await tab.page.fill('[name=login]', 'maria@example.test');
  await tab.page.fill('[name=password]', password);
  await tab.page.press('[name=password]', 'Enter');
  await tab.page.waitForURL('**/');
  return tab;
}

const photo = async () => ({ name: 'tap.jpg', mimeType: 'image/jpeg', buffer: await sharp({ create: { width: 640, height: 480, channels: 3, background: '#789' } }).jpeg().toBuffer() });

describe('a ticket on a phone', function () {
  this.timeout(60_000);

  it('S4-14 S4-15 S4-18 is opened by the green icon in a dialog, with a photo by the paper clip', async () => {
    const { world } = await makeClient();
    const tab = await enter(world);
    const { page } = tab;
    await page.click('.ticket-button');
    const dialog = page.locator('dialog');
    await dialog.waitFor();
    assert.equal(await dialog.getAttribute('aria-label'), 'Open a Ticket');
    assert.equal(new URL(page.url()).pathname, '/');
    assert.deepEqual(await accessibilityFaults(page), []);
    assert.equal(await isTooWide(page), false);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    assert.equal(await page.evaluate<boolean>(`document.activeElement.matches('.ticket-button')`), true);
    await page.click('.ticket-button');
    await dialog.locator('select').selectOption('Plumbing');
    await dialog.locator('textarea').fill('The tap drips 👩‍👩‍👧');
    assert.equal(await dialog.locator('.counted').textContent(), '15 of 499');
    await dialog.locator('input[type=file]').setInputFiles(await photo());
    await dialog.getByRole('button', { name: 'Submit Ticket' }).click();
    await page.waitForURL('**/tickets/T-*');
    assert.match((await page.textContent('.talk')) ?? '', /The tap drips/);
    while ((await page.evaluate(`document.querySelector('.talk-files img').naturalWidth`)) !== 640) await delay(20);
    assert.deepEqual(await accessibilityFaults(page), []);
    assert.equal(await isTooWide(page), false);
    assert.deepEqual(tab.problems, []);
    assert.equal(await countOf(world, 'ticket_files'), 1);
    await tab.close();
  });

  it('S4-15 S4-18 S4-44 without script "Open a Ticket" leads to a page that does the same, and a refused form keeps the text', async () => {
    const { world } = await makeClient();
    const tab = await enter(world, { javaScriptEnabled: false });
    const { page } = tab;
    await page.goto('/tickets');
    await page.getByRole('main').getByRole('link', { name: 'Open a Ticket' }).click();
    await page.waitForURL('**/tickets/new');
    await page.fill('[name=body]', 'The tap drips');
    await page.setInputFiles('[name=files]', await photo());
    await page.getByRole('button', { name: 'Submit Ticket' }).click();
    await page.waitForSelector('.error-summary');
    assert.equal(await page.inputValue('[name=body]'), 'The tap drips');
    await page.selectOption('[name=category]', 'Plumbing');
    await page.setInputFiles('[name=files]', await photo());
    await page.getByRole('button', { name: 'Submit Ticket' }).click();
    await page.waitForURL('**/tickets/T-*');
    await page.fill('[name=body]', 'It is the left one');
    await page.getByRole('button', { name: 'Send' }).click();
    await page.waitForSelector('.talk li:nth-child(2)');
    assert.equal((await sql(world, 'select 1 as one from app.ticket_files')).length, 1);
    assert.deepEqual(tab.problems, []);
    await tab.close();
  });
});
