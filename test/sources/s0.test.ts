import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { lastLetter, linkIn } from '../support/letters.ts';
import { sql } from '../support/world.ts';
import { customer, startWalk, type Walker } from './walking.ts';

const newcomer = 'hmarigold@example.net';
const chosen = 'seven purple kettles sing';

describe('S0: the Billing Portal', function () {
  this.timeout(90_000);

  it('S0-14 S0-15 S0-17 S0-18 S0-19 the first access is a reset, by the link in its mail', async () => {
    const walker = await startWalk('billing');
    await walker.goes('/login');
    await walker.follows('Reset Password');
    await walker.fills(/Email address/, newcomer);
    await walker.presses('Send Reset Email');
    await walker.goes(linkIn(await lastLetter(walker.world, newcomer), 'Click Here to Reset Your Password'));
    await walker.fills('New password', chosen);
    await walker.fills('The same password again', chosen);
    await walker.presses('Set password');
    await walker.signsIn(newcomer, chosen);
    await walker.reads(/Dashboard/);
    await walker.isDone();
  });

  it('S0-1 S0-4 S0-5 S0-23 S0-24 S0-25 S0-26 S0-28 S0-29 S0-30 S0-31 S0-37 S0-38 contact, payment method and history are kept under Billing & Payments', async () => {
    const walker = await startWalk('billing');
    await walker.signsIn(customer);
    await goesToBilling(walker);
    await changesContact(walker);
    await addsCard(walker);
    await readsHistory(walker);
    await walker.isDone();
  });

  it('S0-7 S0-39 S0-40 S0-41 S0-43 who is suspended pays what is overdue by card, and is active again', async () => {
    const walker = await startWalk('billing');
    const account = await fallsOverdue(walker, 'card');
    await walker.signsIn(customer);
    await walker.reads(/Pay Now/);
    await walker.goes('/billing');
    await walker.follows('Pay Now');
    await walker.page.click('.total-bar .btn-primary');
    await walker.page.waitForURL(/\/method/);
    await walker.page.click('.total-bar .btn-primary');
    await walker.page.waitForURL(/\/review/);
    await walker.page.click('.total-bar .btn-primary');
    await walker.page.waitForURL(/\/billing\/payments\/PAY-/);
    await walker.reads(/You paid \$/);
    assert.deepEqual(await sql(walker.world, 'select stage from app.accounts where id = $1', [account]), [{ stage: 'active' }]);
    await walker.isDone();
  });

  it('S0-45 S0-46 S0-47 a bank-draft client who is overdue adds a card and asks that it be charged', async () => {
    const walker = await startWalk('billing');
    await fallsOverdue(walker, 'bank_draft');
    await walker.signsIn(customer);
    await walker.goes('/billing/methods');
    await walker.presses('Add Payment Method');
    await walker.typesCard('5555 5555 5555 4444');
    await walker.goes('/billing');
    await walker.reads(/billing@rosterwell\.example/);
    await walker.presses('Request a card payment');
    await walker.reads(/Your request is with our billing office/);
    assert.equal((await sql(walker.world, `select id from app.staff_tasks where kind = 'card_payment'`)).length, 1);
    await walker.isDone();
  });
});

async function goesToBilling(walker: Walker): Promise<void> {
  await walker.reads(/Rosterwell Billing/, /Billing Portal/);
  await walker.page.click('.side-menu summary');
  await walker.page.locator('.side-menu').getByRole('link', { name: 'Billing & Payments' }).click();
  await walker.page.waitForURL(/\/billing$/);
  await walker.goes('/');
  await walker.page.locator('nav.tabs, .tabs').getByRole('link', { name: 'Billing & Payments' }).first().click();
  await walker.page.waitForURL(/\/billing$/);
  await walker.reads(/Quicklinks[\s\S]*Saved Payment Methods[\s\S]*Full Transaction History/, /Recent Activity/);
}

async function changesContact(walker: Walker): Promise<void> {
  await walker.follows('Contacts');
  await walker.page.getByRole('link', { name: /^EDIT/ }).first().click();
  await walker.fills('Cell phone', '(704) 555-0190');
  await walker.presses('Save');
  await walker.page.waitForURL(/\/billing\/contacts$/);
  await walker.reads(/\(704\) 555-0190/);
}

async function addsCard(walker: Walker): Promise<void> {
  await walker.goes('/billing');
  await walker.follows('Saved Payment Methods');
  await walker.presses('Add Payment Method');
  await walker.reads(/Credit \/ Debit card/i);
  await walker.typesCard('5555 5555 5555 4444');
  await walker.reads(/Mastercard ending 4444/);
}

async function readsHistory(walker: Walker): Promise<void> {
  await walker.goes('/billing');
  await walker.follows('Full Transaction History');
  await walker.reads(/Invoice|Charge/, /Payment/);
  await walker.goes('/billing/transactions/print');
  assert.equal(await walker.page.getByRole('button', { name: 'Print' }).count(), 1);
  await walker.reads(/Payment PAY-/, /Invoice RW/);
}

/** Something has become past due, and the account is suspended for it. */
async function fallsOverdue({ world }: Walker, paysBy: string): Promise<string> {
  const [account] = await sql<{ id: string }>(world, `update app.accounts a set stage = 'suspended', pays_by = $2 from app.contacts c join app.logins l on l.id = c.login_ref where c.account_id = a.id and l.login_id = $1 returning a.id`, [customer, paysBy]);
  const [invoice] = await sql<{ id: string }>(world, `insert into app.invoices (account_id, number, issued_on, due_on, currency, total_cents, status) values ($1, 'LATE-1', '2026-10-01', '2026-10-15', 'USD', 8500, 'sent') returning id`, [account?.id]);
  await sql(world, `insert into app.invoice_lines (account_id, invoice_id, position, description, amount_cents) values ($1, $2, 1, 'Fees for October', 8500)`, [account?.id, invoice?.id]);
  return account?.id ?? '';
}
