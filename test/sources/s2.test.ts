import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { lastLetter, linkIn } from '../support/letters.ts';
import { sql } from '../support/world.ts';
import { customer, startWalk, type Walker } from './walking.ts';

const newcomer = 'zlodzki@example.net';
const chosen = 'seven purple kettles sing';

describe('S2: What Your Customers Can Do From Their Portal', function () {
  this.timeout(90_000);

  it('S2-1 S2-2 S2-3 S2-4 S2-6 S2-7 S2-9 S2-10 S2-11 S2-14 S2-22 S2-28 a customer does everything the text lists', async () => {
    const walker = await startWalk('lawncare');
    await walker.signsIn(customer);
    await readsHistory(walker);
    await paysOneInvoice(walker);
    await optsInAndOut(walker);
    await writes(walker);
    await seesNothingUnsent(walker);
    await walker.isDone();
  });

  it('S2-30 S2-33 S2-34 S2-35 S2-36 S2-37 a customer signs up in five steps, and signs up for auto-pay S2-23 S2-24 S2-25 S2-26', async () => {
    const walker = await startWalk('lawncare');
    await signsUp(walker);
    await signsUpForAutopay(walker);
    await walker.isDone();
  });

  it('S2-17 S2-19 S2-20 the business finds the email template, filled in, and the page to hand out', async () => {
    const walker = await startWalk('lawncare');
    await walker.signsIn('owner@example.com', 'BestTraining1', '/staff/login');
    await walker.goes('/staff/invitations/letter');
    await walker.reads(/We are now offering a new Customer Portal|new Customer Portal for your convenience/);
    await walker.goes('/instructions');
    await walker.reads(/Sign Up/);
    await walker.isDone();
  });
});

async function readsHistory(walker: Walker): Promise<void> {
  await walker.reads(/Past Due/);
  await walker.goes('/billing/statement');
  await walker.reads(/Opening balance[\s\S]*Closing balance/);
  for (const [tab, word] of [['Invoices', /INV|Invoice/], ['Payments', /PAY|Payment/], ['Account Credits', /Credit/], ['Services', /Scheduled|History/]] as const) {
    await walker.follows(tab);
    await walker.reads(word);
  }
}

async function paysOneInvoice(walker: Walker): Promise<void> {
  await walker.goes('/billing/pay');
  const ticks = walker.page.locator('input[name=invoice]');
  for (let at = 0; at < (await ticks.count()); at += 1) assert.equal(await ticks.nth(at).isChecked(), false);
  await ticks.first().check({ force: true });
  await walker.page.locator('.is-pay').locator('visible=true').first().click();
  await walker.page.waitForURL(/\/method/);
  await walker.page.click('.total-bar .btn-primary');
  await walker.page.waitForURL(/\/review/);
  await walker.page.click('.total-bar .btn-primary');
  await walker.page.waitForURL(/\/payments\/PAY-/);
  await walker.reads(/You paid \$/);
}

async function optsInAndOut(walker: Walker): Promise<void> {
  await walker.goes('/account/texts');
  await walker.reads(/not marketing messages/);
  await walker.page.locator('main input[type=checkbox]').first().check({ force: true });
  await walker.page.locator('main .btn-primary').first().click();
  await walker.page.waitForURL(/\/account(\/texts)?$/);
  await walker.goes('/account/texts');
  await walker.presses('Opt out');
  await walker.reads(/You get no more text messages/);
}

async function writes(walker: Walker): Promise<void> {
  await walker.goes('/');
  await walker.follows('Contact Us');
  await walker.fills('Subject', 'The gate was left open');
  await walker.fills('Your message', 'Please close it behind you.');
  await walker.presses('Send');
  await walker.reads(/The gate was left open/);
}

async function seesNothingUnsent(walker: Walker): Promise<void> {
  const [unsent] = await sql<{ number: string }>(walker.world, `select i.number from app.invoices i join app.contacts c on c.account_id = i.account_id join app.logins l on l.id = c.login_ref where l.login_id = $1 and i.status = 'unsent' limit 1`, [customer]);
  assert.ok(unsent);
  await walker.goes(`/invoices/${unsent.number}`);
  await walker.reads(/There is nothing here/);
}

async function signsUp(walker: Walker): Promise<void> {
  await walker.goes('/login');
  assert.equal(await walker.page.getByRole('link', { name: 'Contact Us' }).count() > 0, true);
  await walker.follows('Sign Up');
  await walker.fills('Email address', newcomer);
  await walker.presses('Sign Up');
  await walker.goes(linkIn(await lastLetter(walker.world, newcomer), 'Set up your password'));
  await walker.fills('New password', chosen);
  await walker.fills('The same password again', chosen);
  await walker.presses('Set password');
  await walker.goes('/login');
  assert.equal(await walker.page.getByRole('link', { name: 'Forgot Password' }).count(), 1);
  await walker.signsIn(newcomer, chosen);
}

async function signsUpForAutopay(walker: Walker): Promise<void> {
  await walker.follows('Billing Info');
  await walker.page.click('.slider');
  await walker.page.waitForURL(/\/billing\/autopay\/card/);
  await walker.presses(/Add Payment Method/);
  await walker.typesCard();
  await walker.page.waitForURL(/\/billing\/autopay/);
  await walker.presses('Submit');
  await walker.page.waitForURL(/\/review/);
  await walker.presses('Submit');
  await walker.reads(/Autopay is on/);
}
