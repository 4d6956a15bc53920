import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { sql } from '../support/world.ts';
import { customer, startWalk, type Walker } from './walking.ts';

describe('S4: Using the Client Portal', function () {
  this.timeout(90_000);

  it('S4-2 S4-3 S4-4 S4-8 S4-10 S4-11 S4-12 S4-15 S4-16 S4-18 S4-19 S4-22 S4-23 S4-24 S4-25 S4-26 S4-28 S4-30 S4-33 S4-34 S4-35 S4-36 S4-39 S4-40 S4-43 S4-44 S4-45 S4-46 S4-51 a client walks the whole text', async () => {
    const walker = await startWalk('fieldservice');
    await walker.signsIn(customer);
    await seesHome(walker);
    await looksAtEachProperty(walker);
    await opensTicket(walker);
    await paysFromBilling(walker);
    await prepaysAndReads(walker);
    await asksAboutService(walker);
    await readsTickets(walker);
    await changesAccount(walker);
    await logsOut(walker);
    await walker.isDone();
  });

  it('S4-9 a client with only one account finds the dropdown grey', async () => {
    const walker = await startWalk('fieldservice');
    await walker.signsIn('nashby');
    assert.equal(await walker.page.locator('button.account-choice').first().isDisabled(), true);
    await walker.isDone();
  });
});

async function seesHome(walker: Walker): Promise<void> {
  assert.equal(new URL(walker.page.url()).pathname, '/');
  await walker.reads(/Tallowbrook Heating, Cooling & Plumbing/, /Home[\s\S]*Billing[\s\S]*Services[\s\S]*Tickets[\s\S]*Account/, /Account Balance/);
}

async function looksAtEachProperty(walker: Walker): Promise<void> {
  for (const name of ['Bakery', '340 Canal St']) {
    await chooses(walker, name);
    await walker.goes('/account');
    await walker.reads(new RegExp(`${name}.* · \\d+`));
  }
}

async function opensTicket(walker: Walker): Promise<void> {
  await walker.goes('/');
  await walker.reads(/Past Due[\s\S]*Pay Now/, /Services/, /Open Tickets/);
  await walker.page.click('.ticket-button');
  const dialog = walker.page.getByRole('dialog', { name: 'Open a Ticket' });
  await dialog.locator('select[name=category]').selectOption('Plumbing');
  await dialog.locator('textarea[name=body]').fill('The tap in the kitchen drips.');
  await dialog.locator('input[type=file]').setInputFiles({ name: 'tap.png', mimeType: 'image/png', buffer: Buffer.from(dot, 'base64') });
  await dialog.getByRole('button', { name: 'Submit Ticket' }).click();
  await walker.page.waitForURL(/\/tickets\/T/);
  await walker.reads(/The tap in the kitchen drips/, /tap\.(png|webp)/);
  const [ticket] = await sql<{ name: string }>(walker.world, `select a.name from app.tickets t join app.accounts a on a.id = t.account_id where t.body = 'The tap in the kitchen drips.'`);
  assert.match(ticket?.name ?? '', /340 Canal St/);
  await walker.goes('/');
  await walker.reads(/Open Tickets[\s\S]*Plumbing/);
}

const dot = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

async function paysFromBilling(walker: Walker): Promise<void> {
  await chooses(walker, '12 Orchard Hill');
  await walker.goes('/billing');
  await walker.reads(/Unpaid invoices/, /Auto-pay/);
  await walker.follows(/^Pay Now/);
  const ticks = walker.page.locator('input[name=invoice]');
  assert.equal(await ticks.count() > 1, true);
  for (const tick of await ticks.all()) assert.equal(await tick.isChecked(), true);
  await filtersByNumber(walker);
  await walker.follows('Select none');
  await walker.presses('Select All Unpaid');
  await walker.page.locator('.is-top .is-pay').click();
  await walker.page.waitForURL(/\/method/);
  await walker.page.click('.total-bar .btn-primary');
  await walker.page.waitForURL(/\/review/);
  await walker.reads(/You pay with/);
  await walker.page.click('.total-bar .btn-primary');
  await walker.page.waitForURL(/\/billing\/payments\/PAY-/);
  await walker.reads(/You paid \$/, /has \$[\d.,]+ to pay, too/);
}

