import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, it } from 'mocha';
import { lastLetter, lettersTo } from '../support/letters.ts';
import { visit, type Visitor } from '../support/visitor.ts';
import { makeInvoice, makeStaff, password, sql } from '../support/world.ts';
import { countOf, errorsOf, makeClient, open, staffOf } from '../tickets/ticket-story.ts';

const versionIn = (text: string) => /name="version" value="(\d+)"/.exec(text)?.[1] ?? '';
async function answer(staff: Visitor, number: string, fields: Record<string, string> = {}) {
  const version = versionIn((await staff.get(`/staff/tickets/${number}`)).text);
  return staff.post(`/staff/tickets/${number}/answer`, { body: 'We come tomorrow.', requestKey: randomUUID(), version, ...fields });
}

describe('tickets at the front desk', () => {
  it('S4-20 staff answer, the customer is told by mail and on the home page, and an answer may close the ticket', async () => {
    const { visitor, world } = await makeClient();
    const number = await open(visitor);
    const staff = await staffOf(world, 'front_desk');
    assert.match((await staff.get('/staff/tickets')).text, new RegExp(`${number}[^]*The tap in the kitchen drips`));
    assert.doesNotMatch((await visitor.get('/')).text, /Read the answer/);
    assert.equal((await answer(staff, number)).status, 303);
    assert.match((await lastLetter(world, 'maria@example.test')).text, /there is an answer to your ticket[^]*We come tomorrow\./);
    assert.match((await visitor.get('/')).text, new RegExp(`Read the answer to ticket ${number}[^]*href="/tickets/${number}"`));
    assert.match((await visitor.get(`/tickets/${number}`)).text, /The front_desk[^]*We come tomorrow\./);
    assert.match((await staff.get('/staff/tickets')).text, /Nobody waits for an answer/);
    await visitor.post(`/tickets/${number}/messages`, { body: 'Thank you', requestKey: randomUUID() });
    assert.doesNotMatch((await visitor.get('/')).text, /Read the answer/);
    assert.equal((await answer(staff, number, { body: 'Done.', after: 'close' })).status, 303);
    assert.match((await lastLetter(world, 'maria@example.test')).text, /has been closed[^]*Done\./);
    assert.equal(await countOf(world, 'tickets', `state = 'closed' and first_answered_at is not null`), 1);
    const log = await sql<{ message: string }>(world, `select message from app.portal_log where kind = 'ticket' and staff_id is not null order by at`);
    assert.deepEqual(log.map(({ message }) => message), [`Ticket ${number} answered`, `Ticket ${number} answered and closed`]);
  });

  it('B-12 two who answer at once lose nothing: one is heard, the other sees it and keeps what was typed', async () => {
    const { visitor, world } = await makeClient();
    const number = await open(visitor);
    const [one, other] = [await staffOf(world, 'front_desk'), await staffOf(world, 'manager')];
    const version = versionIn((await one.get(`/staff/tickets/${number}`)).text);
    await other.get(`/staff/tickets/${number}`);
    const sent = (who: Visitor, body: string) => who.post(`/staff/tickets/${number}/answer`, { body, version, requestKey: randomUUID() });
    const answers = await Promise.all([sent(one, 'From the desk'), sent(other, 'From the manager')]);
    assert.deepEqual(answers.map(({ status }) => status).toSorted((least, most) => least - most), [303, 422]);
    const refused = answers.find(({ status }) => status === 422);
    assert.match(refused?.text ?? '', /From the desk[^]*From the manager|From the manager[^]*From the desk/);
    assert.match(errorsOf(refused as never).join(), /Your answer is kept here/);
    assert.notEqual(versionIn(refused?.text ?? ''), version);
    assert.equal(await countOf(world, 'ticket_entries'), 1);
    assert.equal((await lettersTo(world, 'maria@example.test')).length, 2);
    const again = refused === answers[0] ? one : other;
    assert.equal((await answer(again, number, { body: 'Both now' })).status, 303);
  });

  it('B-12 an answer that crosses a message of the customer is told of it, and one form sent many times answers once', async () => {
    const { visitor, world } = await makeClient();
    const number = await open(visitor);
    const staff = await staffOf(world, 'owner');
    const version = versionIn((await staff.get(`/staff/tickets/${number}`)).text);
    await visitor.post(`/tickets/${number}/messages`, { body: 'It has stopped.', requestKey: randomUUID() });
    assert.equal((await answer(staff, number, { version })).status, 422);
    const form = { body: 'Good.', version: versionIn((await staff.get(`/staff/tickets/${number}`)).text), requestKey: randomUUID() };
    const answers = await Promise.all(Array.from({ length: 10 }, () => staff.post(`/staff/tickets/${number}/answer`, form)));
    assert.deepEqual([...new Set(answers.map(({ status }) => status))], [303]);
    assert.equal(await countOf(world, 'ticket_entries', `kind = 'answer'`), 1);
  });

  it('B-12 staff see what is asked about beside the text', async () => {
    const { visitor, world, accountId } = await makeClient();
    await makeInvoice(world, accountId, { number: 'INV-7', total_cents: 12345 });
    const number = await open(visitor, { about: 'invoice:INV-7' });
    const text = (await (await staffOf(world, 'owner')).get(`/staff/tickets/${number}`)).text;
    assert.match(text, /<a href="\/staff\/invoices\/INV-7">About invoice INV-7<\/a>[^]*\$123\.45[^]*Tuition/);
  });

  it('S4-20 the queue can be looked at by who has it, by category and by words, says how many, and goes out as CSV', async () => {
    const { visitor, world } = await makeClient();
    const [mine, other] = [await open(visitor, { body: 'Mine alone' }), await open(visitor, { category: 'Billing', body: '=Danger' })];
    const staff = await staffOf(world, 'owner');
    const page = (await staff.get('/staff/tickets?show=mine')).text;
    assert.match(page, /Waiting for us <span class="money">2<\/span>[^]*Mine <span class="money">2<\/span>[^]*Unassigned <span class="money">0<\/span>/);
    const ownerId = /name="to" value="[^"]*"|<option value="([0-9a-f-]{36})" selected/.exec((await staff.get(`/staff/tickets/${other}`)).text)?.[1] ?? '';
    assert.equal((await staff.post(`/staff/tickets/${other}/assignment`, { seen: ownerId, to: '' })).status, 303);
    assert.doesNotMatch((await staff.get('/staff/tickets?show=mine')).text, /Danger/);
    assert.match((await staff.get('/staff/tickets?show=unassigned')).text, /Danger/);
    assert.doesNotMatch((await staff.get('/staff/tickets?show=open&category=Billing')).text, /Mine alone/);
    assert.match((await staff.get('/staff/tickets?show=open&q=alone')).text, new RegExp(mine));
    assert.match((await staff.get('/staff/tickets?show=closed')).text, /No ticket has been closed/);
    const csv = await staff.get('/staff/tickets/export.csv?show=open');
    assert.match(csv.text, /Number,Opened,Category,[^]*'=Danger/);
    assert.equal((await staff.post(`/staff/tickets/${other}/assignment`, { seen: ownerId, to: ownerId })).status, 303);
    assert.match((await staff.get(`/staff/tickets/${other}`)).text, /it is with Nobody now/);
  });

  it('S4-20 a queue of many pages shows each ticket once', async () => {
    const { world, accountId } = await makeClient();
    await sql(world, `insert into app.tickets (account_id, opened_by, number, request_key, category, body) select $1, 'x', 'T-' || n, uuidv7(), 'x', 'x' from generate_series(1, 120) n`, [accountId]);
    const staff = await staffOf(world, 'owner');
    for (const show of ['waiting', 'all']) {
      const seen: string[] = [];
      for (let path: string | undefined = `/staff/tickets?show=${show}`; path;) {
        const { text } = await staff.get(path);
        seen.push(...[...text.matchAll(/href="\/staff\/tickets\/(T-\d+)"/g)].map(([, number = '']) => number));
        path = /rel="next" href="([^"]+)"/.exec(text)?.[1]?.replaceAll('&amp;', '&');
      }
      assert.equal(seen.length, 120);
      assert.equal(new Set(seen).size, 120);
      assert.equal(seen[0], show === 'waiting' ? 'T-1' : 'T-120');
    }
  });

  it('S4-20 internal notes are for staff, saved replies are edited by managers and used by all', async () => {
    const { visitor, world } = await makeClient();
    const number = await open(visitor);
    const [manager, desk] = [await staffOf(world, 'manager'), await staffOf(world, 'front_desk')];
    await manager.get('/staff/tickets/replies/new');
    assert.equal((await manager.post('/staff/tickets/replies/new', { title: 'Tomorrow', body: 'Hello {name}, we come tomorrow.' })).status, 303);
    assert.equal((await manager.post('/staff/tickets/replies/new', { title: 'tomorrow', body: 'x' })).status, 422);
    const at = /\/staff\/tickets\/replies\/[0-9a-f-]{36}/.exec((await manager.get('/staff/tickets/replies')).text)?.[0] ?? '';
    await manager.get(at);
    assert.equal((await manager.post(at, { title: 'Tomorrow', body: 'Hello {name}, we come at nine.', version: '1' })).status, 303);
    assert.equal((await manager.post(at, { title: 'Tomorrow', body: 'x', version: '1' })).status, 422);
    assert.equal((await desk.get('/staff/tickets/replies')).status, 403);
    assert.equal((await desk.post(at, { title: 'x', body: 'x', version: '2' })).status, 403);
    const replyId = at.split('/').at(-1);
    assert.match((await desk.get(`/staff/tickets/${number}?reply=${replyId}`)).text, /<textarea[^>]*name="body"[^>]*>\s*Hello Maria Bestie, we come at nine\./);
    await desk.post(`/staff/tickets/${number}/notes`, { note: 'Pays late', requestKey: randomUUID() });
    assert.match((await desk.get(`/staff/tickets/${number}`)).text, /Internal note[^]*Pays late/);
    assert.doesNotMatch((await visitor.get(`/tickets/${number}`)).text, /Pays late/);
    assert.equal((await manager.post(`${at}/removal`)).status, 303);
    assert.equal(await countOf(world, 'ticket_replies'), 0);
  });

  it('S4-20 a ticket is found by its number, on the account’s record and in the figures of the first page, by those who may', async () => {
    const { visitor, world, accountId } = await makeClient();
    const number = await open(visitor);
    const staff = await staffOf(world, 'owner');
    assert.equal((await staff.get(`/staff/search?q=${number.toLowerCase()}`)).headers['location'], `/staff/tickets/${number}`);
    const [account] = await sql<{ number: string }>(world, 'select number from app.accounts where id = $1', [accountId]);
    assert.match((await staff.get(`/staff/accounts/${account?.number}/tickets`)).text, new RegExp(`<h2>Open Tickets</h2>[^]*href="/staff/tickets/${number}"`));
    assert.match((await staff.get('/staff')).text, /Tickets waiting for us<\/a><\/dt><dd class="money">1</);
    await makeStaff(world, 'front_desk');
    await sql(world, `update app.staff_users set permissions = '{"tickets": false}' where role = 'front_desk'`);
    const desk = await (await visit(world.slug)).signIn('front_desk@example.test', password, '/staff/login');
    assert.equal((await desk.get(`/staff/tickets/${number}`)).status, 403);
    assert.doesNotMatch((await desk.get('/staff')).text, /Tickets waiting/);
    assert.doesNotMatch((await desk.get(`/staff/search?q=${number}`)).text, /kitchen/);
  });

  it('A18 a ticket of another organization is not there for staff', async () => {
    const one = await makeClient();
    await sql(one.world, `insert into app.counters (name, value) values ('tickets', 5000)`);
    const number = await open(one.visitor);
    const staff = await staffOf((await makeClient()).world, 'owner');
    for (const path of ['', '/files/00000000-0000-4000-8000-000000000000']) assert.equal((await staff.get(`/staff/tickets/${number}${path}`)).status, 404);
    assert.equal((await staff.post(`/staff/tickets/${number}/answer`, { body: 'x', version: '1', requestKey: randomUUID() })).status, 404);
  });

  it('B-12 staff close and open again, and the customer is told', async () => {
    const { visitor, world } = await makeClient();
    const number = await open(visitor);
    const staff = await staffOf(world, 'owner');
    await staff.get(`/staff/tickets/${number}`);
    assert.equal((await staff.post(`/staff/tickets/${number}/closing`)).status, 303);
    assert.match((await lastLetter(world, 'maria@example.test')).subject, /Ticket T-\d+ is closed/);
    assert.equal((await answer(staff, number)).status, 422);
    assert.equal((await staff.post(`/staff/tickets/${number}/reopening`)).status, 303);
    assert.match((await visitor.get(`/tickets/${number}`)).text, /Closed by The owner[^]*Opened again by The owner/);
  });
});
