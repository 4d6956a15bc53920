import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { lastLetter, linkIn } from '../support/letters.ts';
import { sql } from '../support/world.ts';
import { customer, startWalk, type Walker } from './walking.ts';

const chosen = 'seven purple kettles sing';

describe('S3: an overview of the Customer Portal', function () {
  this.timeout(90_000);

  it('S3-1 S3-4 S3-5 S3-6 a customer is invited, sets a password, confirms, and only then logs in', async () => {
    const walker = await startWalk('cloud');
    const email = await invites(walker);
    await walker.goes(linkIn(await lastLetter(walker.world, email), await linkOf(walker, email)));
    await walker.fills('New password', chosen);
    await walker.fills('The same password again', chosen);
    await walker.page.locator('main form button').first().click();
    await walker.page.waitForURL(/accepted|sent/);
    await walker.goes(linkIn(await lastLetter(walker.world, email), 'Confirm'));
    await walker.presses('Confirm');
    await walker.signsIn(email, chosen);
    await walker.reads(/Account Balance/);
    await walker.isDone();
  });

  it('S3-8 S3-10 S3-11 S3-13 S3-14 S3-17 S3-18 S3-20 S3-23 S3-25 a customer reads header and history, and exports usages', async () => {
    const walker = await startWalk('cloud');
    await walker.signsIn(customer);
    await readsHeader(walker);
    await readsTabs(walker);
    await worksWithUsages(walker);
    await walker.isDone();
  });

  it('S3-27 S3-28 S3-29 S3-30 S3-31 S3-33 S3-35 S3-36 S3-41 S3-42 S3-43 S3-44 a customer pays, and manages the account', async () => {
    const walker = await startWalk('cloud');
    await walker.signsIn(customer);
    await pays(walker);
    await managesMethods(walker);
    await readsAccount(walker);
    await changesPassword(walker);
    await forgetsPassword(walker);
    await walker.isDone();
  });
});

async function invites(walker: Walker): Promise<string> {
  const [contact] = await sql<{ id: string; email: string }>(walker.world, `select c.id, c.email from app.contacts c join app.accounts a on a.id = c.account_id where c.login_ref is null and c.may_sign_in and a.stage = 'active' and c.email like '%@%' order by c.id limit 1`);
  const found = contact ?? (await sql<{ id: string; email: string }>(walker.world, `update app.contacts c set login_ref = null from app.accounts a where a.id = c.account_id and c.email = 'kzak@example.com' returning c.id, c.email`))[0];
  await walker.signsIn('owner@example.com', 'BestTraining1', '/staff/login');
  await walker.goes(`/staff/contacts/${found?.id}`);
  await walker.presses(/Invite to the portal|Send the invitation again/);
  await walker.signsOut();
  return found?.email ?? '';
}

async function linkOf(walker: Walker, email: string): Promise<string> {
  const { text } = await lastLetter(walker.world, email);
  return /^(.+): http/m.exec(text)?.[1] ?? '';
}

async function readsHeader(walker: Walker): Promise<void> {
  await walker.reads(/Account Balance/, /Last Paid/, /Eastern Time/);
  await walker.follows('View Last Invoice');
  assert.match(new URL(walker.page.url()).pathname, /^\/invoices\/./);
}

async function readsTabs(walker: Walker): Promise<void> {
  const columns = {
    Invoices: [/Invoice/, /Invoice date/, /Due date/, /Total/, /Status/],
    Payments: [/Payment ID/, /Date/, /Payment method/, /Amount/, /Status/],
    Credits: [/Credit ID/, /Credit date/, /Reference/, /Currency/, /Amount/, /Balance/],
  };
  for (const [tab, words] of Object.entries(columns)) {
    await walker.follows(tab);
    await walker.reads(...words);
  }
}