async function filtersByNumber(walker: Walker): Promise<void> {
  const number = (await walker.page.locator('input[name=invoice]').first().getAttribute('value')) ?? '';
  await walker.page.click('.filter-bar > summary');
  await walker.page.locator('.filter-bar [name=number]').fill(number);
  await walker.page.locator('.filter-bar .filter-actions button').click();
  await walker.page.waitForURL(/number=/);
  assert.equal(await walker.page.locator('label[for^=invoice-]').count(), 1);
  await walker.goes('/billing/pay');
}

async function prepaysAndReads(walker: Walker): Promise<void> {
  await chooses(walker, '340 Canal St');
  const [late] = await sql<{ number: string }>(walker.world, `select i.number from app.visible_invoices i join app.accounts a on a.id = i.account_id where a.name like '%340 Canal%' and i.paid_cents < i.total_cents limit 1`);
  assert.equal(await walker.page.evaluate(`fetch('/invoices/${late?.number}.pdf').then((answer) => answer.headers.get('content-type'))`), 'application/pdf');
  await walker.goes('/billing/pay');
  await walker.follows('Make a Prepayment');
  await walker.page.fill('[name=amount]', '50');
  await walker.page.locator('main .btn-primary').first().click();
  await walker.page.waitForURL(/\/review/);
  await walker.page.locator('main .btn-primary').last().click();
  await walker.page.waitForURL(/\/billing\/payments\/PAY-/);
  assert.deepEqual(await sql(walker.world, `select unapplied_cents as cents from app.payments where purpose = 'prepayment' and amount_cents = 5000 order by created_at desc limit 1`), [{ cents: 5000 }]);
  await walker.goes(`/invoices/${late?.number}`);
  await walker.reads(/Past Due|Open/);
}

async function chooses({ page }: Walker, name: string): Promise<void> {
  await page.click('.account-choice > summary');
  await page.click(`.account-choice .menu-button:has-text("${name}")`);
  await page.locator('.account-choice > summary', { hasText: name }).waitFor();
}

async function asksAboutService(walker: Walker): Promise<void> {
  await chooses(walker, '12 Orchard Hill');
  await walker.goes('/services');
  await walker.reads(/Scheduled[\s\S]*Waiting List[\s\S]*History/);
  await walker.page.locator('.visit-card .visit-ask a').first().click();
  await walker.page.locator('select[name=category]').locator('visible=true').first().selectOption('Heating and cooling');
  await walker.page.locator('textarea[name=body]').locator('visible=true').first().fill('Can it be in the morning?');
  await walker.presses('Submit Ticket');
  await walker.reads(/Can it be in the morning\?/);
  assert.deepEqual(await sql(walker.world, `select visit_id is not null as kept from app.tickets where body = 'Can it be in the morning?'`), [{ kept: true }]);
}

async function readsTickets(walker: Walker): Promise<void> {
  await walker.goes('/tickets');
  await walker.reads(/Open Tickets[\s\S]*Can it be in the morning\?[\s\S]*Closed Tickets/);
  assert.equal(await walker.page.getByRole('link', { name: 'Open a Ticket' }).count() > 0, true);
}

async function changesAccount(walker: Walker): Promise<void> {
  await walker.goes('/account');
  await walker.reads(/Username/, /Auto-pay/, /\(215\) 555-\d+/, /Email/);
  assert.equal(await walker.page.locator('.slider').count(), 1);
  await walker.goes('/account/phones');
  await walker.fills('Cell phone', '(215) 555-0190');
  await walker.presses('Save');
  await walker.reads(/\(215\) 555-0190/);
}

async function logsOut({ page }: Walker): Promise<void> {
  await page.locator('.band-end details summary').last().click();
  await page.getByRole('button', { name: 'Log Out' }).locator('visible=true').click();
  await page.waitForURL(/\/login/);
}
