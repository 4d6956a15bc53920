import assert from 'node:assert/strict';
import { before, describe, it } from 'mocha';
import type { Page } from 'playwright-core';
import { widthFaults } from './examine.ts';
import { makePlace, type Place } from './place.ts';
import { looks, walkPages } from './walk-pages.ts';

/** What people put on paper. */
const printed = new Set(['/invoices/:number', '/billing/statement', '/billing/transactions', '/billing/transactions/print', '/billing/transactions/balance', '/payments/:number', '/staff/invoices/:number', '/staff/accounts/:number/billing']);

/** A4 and Letter without their margins, as CSS pixels. */
const widths = [673, 695];

async function paperFaults(page: Page, name: string): Promise<string[]> {
  const found: string[] = [];
  for (const width of widths) {
    await page.setViewportSize({ width, height: 1000 });
    found.push(...(await widthFaults(page)));
  }
  const shown = await page.evaluate<string[]>(`(() => {
    const found = [];
    const isSeen = (one) => one.checkVisibility() && one.getBoundingClientRect().height > 0;
    for (const one of document.querySelectorAll('nav, .btn, button, form, .skip, summary, input')) if (isSeen(one)) found.push('prints ' + one.tagName.toLowerCase() + ' ' + one.className);
    for (const cell of document.querySelectorAll('main td, main th, main dd')) if (isSeen(cell) && cell.scrollWidth > cell.clientWidth + 1 && getComputedStyle(cell).overflow !== 'visible') found.push('cuts ' + cell.textContent.trim());
    const body = getComputedStyle(document.body);
    if (body.color !== 'rgb(0, 0, 0)' || body.backgroundColor !== 'rgb(255, 255, 255)') found.push('is ' + body.color + ' on ' + body.backgroundColor);
    const mast = document.querySelector('.masthead-name');
    if (!mast || !isSeen(mast)) found.push('names nobody');
    for (const row of document.querySelectorAll('tbody tr')) if (getComputedStyle(row).breakInside !== 'avoid') { found.push('breaks a row over two pages'); break; }
    return [...new Set(found)];
  })()`);
  const pdf = (await page.pdf({ format: 'A4', preferCSSPageSize: true })).toString('latin1');
  const pages = [...pdf.matchAll(/\/Type\s*\/Page\b/g)].length;
  if (!pages || pages > 12) found.push(`${name} takes ${pages} pages`);
  return [...found, ...shown];
}

describe('on paper', function () {
  this.timeout(180_000);
  let place: Place;
  before(async () => {
    place = await makePlace('studio');
  });

  it('invoices, statements and the history bear the name, are black on white also from a dark screen, and carry no navigation, nothing cut, no row in two', async () => {
    const which = looks.filter(({ name }) => printed.has(name));
    assert.equal(which.length, printed.size);
    const found = await walkPages(place, which, async ({ page, look }) => {
      await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
      if (process.env['SHOTS']) await page.screenshot({ path: `${process.env['SHOTS']}/print-${look.name.replace(/\W+/g, '-')}.png`, fullPage: true });
      return paperFaults(page, look.name);
    });
    assert.deepEqual(found, {});
  });
});
