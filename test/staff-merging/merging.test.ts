import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { staffVisitor } from '../support/staff-visit.ts';
import { opens } from '../support/door.ts';
import type { Visitor } from '../support/visitor.ts';
import { makeVisit } from '../visits/making.ts';
import { makeAccount, makeContact, makeInvoice, makeLogin, makeWorld, password, sql, type World } from '../support/world.ts';

interface Doubles {
  readonly world: World;
  readonly staff: Visitor;
  readonly kept: string;
  readonly gone: string;
}

/** One family twice: with the same mother, and each with a contact of its own. */
async function twice(): Promise<Doubles> {
  const world = await makeWorld('studio');
  const [kept, gone] = [await makeAccount(world, { name: 'Bestie', number: 'A-1' }), await makeAccount(world, { name: 'Besty', number: 'A-2' })];
  await makeContact(world, kept, { cell_phone: null });
  await makeContact(world, gone, { cell_phone: '555-0142', login_ref: await makeLogin(world) });
  await makeContact(world, gone, { first_name: 'Jonas', email: 'jonas@example.test', is_primary: false });
  return { world, staff: await staffVisitor(world, 'manager'), kept, gone };
}

const contactsOf = (world: World, account: string) => sql(world, `select first_name as name, cell_phone as phone, login_ref is not null as login, is_primary as primary from app.contacts where account_id = $1 order by first_name`, [account]);