async function worksWithUsages(walker: Walker): Promise<void> {
  await walker.follows('Usages');
  await walker.reads(/Usage ID[\s\S]*Description[\s\S]*Quantity[\s\S]*Unit of measure/);
  await walker.page.click('.view-menu summary');
  await walker.page.locator('.view-menu input[type=checkbox]:not(:checked)').first().check({ force: true });
  await walker.presses('Save the view');
  await walker.reads(/Your view is saved/);
  await walker.page.getByText('Export Usage Records').locator('visible=true').first().click();
  await walker.presses('Send');
  const mail = await lastLetter(walker.world, customer);
  assert.equal(mail.text.includes('Download the Excel file'), true);
  const download = walker.page.waitForEvent('download');
  await walker.page.goto(linkIn(mail, 'Download the Excel file')).catch(() => undefined);
  assert.match((await download).suggestedFilename(), /\.xlsx$/);
}

async function pays(walker: Walker): Promise<void> {
  await walker.goes('/');
  await walker.follows('Make Payment');
  await walker.page.waitForURL(/\/billing\/pay/);
  await walker.page.click('.total-bar .btn-primary');
  await walker.page.waitForURL(/\/billing\/pay\/invoices/);
  await walker.page.locator('input[name=invoice]').first().check({ force: true });
  await walker.page.locator('.is-pay').locator('visible=true').first().click();
  await walker.page.waitForURL(/\/review/);
  await walker.page.click('.total-bar .btn-primary');
  await walker.page.waitForURL(/\/payments\/PAY-/);
  await walker.reads(/You paid /);
}

async function managesMethods(walker: Walker): Promise<void> {
  await walker.goes('/');
  await walker.page.locator('.band-end details summary').last().click();
  await walker.follows('My account');
  await walker.follows('Manage Payment Methods');
  await walker.presses(/Add Payment Method/);
  await walker.typesCard('5555 5555 5555 4444');
  await walker.reads(/Mastercard ending 4444/);
  await walker.page.getByRole('button', { name: /Set As Default.*4444/s }).first().click();
  await walker.reads(/ending 4444 is the default now/);
  await walker.page.getByRole('link', { name: /Delete.*4242/s }).first().click();
  await walker.page.locator('main .btn-danger').click();
  await walker.reads(/is deleted/);
}

async function readsAccount(walker: Walker): Promise<void> {
  await walker.goes('/account');
  await walker.reads(/Autopay Future Invoices/);
  assert.equal(await walker.page.locator('main a[href="/account/name"], main a[href="/account/phones"]').count(), 0);
  await walker.page.click('.slider');
  await walker.page.waitForURL(/\/billing\/autopay/);
}

async function changesPassword(walker: Walker): Promise<void> {
  await walker.goes('/account/password');
  const fields = walker.page.locator('main input[type=password]');
  const count = await fields.count();
  for (let at = 0; at < count; at += 1) await fields.nth(at).fill(count > 2 && at === 0 ? 'BestTraining1' : at === 0 && count === 2 ? 'BestTraining1' : chosen);
  await walker.presses('Save');
  await walker.signsOut();
  await walker.signsIn(customer, chosen);
  await walker.signsOut();
}

async function forgetsPassword(walker: Walker): Promise<void> {
  await walker.goes('/login');
  await walker.follows('Forgot Password');
  await walker.page.locator('main input[name=email], main input[name=login]').first().fill(customer);
  const fields = walker.page.locator('main input[type=password]');
  for (let at = 0; at < (await fields.count()); at += 1) await fields.nth(at).fill('nine green lamps shine');
  await walker.page.locator('main form button').first().click();
  await walker.page.waitForURL(/sent/);
  const mail = await lastLetter(walker.world, customer);
  await walker.goes(linkIn(mail, /^(.+): http/m.exec(mail.text)?.[1] ?? ''));
  const asked = walker.page.locator('main input[type=password]');
  if (await asked.count()) await asked.first().fill('nine green lamps shine');
  await walker.presses('Confirm');
  await walker.signsIn(customer, 'nine green lamps shine');
}
