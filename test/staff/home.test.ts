import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { ofThePage, statementsOf } from '../support/statements.ts';
import { makeAccount, makeInvoice, makeLogin, makeWorld, sql, type World } from '../support/world.ts';
import { staffVisitor } from '../support/staff-visit.ts';

/** The facts on the page: what stands behind each word. */
function factsOf(html: string): string[] {
  return [...html.matchAll(/<dt>([^<]*)<\/dt><dd[^>]*>([\s\S]*?)<\/dd>/g)].map(([, name, value]) => `${name}: ${(value ?? '').replace(/<[^>]*>/g, '').trim()}`);
}

async function billed(): Promise<World> {
  const world = await makeWorld('studio');
  const account = await makeAccount(world);
  await makeAccount(world, { stage: 'lead', name: 'Later' });
  await makeInvoice(world, account, { total_cents: 10_000, due_on: '2020-01-01' });
  await makeInvoice(world, account, { total_cents: 5000, due_on: '2099-01-01' });
  await makeInvoice(world, account, { total_cents: 700, due_on: '2020-01-01', currency: 'EUR' });
  await makeInvoice(world, account, { total_cents: 42_000, status: 'unsent', issued_on: '2020-01-01' });
  await makeInvoice(world, account, { total_cents: 1, status: 'unsent', issued_on: '2099-01-01' });
  await makeInvoice(world, account, { total_cents: 999, status: 'void' });
  return world;
}

describe('the home page of staff', () => {
  it('says what is owed, past due and not sent, per currency, and how the accounts stand', async () => {
    const world = await billed();
    await sql(world, 'update app.logins set locked_at = now() where id = $1', [await makeLogin(world)]);
    const html = (await (await staffVisitor(world, 'front_desk')).get('/staff')).text;
    assert.deepEqual(factsOf(html), [
      'Unpaid: $150.00 on 2 invoices',
      'Past due: $100.00',
      'Unpaid: €7.00 on 1 invoice',
      'Past due: €7.00',
      'Not sent for more than a week: $420.00 on 1 invoice that nobody sees',
      'Active: 1',
      'Leads: 1',
      'Sign-ins locked: 1',
    ]);
    assert.match(html, /Hello, The front_desk/);
  });

  it('an invoice is counted as not sent on the eighth day, not on the seventh', async () => {
    const world = await makeWorld('studio');
    const account = await makeAccount(world);
    const daysAgo = async (days: number) => makeInvoice(world, account, { status: 'unsent', issued_on: (await sql<{ day: string }>(world, `select (now() at time zone 'America/New_York')::date - $1::int as day`, [days]))[0]!.day });
    await daysAgo(7);
    const visitor = await staffVisitor(world);
    assert.doesNotMatch((await visitor.get('/staff')).text, /Not sent for more/);
    await daysAgo(8);
    assert.match((await visitor.get('/staff')).text, /Not sent for more/);
  });

  it('shows the last five lines of the portal log, newest first', async () => {
    const world = await makeWorld('studio');
    const visitor = await staffVisitor(world);
    for (let line = 1; line <= 6; line += 1) await sql(world, `insert into app.portal_log (kind, message) values ('test', $1)`, [`Line ${line}`]);
    const lines = [...(await visitor.get('/staff')).text.matchAll(/Line \d/g)].map(String);
    assert.deepEqual(lines, ['Line 6', 'Line 5', 'Line 4', 'Line 3', 'Line 2']);
  });

  it('the same line again and again is one line with how often, and the next one is not lost', async () => {
    const world = await makeWorld('studio');
    const visitor = await staffVisitor(world);
    for (const message of ['First', ...Array<string>(7).fill('Again'), 'Last']) await sql(world, `insert into app.portal_log (kind, message) values ('test', $1)`, [message]);
    assert.match((await visitor.get('/staff')).text, /Last<\/li>.*Again <span class="quiet">7 times<\/span><\/li>.*First<\/li>/s);
  });

  it('an owner whose name is not known yet is not greeted by a piece of an address', async () => {
    const world = await makeWorld('studio');
    const visitor = await staffVisitor(world);
    await sql(world, `update app.staff_users set name = split_part(email, '@', 1)`);
    assert.match((await visitor.get('/staff')).text, /<h1>Hello<\/h1>/);
  });

  it('shows money and people only to whom these are open', async () => {
    const world = await billed();
    const visitor = await staffVisitor(world, 'front_desk');
    await sql(world, `update app.staff_users set permissions = '{"invoices": false, "accounts": false}'`);
    const page = await visitor.get('/staff');
    assert.equal(page.status, 200);
    assert.deepEqual(factsOf(page.text), []);
    assert.doesNotMatch(page.text, /Staff login successful/);
  });

  it('asks one named statement, and one for what a new owner has done', async () => {
    const visitor = await staffVisitor(await billed());
    await visitor.get('/staff');
    const asked = ofThePage(await statementsOf(() => visitor.get('/staff')));
    assert.deepEqual(asked.map(({ name }) => name), ['staff-home', 'getting-started']);
  });

  it('another organization’s figures are not in it', async () => {
    await billed();
    const html = (await (await staffVisitor(await makeWorld('studio'))).get('/staff')).text;
    assert.deepEqual(factsOf(html), ['Unpaid: $0.00', 'Active: 0', 'Sign-ins locked: 0']);
  });
});