describe('doubles at the front desk', () => {
  it('C-32 are suggested by the same email, phone or name', async () => {
    const { world, staff } = await twice();
    const { text } = await staff.get('/staff/doubles');
    assert.match(text, /Same email<\/b> <span class="quiet">maria@example\.test/);
    assert.match(text, /href="\/staff\/accounts\/A-1\/merge\?other=A-2"/);
    await sql(world, `update app.accounts set related_group = 'one'`);
    assert.doesNotMatch((await staff.get('/staff/doubles')).text, /Same email/);
  });

  it('C-32 show what would move before they are merged; contacts, login, notes and mails go over, and the log stays as it was written', async () => {
    const { world, staff, kept, gone } = await twice();
    await sql(world, `insert into app.account_notes (account_id, body, staff_name) values ($1, 'Call after six', 'Ann')`, [gone]);
    await sql(world, `insert into app.messages (account_id, type, subject, to_address, from_address, text_body, html_body) values ($1, 'Family', 'Hello', 'x', 'y', '', '')`, [gone]);
    await sql(world, `insert into app.portal_log (kind, message, account_id) values ('test', 'of the double', $1)`, [gone]);
    const { text } = await staff.get('/staff/accounts/A-1/merge?other=A-2');
    for (const said of ['Maria Bestie becomes one with Maria Bestie', 'Jonas Bestie moves', 'This cannot be undone']) assert.ok(text.includes(said), said);
    assert.equal((await contactsOf(world, gone)).length, 2);
    assert.equal((await staff.post('/staff/accounts/A-1/merge', { other: 'A-2' })).status, 303);
    assert.deepEqual(await contactsOf(world, kept), [{ name: 'Jonas', phone: null, login: false, primary: false }, { name: 'Maria', phone: '555-0142', login: true, primary: true }]);
    assert.deepEqual(await sql(world, `select (select count(*)::int from app.account_notes where account_id = $1) as notes, (select count(*)::int from app.messages where account_id = $1) as mails,
      (select count(*)::int from app.portal_log where account_id = $2 and kind = 'test') as lines, (select stage from app.accounts where id = $2) as stage`, [kept, gone]), [{ notes: 1, mails: 1, lines: 1, stage: 'closed' }]);
    assert.ok(await opens(world, 'maria@example.test', password));
    assert.match((await staff.get('/staff/accounts/A-2')).text, /Merged\. Everything new is under <a href="\/staff\/accounts\/A-1">/);
  });

  it('C-32 take their jobs and tickets along, open and done', async () => {
    const { world, staff, kept, gone } = await twice();
    await makeVisit(world, gone);
    await sql(world, `insert into app.tickets (account_id, opened_by, number, request_key, category, body) values ($1, 'Maria', 'T-9', gen_random_uuid(), 'Billing', 'Please call')`, [gone]);
    assert.equal((await staff.post('/staff/accounts/A-1/merge', { other: 'A-2' })).status, 303);
    assert.deepEqual(await sql(world, `select (select count(*)::int from app.visits where account_id = $1) as jobs, (select count(*)::int from app.tickets where account_id = $1) as tickets`, [kept]), [{ jobs: 1, tickets: 1 }]);
  });

  it('are not merged while money is open: the ledger is never written again, and the page says why', async () => {
    const { world, staff, kept, gone } = await twice();
    await makeInvoice(world, gone);
    const answer = await staff.post('/staff/accounts/A-1/merge', { other: 'A-2' });
    assert.equal(answer.status, 422);
    assert.match(answer.text, /It has invoices that are not paid\./);
    assert.equal((await contactsOf(world, gone)).length, 2);
    assert.equal((await contactsOf(world, kept)).length, 1);
    assert.equal((await staff.post('/staff/accounts/A-2/merge', { other: 'A-1' })).status, 303);
    assert.deepEqual(await sql(world, 'select account_id as account from app.invoices'), [{ account: gone }]);
  });

  it('are merged once, in whatever direction ten ask at the same time', async () => {
    const { world, staff } = await twice();
    await staff.get('/staff/accounts/A-1');
    const answers = await Promise.all(Array.from({ length: 10 }, (_, at) => staff.post(`/staff/accounts/A-${1 + (at % 2)}/merge`, { other: `A-${2 - (at % 2)}` })));
    assert.equal(answers.filter(({ status }) => status === 303).length, 1);
    assert.ok(answers.every(({ status }) => status === 303 || status === 422));
    assert.equal((await sql(world, 'select 1 from app.accounts where merged_into is not null')).length, 1);
    assert.equal((await sql(world, 'select 1 from app.contacts')).length, 2);
  });

  it('are merged by managers and owners alone, never with themselves or with what another organization has', async () => {
    const { world, staff } = await twice();
    const desk = await staffVisitor(world, 'front_desk');
    await desk.get('/staff/accounts/A-1');
    assert.equal((await desk.post('/staff/accounts/A-1/merge', { other: 'A-2' })).status, 403);
    const other = await makeWorld('studio');
    await makeAccount(other, { number: 'X-9' });
    for (const number of ['A-1', 'X-9', '', 'nobody']) assert.equal((await staff.post('/staff/accounts/A-1/merge', { other: number })).status, 422, number);
  });

  it('C-32 two contacts of one account become one, and the second login ends with its contact', async () => {
    const { world, staff, gone } = await twice();
    const [mother, son] = await sql<{ id: string }>(world, 'select id from app.contacts where account_id = $1 order by is_primary desc', [gone]);
    await staff.get(`/staff/contacts/${mother?.id}/merge`);
    assert.equal((await staff.post(`/staff/contacts/${mother?.id}/merge`, { gone: son?.id })).status, 303);
    assert.equal((await contactsOf(world, gone)).length, 1);
    assert.equal((await staff.post(`/staff/contacts/${mother?.id}/merge`, { gone: mother?.id })).status, 422);
  });

  it('C-32 accounts are linked and unlinked, and whoever signs in for one enters the other where staff say so', async () => {
    const { world, staff, kept, gone } = await twice();
    await sql(world, 'delete from app.contacts where account_id = $1', [kept]);
    await staff.get('/staff/accounts/A-1/links');
    assert.equal((await staff.post('/staff/accounts/A-1/links', { other: 'A-2', shares: 'on' })).status, 303);
    assert.equal((await staff.post('/staff/accounts/A-1/links', { other: 'A-2', shares: 'on' })).status, 303);
    assert.match((await staff.get('/staff/accounts/A-1/misc')).text, /Linked with Besty \(A-2\)/);
    assert.deepEqual(await contactsOf(world, kept), [{ name: 'Maria', phone: '555-0142', login: true, primary: false }]);
    await staff.post('/staff/accounts/A-2/links/removal');
    assert.deepEqual(await sql(world, 'select count(related_group)::int as linked from app.accounts where id in ($1, $2)', [kept, gone]), [{ linked: 0 }]);
  });
});
