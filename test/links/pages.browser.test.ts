import assert from 'node:assert/strict';
import { after, before, describe, it } from 'mocha';
import { accessibilityFaults, browse, isTooWide, type Tab } from '../support/browser.ts';
import { makeCaller, ownPassword, type Caller } from '../support/door.ts';
import { lastLetter, lettersTo, linkIn } from '../support/letters.ts';
import { makeStaff, password } from '../support/world.ts';

const looks = [
  { name: 'on a phone in light', viewport: { width: 390, height: 844 }, theme: 'light' },
  { name: 'on a screen in dark', viewport: { width: 1280, height: 900 }, theme: 'dark' },
] as const;

for (const look of looks) {
  describe(`the ways in, in a real browser ${look.name}`, () => {
    let caller: Caller;
    let tab: Tab;

    before(async () => {
      caller = await makeCaller('studio', { 'access.entry_modes': ['first_reset', 'self_signup', 'staff_password', 'invitation'] });
      await makeStaff(caller.world);
      tab = await browse(caller.world.slug, { viewport: look.viewport });
      await tab.context.addCookies([{ name: 'theme', value: look.theme, url: `http://${caller.world.slug}.localhost` }]);
    });

    after(() => tab.close());

    /** Readable by everybody, no wider than the screen, and nothing refused or thrown. */
    async function isFine(name: string): Promise<void> {
      assert.deepEqual(await accessibilityFaults(tab.page), [], name);
      assert.equal(await isTooWide(tab.page), false, name);
      assert.deepEqual(tab.problems, [], name);
    }

    it('S1-34 from the sign-in page through the mail to the portal', async () => {
      const { page } = tab;
      await page.goto('/login');
      await page.getByLabel('Email').fill(caller.email);
      await page.getByLabel('Password').fill('wrong');
      await page.getByRole('button', { name: 'Sign In', exact: true }).click();
      await isFine('refused');
      await page.getByRole('link', { name: 'reset your password' }).click();
      await isFine('forgot');
      await page.getByLabel('Email address').fill(caller.email);
      await page.getByRole('button', { name: 'Send Reset Email' }).click();
      await isFine('sent');
      await page.goto(linkIn(await lastLetter(caller.world, caller.email), 'Click Here to Reset Your Password'));
      assert.match(page.url(), /\/password\/reset$/);
      await page.getByLabel('New password').fill('password1');
      await page.getByLabel('The same password again').fill('password2');
      await page.getByRole('button', { name: 'Set password' }).click();
      await isFine('refused password');
      await page.getByLabel('New password').fill(ownPassword);
      await page.getByLabel('The same password again').fill(ownPassword);
      await page.getByRole('button', { name: 'Set password' }).click();
      await isFine('ready');
      await page.getByRole('link', { name: 'Log in' }).click();
      await page.getByLabel('Email').fill(caller.email);
      await page.getByLabel('Password').fill(ownPassword);
      await page.getByRole('button', { name: 'Sign In', exact: true }).click();
      await page.goto('/account/password');
      await isFine('change');
    });

    it('C-3 a dead link, sign-up, and what follows an invitation', async () => {
      const { page } = tab;
      const reset = (await lettersTo(caller.world, caller.email)).find(({ text }) => text.includes('/password/reset/'));
      const usedLink = reset ? linkIn(reset, 'Click Here to Reset Your Password') : '';
      for (const path of [`/password/reset/${'a'.repeat(43)}`, usedLink, '/signup', '/signup/sent', '/invitations/accepted', '/links/sent']) {
        await page.goto(path);
        await isFine(path);
      }
    });

    it('S1-60 the contact page, the temporary password and the pages about staff', async () => {
      const { page } = tab;
      await page.goto('/staff/login');
      await page.getByLabel('Email').fill('owner@example.test');
      await page.getByLabel('Password').fill(password);
      await page.getByRole('button', { name: 'Sign In', exact: true }).click();
      await page.goto('/staff/accounts');
      await isFine('accounts');
      await page.getByRole('link', { name: 'Bestie' }).first().click();
      await isFine('account');
      await page.getByRole('link', { name: 'Maria Bestie' }).click();
      await isFine('contact');
      await page.getByRole('button', { name: 'Reset Portal Password' }).click();
      assert.match(await page.locator('code').innerText(), /^[a-z2-9]{8}$/);
      await isFine('shown');
      await page.goto('/staff/people');
      await isFine('people');
      await page.getByRole('link', { name: 'The owner' }).click();
      await isFine('person');
    });
  });
}
