import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { browse, isTooWide } from '../support/browser.ts';
import { makeInvoice, password, signedInFamily } from '../support/world.ts';

describe('a real browser', () => {
  it('signs in, sees the home page and signs out, with no error on the way', async () => {
    const { world, accountId } = await signedInFamily('studio');
    await makeInvoice(world, accountId, { number: 'INV-1' });
    const tab = await browse(world.slug);
    const { page, problems } = tab;
    await page.goto('/');
    await page.fill('[name=login]', 'maria@example.test');
    await page.fill('[name=password]', password);
    await page.press('[name=password]', 'Enter');
    await page.waitForURL('**/');
    assert.match((await page.textContent('main')) ?? '', /INV-1/);
    assert.equal(await isTooWide(page), false);
    await page.evaluate(`document.querySelector('form[action="/logout"]').requestSubmit()`);
    await page.waitForURL('**/login');
    assert.deepEqual(problems, []);
    await tab.close();
  });
});
