import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { lastLetter, linkIn } from '../support/letters.ts';
import { sql } from '../support/world.ts';
import { customer, demoPassword, startWalk, type Walker } from './walking.ts';

const father = 'jonas.bestie@example.net';
const chosen = 'seven purple kettles sing';

describe('S1: Lesson #9, the Parent Portal', function () {
  this.timeout(90_000);

  it('S1-1 S1-11 S1-12 S1-13 S1-22 S1-23 S1-31 a family manages its account in the demo portal', async () => {
    const walker = await startWalk('studio');
    await walker.signsIn(customer, 'BestTraining1');
    await seesAndPays(walker);
    await changesDetails(walker);
    await walker.isDone();
  });

  it('S1-35 S1-57 S1-58 S1-59 S1-60 S1-66 S1-80 S1-98 S1-99 staff reset a password on the contact page, and the parent logs in with it', async () => {
    const walker = await startWalk('studio');
    await walker.signsIn('frontdesk@example.com', demoPassword, '/staff/login');
    const temporary = await resetsPassword(walker, father);
    await walker.signsOut();
    await walker.signsIn(father, temporary);
    await walker.isDone();
  });

  it('S1-62 a contact whose check box is cleared does not get in', async () => {
    const walker = await startWalk('studio');
    await walker.signsIn('frontdesk@example.com', demoPassword, '/staff/login');
    await walker.goes(await contactPath(walker, customer));
    await walker.page.locator('[name=maySignIn]').uncheck({ force: true });
    await walker.presses('SAVE CHANGES');
    await walker.signsOut();
    await isRefused(walker, customer, demoPassword);
    await walker.isDone();
  });

  it('S1-34 S1-65 S1-104 S1-105 S1-106 S1-107 after five incorrect passwords the right one is refused, until it is reset', async () => {
    const walker = await startWalk('studio');
    for (let tries = 0; tries < 5; tries += 1) await isRefused(walker, customer, 'incorrect');
    await isRefused(walker, customer, demoPassword);
    await walker.follows('reset your password');
    await walker.fills(/Email address/, customer);
    await walker.presses('Send Reset Email');
    await walker.goes(linkIn(await lastLetter(walker.world, customer), 'Click Here to Reset Your Password'));
    await walker.fills('New password', chosen);
    await walker.fills('The same password again', chosen);
    await walker.presses('Set password');
    await walker.signsIn(customer, chosen);
    await walker.isDone();
  });
});

async function seesAndPays(walker: Walker): Promise<void> {
  await walker.follows('Fees');
  await walker.reads(/Invoice|Fee/);
  await walker.follows('Payments');
  await walker.goes('/billing/pay');
  await walker.page.locator('.is-top .is-pay, .total-bar .btn-primary').locator('visible=true').first().click();
  await walker.page.waitForURL(/\/method/);
  await walker.page.click('.total-bar .btn-primary');
  await walker.page.waitForURL(/\/review/);
  await walker.page.click('.total-bar .btn-primary');
  await walker.page.waitForURL(/\/payments\/PAY-/);
  await walker.reads(/You paid \$/);
}

async function changesDetails(walker: Walker): Promise<void> {
  await walker.follows('My Family');
  await walker.goes('/account/phones');
  await walker.fills('Cell phone', '(704) 555-0190');
  await walker.presses('Save');
  await walker.reads(/\(704\) 555-0190/);
}

async function contactPath({ world }: Walker, email: string): Promise<string> {
  const [contact] = await sql<{ id: string }>(world, 'select id from app.contacts where email = $1 order by id limit 1', [email]);
  return `/staff/contacts/${contact?.id}`;
}

/** Gives the password that the screen and the mail show. */
async function resetsPassword(walker: Walker, email: string): Promise<string> {
  await walker.goes(await contactPath(walker, email));
  await walker.reads(/Contact: /, /Portal Information[\s\S]*Login ID[\s\S]*Last Login[\s\S]*Logins/);
  await walker.presses('Reset Portal Password');
  const { text } = await lastLetter(walker.world, email);
  assert.match(text, /Your customer portal password has been reset by an administrator\./);
  assert.match(text, new RegExp(`Your Portal UserID is: ${email}`));
  const temporary = /Your Portal Password is: (\S+)/.exec(text)?.[1] ?? '';
  await walker.reads(new RegExp(temporary));
  return temporary;
}

async function isRefused(walker: Walker, login: string, password: string): Promise<void> {
  await walker.goes('/login');
  await walker.page.fill('[name=login]', login);
  await walker.page.fill('[name=password]', password);
  await walker.page.press('[name=password]', 'Enter');
  await walker.page.waitForSelector('.error-summary, [role=alert]');
  await walker.reads(/Invalid user ID \/password combination/);
}
