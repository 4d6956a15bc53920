import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, it } from 'mocha';
import { exhaust } from '../support/limits.ts';
import { lastLetter, lettersTo } from '../support/letters.ts';
import { makeAccount, makeContact, makeInvoice, makeStaff, signedInFamily, sql } from '../support/world.ts';
import { countOf, errorsOf, makeClient, open, written } from './ticket-story.ts';

const family = '👩‍👩‍👧';

describe('tickets', () => {
  it('S4-41 S4-44 the Tickets tab leads to a page with "Open a Ticket" in its upper-right corner', async () => {
    const { visitor } = await makeClient();
    assert.match((await visitor.get('/')).text, /<a href="\/tickets"[^>]*>[^]*?Tickets/);
    assert.match((await visitor.get('/tickets')).text, /<div class="page-head">\s*<h1>Tickets<\/h1>\s*<div class="actions"><a class="btn btn-primary" href="\/tickets\/new"[^>]*>Open a Ticket<\/a>/);
  });

  it('S4-13 S4-14 where people may submit tickets a green icon stands on every page, and where they may not none does, and the form is not there', async () => {
    const { visitor, accountId, world } = await makeClient();
    await makeInvoice(world, accountId, { number: 'INV-7' });
    for (const path of ['/', '/billing', '/invoices', '/invoices/INV-7', '/tickets', '/account', '/nowhere']) {
      assert.match((await visitor.get(path)).text, /<a class="ticket-button" href="\/tickets\/new"[^>]* aria-label="Open a Ticket"/, path);
    }
    const off = (await signedInFamily('fieldservice', { 'tickets.submit': false })).visitor;
    for (const path of ['/', '/tickets']) assert.doesNotMatch((await off.get(path)).text, /tickets\/new/);
    assert.equal((await off.get('/tickets/new')).status, 404);
    assert.equal((await off.post('/tickets/new', written())).status, 404);
  });

  it('S4-15 S4-16 S4-19 only a category and a text are needed, and the ticket belongs to the property that is looked at', async () => {
    const { visitor, world, accountId, contactId } = await makeClient();
    const form = await visitor.get('/tickets/new');
    assert.match(form.text, /<h1>Open a Ticket<\/h1>[^]*name="category"[^]*name="body"[^]*Submit Ticket/);
    const refused = await visitor.post('/tickets/new', written({ category: '', body: '  ' }));
    assert.equal(refused.status, 422);
    assert.equal(errorsOf(refused).length, 2);
    assert.equal((await visitor.post('/tickets/new', written({ category: 'Gossip' }))).status, 422);
    const number = await open(visitor);
    const [row] = await sql(world, 'select account_id, contact_id, opened_by, category, state from app.tickets where number = $1', [number]);
    assert.deepEqual(row, { account_id: accountId, contact_id: contactId, opened_by: 'Maria Bestie', category: 'Plumbing', state: 'open' });
    assert.match((await visitor.get(`/tickets/${number}`)).text, /The tap in the kitchen drips\./);
    const [line] = await sql<{ message: string }>(world, `select message from app.portal_log where kind = 'ticket'`);
    assert.equal(line?.message, `Ticket ${number} opened Category: Plumbing`);
  });

  it('S4-17 a text of 499 characters is taken and one of 500 is refused with a message that says so, counted as people count', async () => {
    const { visitor, world } = await makeClient();
    for (const sign of ['a', 'é', 'e\u0301', family, '🇲🇽']) {
      await open(visitor, { body: sign.repeat(499) });
      const refused = await visitor.post('/tickets/new', written({ body: sign.repeat(500) }));
      assert.equal(refused.status, 422);
      assert.deepEqual(errorsOf(refused), ['This has 500 characters. It must have fewer than 500.']);
      assert.ok(refused.text.includes(sign.repeat(500)), 'what was typed is kept');
    }
    await open(visitor, { body: `${'a'.repeat(249)}\r\n${'b'.repeat(249)}` });
    assert.equal(await countOf(world, 'tickets'), 6);
  });

  it('S4-17 how many characters is a setting', async () => {
    const { visitor } = await makeClient({ 'tickets.max_chars': 120 });
    assert.match((await visitor.get('/tickets/new')).text, /Fewer than 121 characters/);
    assert.deepEqual(errorsOf(await visitor.post('/tickets/new', written({ body: 'a'.repeat(121) }))), ['This has 121 characters. It must have fewer than 121.']);
  });

  it('S4-20 it goes to whom the settings name for its category, then to the default, and to an owner where that one has left', async () => {
    const { visitor, world, ownerId } = await makeClient({ 'tickets.default_resource': 'manager@example.test', 'tickets.resource_by_category': 'Billing = Front_Desk@example.test' });
    const deskId = await makeStaff(world, 'front_desk');
    const managerId = await makeStaff(world, 'manager');
    const assignee = async (category: string) => (await sql<{ id: string }>(world, 'select assigned_to as id from app.tickets where number = $1', [await open(visitor, { category })]))[0]?.id;
    assert.equal(await assignee('Billing'), deskId);
    assert.equal(await assignee('Plumbing'), managerId);
    await sql(world, `update app.staff_users set ended_at = now() where id = $1`, [managerId]);
    assert.equal(await assignee('Plumbing'), ownerId);
    assert.match((await lastLetter(world, 'front_desk@example.test')).text, /Bestie has opened ticket T-\d+:[^]*The tap in the kitchen drips[^]*\/staff\/tickets\/T-/);
    assert.equal((await lettersTo(world, 'maria@example.test')).length, 3);
    assert.match((await lastLetter(world, 'maria@example.test')).text, /we have received your ticket T-\d+ \(Plumbing\)/);
  });

  it('S4-42 S4-43 C-22 open tickets stand at the top and closed ones in the list below, where the switches show them', async () => {
    const { visitor, world } = await makeClient();
    const [closed, still] = [await open(visitor, { body: 'This is done' }), await open(visitor, { body: 'This goes on' })];
    assert.equal((await visitor.post(`/tickets/${closed}/closing`)).headers['location'], `/tickets/${closed}`);
    assert.match((await visitor.get('/tickets')).text, /Open Tickets<\/h2>[^]*This goes on[^]*Closed Tickets<\/h2>[^]*This is done/);
    assert.equal(await countOf(world, 'tickets', `state = 'closed'`), 1);

    const openOnly = await makeClient({ 'tickets.view_closed': false });
    const [gone, seen] = [await open(openOnly.visitor, { body: 'This is done' }), await open(openOnly.visitor, { body: 'This goes on' })];
    await openOnly.visitor.post(`/tickets/${gone}/closing`);
    const list = (await openOnly.visitor.get('/tickets')).text;
    assert.match(list, /This goes on/);
    assert.doesNotMatch(list, /This is done|Closed Tickets/);
    assert.equal((await openOnly.visitor.get(`/tickets/${gone}`)).status, 404);
    assert.equal((await openOnly.visitor.get(`/tickets/${seen}`)).status, 200);

    const none = await makeClient({ 'tickets.view_closed': false, 'tickets.view_open': false });
    assert.equal((await none.visitor.post('/tickets/new', written())).headers['location'], '/tickets');
    assert.match((await none.visitor.get('/tickets')).text, /Answers come by email/);
    assert.ok(still);
  });

  it('S4-12 where the setting is on the home page has a panel of open tickets, and none where it is off', async () => {
    const { visitor } = await makeClient();
    await open(visitor, { body: 'Seen from home' });
    assert.match((await visitor.get('/')).text, /<h2>Open Tickets<\/h2>[^]*Seen from home/);
    const off = await makeClient({ 'tickets.view_open': false });
    await open(off.visitor, { body: 'Seen from home' });
    assert.doesNotMatch((await off.visitor.get('/')).text, /Open Tickets|Seen from home/);
  });

  it('B-12 "Ask about this" on an invoice and a payment opens a ticket that keeps what it is about', async () => {
    const { visitor, world, accountId } = await makeClient();
    const invoiceId = await makeInvoice(world, accountId, { number: 'INV-7' });
    await sql(world, `insert into app.payments (account_id, number, state, amount_cents, currency, paid_on) values ($1, 'PAY-7', 'succeeded', 100, 'USD', now())`, [accountId]);
    assert.match((await visitor.get('/invoices/INV-7')).text, /href="\/tickets\/new\?about=invoice%3AINV-7"[^>]*>[^]*Ask about this/);
    assert.match((await visitor.get('/billing/payments/PAY-7')).text, /href="\/tickets\/new\?about=payment%3APAY-7"/);
    assert.match((await visitor.get('/tickets/new?about=invoice:INV-7')).text, /name="about" value="invoice:INV-7"[^]*About invoice INV-7/);
    const number = await open(visitor, { about: 'invoice:INV-7' });
    assert.deepEqual(await sql(world, 'select invoice_id, payment_id from app.tickets where number = $1', [number]), [{ invoice_id: invoiceId, payment_id: null }]);
    assert.match((await visitor.get(`/tickets/${number}`)).text, /<a href="\/invoices\/INV-7">About invoice INV-7<\/a>/);
    assert.match((await visitor.get(`/tickets/${await open(visitor, { about: 'payment:PAY-7' })}`)).text, /<a href="\/billing\/payments\/PAY-7">About payment PAY-7/);
    const refused = await visitor.post('/tickets/new', written({ about: 'invoice:INV-7', body: '' }));
    assert.match(refused.text, /name="about" value="invoice:INV-7"/);
  });

  it('S4-39 S4-40 a service card and the page of a visit lead to a ticket that keeps the visit; category and text are needed before "Submit Ticket"', async () => {
    const { visitor, world, accountId } = await makeClient();
    const visitOf = (account: string, number: string) => sql<{ id: string }>(world, `insert into app.visits (account_id, number, title, status, starts_at, ends_at, currency) values ($1, $2, 'Boiler check', 'scheduled', now() + interval '2 days', now() + interval '50 hours', 'USD') returning id`, [account, number]);
    const [visit] = await visitOf(accountId, 'V-7');
    await visitOf(await makeAccount(world), 'V-8');
    const link = /<li class="visit-card">[^]*?href="(\/tickets\/new\?about=visit%3AV-7)"[^>]*>[^<]*<svg[^]*?<\/svg>Ask about this/.exec((await visitor.get('/services')).text)?.[1] ?? '';
    assert.match((await visitor.get('/services/V-7')).text, /about=visit%3AV-7/);
    assert.match((await visitor.get(link)).text, /About the visit: Boiler check[^]*name="category"[^]*type="file"[^]*Submit Ticket/);
    assert.equal(errorsOf(await visitor.post('/tickets/new', written({ about: 'visit:V-7', category: '', body: '' }))).length, 2);
    const number = await open(visitor, { about: 'visit:V-7' });
    assert.deepEqual(await sql(world, 'select visit_id from app.tickets where number = $1', [number]), [{ visit_id: visit?.id }]);
    assert.match((await visitor.get(`/tickets/${number}`)).text, /<a href="\/services\/V-7">About the visit: Boiler check<\/a>/);
    assert.equal((await visitor.get('/tickets/new?about=visit:V-8')).status, 404);
    assert.equal((await visitor.post('/tickets/new', written({ about: 'visit:V-8' }))).status, 404);
  });

  it('B-12 what another account owns, what is not sent and what is nothing cannot be asked about', async () => {
    const { visitor, world, accountId } = await makeClient();
    await makeInvoice(world, await makeAccount(world), { number: 'INV-THEIRS' });
    await makeInvoice(world, accountId, { number: 'INV-DRAFT', status: 'unsent' });
    for (const about of ['invoice:INV-THEIRS', 'invoice:INV-DRAFT', 'invoice:', 'payment:1', 'visit:1', 'constructor:x', 'x']) {
      assert.equal((await visitor.get(`/tickets/new?about=${encodeURIComponent(about)}`)).status, 404, about);
      assert.equal((await visitor.post('/tickets/new', written({ about }))).status, 404, about);
    }
    assert.equal(await countOf(world, 'tickets'), 0);
  });

  it('S4-16 a form that is sent many times at once makes one ticket, one mail and one line of the log', async () => {
    const { visitor, world } = await makeClient();
    const form = written();
    const answers = await Promise.all(Array.from({ length: 20 }, () => visitor.post('/tickets/new', form)));
    assert.equal(new Set(answers.map(({ status, headers }) => `${status} ${headers['location']}`)).size, 1);
    assert.equal(await countOf(world, 'tickets'), 1);
    assert.equal((await lettersTo(world, 'maria@example.test')).length, 1);
    assert.equal(await countOf(world, 'portal_log', `kind = 'ticket'`), 1);
    const number = answers[0]?.headers['location'] as string;
    const message = { body: 'And the hose.', requestKey: randomUUID() };
    await Promise.all(Array.from({ length: 20 }, () => visitor.post(`${number}/messages`, message)));
    assert.equal(await countOf(world, 'ticket_entries'), 1);
  });

  it('S4-16 people add to an open ticket, close it, and open it again within so many days', async () => {
    const { visitor, world } = await makeClient({ 'tickets.reopen_days': 14 });
    const at = `/tickets/${await open(visitor)}`;
    await visitor.post(`${at}/messages`, { body: 'It is the left one.', requestKey: randomUUID() });
    assert.match((await visitor.get(at)).text, /It is the left one\./);
    assert.match((await lastLetter(world, 'owner@example.test')).text, /Bestie has added to ticket[^]*left one/);
    assert.equal((await visitor.post(`${at}/messages`, { body: ' ', requestKey: randomUUID() })).status, 422);
    assert.equal((await visitor.post(`${at}/messages`, { body: 'a'.repeat(500), requestKey: randomUUID() })).status, 422);
    assert.equal((await visitor.post(`${at}/closing`)).status, 303);
    const late = await visitor.post(`${at}/messages`, { body: 'One more thing.', requestKey: randomUUID() });
    assert.equal(late.status, 422);
    assert.equal((await visitor.post(`${at}/reopening`)).status, 303);
    assert.match((await lastLetter(world, 'owner@example.test')).text, /has opened ticket T-\d+ again/);
    await visitor.post(`${at}/closing`);
    await sql(world, `update app.tickets set closed_at = now() - interval '14 days 1 minute'`);
    assert.doesNotMatch((await visitor.get(at)).text, /reopening/);
    assert.equal((await visitor.post(`${at}/reopening`)).status, 422);
    assert.equal(await countOf(world, 'tickets', `state = 'closed'`), 1);
    const log = await sql<{ message: string }>(world, `select message from app.portal_log where kind = 'ticket' order by at, id`);
    const number = at.split('/')[2];
    assert.deepEqual(log.map(({ message }) => message), [`Ticket ${number} opened Category: Plumbing`, `Message added to ticket ${number}`, `Ticket ${number} closed`, `Ticket ${number} reopened`, `Ticket ${number} closed`]);
  });

  it('B-12 the form says how fast answers come by the last 30 days, those that still wait among them, and nothing when there are too few', async () => {
    const { visitor, world, accountId } = await makeClient();
    const answered = (hours: number, daysAgo = 3) => sql(world, `insert into app.tickets (account_id, opened_by, number, request_key, category, body, created_at, first_answered_at)
      select $1, 'x', uuidv7()::text, uuidv7(), 'x', 'x', t, t + make_interval(mins => $2) from (select now() - make_interval(days => $3) as t) x`, [accountId, hours * 60, daysAgo]);
    for (const hours of [1, 2, 4.5]) await answered(hours);
    await answered(1, 31);
    assert.doesNotMatch((await visitor.get('/tickets/new')).text, /Usually answered/);
    for (const hours of [6, 70]) await answered(hours);
    assert.match((await visitor.get('/tickets/new')).text, /Usually answered within 5 hours\./);
    // Three that nobody has answered for days are no good answers.
    for (let n = 0; n < 3; n += 1) await sql(world, `insert into app.tickets (account_id, opened_by, number, request_key, category, body, created_at) values ($1, 'x', uuidv7()::text, uuidv7(), 'x', 'x', now() - interval '5 days')`, [accountId]);
    assert.match((await visitor.get('/tickets/new')).text, /Usually answered within 38 hours\./);
  });

  it('B-12 the answer time is that of all accounts of the organization, and of no other', async () => {
    const { visitor, world } = await makeClient();
    const other = await makeAccount(world);
    for (let n = 0; n < 5; n += 1) await sql(world, `insert into app.tickets (account_id, opened_by, number, request_key, category, body, first_answered_at) values ($1, 'x', uuidv7()::text, uuidv7(), 'x', 'x', now() + interval '3 hours')`, [other]);
    assert.match((await visitor.get('/tickets/new')).text, /Usually answered within 3 hours\./);
    assert.doesNotMatch((await (await makeClient()).visitor.get('/tickets/new')).text, /Usually answered/);
  });

  it('A18 a ticket of another account is not there, nor one of another organization, and an internal note is shown by the database to no customer', async () => {
    const { visitor, world } = await makeClient();
    const number = await open(visitor);
    await sql(world, `insert into app.ticket_entries (ticket_id, account_id, kind, staff_id, author, body) select id, account_id, 'note', assigned_to, 'The owner', 'He always complains' from app.tickets`);
    assert.doesNotMatch((await visitor.get(`/tickets/${number}`)).text, /complains/);
    const stranger = await signedInFamily('fieldservice');
    assert.equal((await stranger.visitor.get(`/tickets/${number}`)).status, 404);
    const neighbour = await makeAccount(world);
    await makeContact(world, neighbour);
    await sql(world, 'update app.tickets set account_id = $1', [neighbour]);
    assert.equal((await visitor.get(`/tickets/${number}`)).status, 404);
    assert.equal((await visitor.post(`/tickets/${number}/closing`)).status, 404);
  });

  it('A24 a card number in the text is refused and kept nowhere, and who writes too much has to wait', async () => {
    const { visitor, world } = await makeClient();
    const refused = await visitor.post('/tickets/new', written({ body: 'Charge 4242 4242 4242 4242' }));
    assert.equal(refused.status, 422);
    assert.doesNotMatch(refused.text, /4242 4242/);
    assert.equal(await countOf(world, 'tickets'), 0);
    await exhaust(world, 'tickets');
    assert.equal((await visitor.post('/tickets/new', written())).status, 429);
  });
});
