import assert from 'node:assert/strict';
import type { BrowserContextOptions } from 'playwright-core';
import { describe, it } from 'mocha';
import { giveCredit, receive, sendInvoice } from '../ledger/bookkeeping.ts';
import { aDraft, anOffice, type Office } from '../staff-invoices/office.ts';
import { accessibilityFaults, browse, isTooWide, type Tab } from '../support/browser.ts';
import { password } from '../support/world.ts';

const screens: Readonly<Record<string, BrowserContextOptions>> = {
  'on a small phone': { viewport: { width: 320, height: 640 } },
  'in the dark': { viewport: { width: 1280, height: 900 }, colorScheme: 'dark' },
};

async function anAccount(): Promise<Office> {
  const office = await anOffice();
  const long = 'INV-2026-000000000000000001';
  const first = await sendInvoice(office, { number: long, cents: 123_456_789_00, on: '2026-10-01', dueOn: '2026-10-15' });
  await sendInvoice(office, { number: 'INV-EUR', cents: 4000, on: '2026-10-05', currency: 'EUR' });
  await receive(office, { number: 'PAY-1', cents: 10_000, on: '2026-10-06', paid: { [first]: 8500 } });
  await giveCredit(office, { number: 'CR-1', cents: 2000, used: { [first]: 1500 } });
  await aDraft(office, ['Mowing of a very long lawn with a very long name', '4', '25.50'], ['Discount', '', '-2.00']);
  return office;
}

async function signIn({ page }: Tab, door: string, login: string): Promise<void> {
  await page.goto(door);
  await page.fill('[name=login]', login);
  await page.fill('[name=password]', password);
  await page.press('[name=password]', 'Enter');
  await page.waitForURL((url) => !url.pathname.endsWith('/login'));
}

async function assertSound(tab: Tab, paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    const answer = await tab.page.goto(path);
    assert.equal(answer?.status(), 200, path);
    assert.deepEqual(await accessibilityFaults(tab.page), [], path);
    assert.equal(await isTooWide(tab.page), false, path);
  }
  assert.deepEqual(tab.problems, []);
}

describe('pages about money', () => {
  for (const [name, screen] of Object.entries(screens)) {
    it(`can be read by everybody ${name}`, async () => {
      const { world } = await anAccount();
      const tab = await browse(world.slug, screen);
      await signIn(tab, '/login', 'maria@example.test');
      await assertSound(tab, ['/billing/transactions', '/billing/transactions?from=2026-10-06&to=2026-10-01', '/billing/transactions/print', '/billing/transactions/balance', '/billing/statement?from=2026-01-01']);
      await tab.close();
    });

    it(`can be worked with by staff ${name}`, async () => {
      const { world, staff } = await anAccount();
      const number = /\/staff\/accounts\/([^/"]+)\/billing/.exec((await staff.get('/staff/invoices/INV-EUR')).text)?.[1];
      const tab = await browse(world.slug, screen);
      await signIn(tab, '/staff/login', 'front_desk@example.test');
      await assertSound(tab, [
        '/staff/invoices', '/staff/invoices?status=x', '/staff/invoices/new', '/staff/invoices/DRAFT-1', '/staff/invoices/DRAFT-1/sending', '/staff/invoices/INV-EUR', '/staff/invoices/INV-EUR/voiding',
        '/staff/invoices/INV-2026-000000000000000001', `/staff/accounts/${number}/billing`, '/staff/credits/CR-1',
      ]);
      await tab.close();
    });
  }
});
