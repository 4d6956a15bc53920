import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, it } from 'mocha';
import { exhaust } from '../support/limits.ts';
import { lettersTo } from '../support/letters.ts';
import { inRounds } from '../support/rounds.ts';
import { visit, type Visitor } from '../support/visitor.ts';
import { makeAccount, makeContact, makeStaff, makeWorld, password, signedInFamily, sql, type World } from '../support/world.ts';

const written = (fields: Record<string, string> = {}) => ({ subject: 'Gate left open', body: 'Please close the gate next time.', requestKey: randomUUID(), ...fields });
const fromOutside = (fields: Record<string, string> = {}) => written({ name: 'Theo Visitor', email: 'theo@example.test', ...fields });

async function staffOf(world: World, role: 'owner' | 'manager' | 'front_desk' = 'front_desk'): Promise<Visitor> {
  await makeStaff(world, role);
  return (await visit(world.slug)).signIn(`${role}@example.test`, password, '/staff/login');
}

async function idOf(world: World): Promise<string> {
  const [row] = await sql<{ id: string }>(world, 'select id from app.contact_requests order by id desc limit 1');
  assert.ok(row);
  return row.id;
}

describe('Contact Us', () => {
  it('S2-10 S2-11 S2-28 the dashboard leads at its top right to a form, and what is sent comes to the inbox, with a copy to who wrote', async () => {
    const { world, visitor } = await signedInFamily('lawncare');
    assert.match((await visitor.get('/')).text, /<div class="band-end wide-only">[^]*<a class="band-link" href="\/contact">[^]*Contact Us/);
    assert.match((await visitor.get('/contact')).text, /name="subject"[^]*name="body"/);
    assert.equal((await visitor.post('/contact', written())).headers['location'], '/contact');
    const [copy] = await lettersTo(world, 'maria@example.test');
    assert.match(copy?.subject ?? '', /^Cloverfell Lawn Care Customer Portal - .*Gate left open/);
    assert.match(copy?.text ?? '', /Please close the gate next time/);
    const [notice] = await lettersTo(world, 'hello@cloverfell.example');
    assert.match(notice?.text ?? '', /Maria Bestie <maria@example\.test>[^]*\/staff\/inbox\//);
    const staff = await staffOf(world);
    assert.match((await staff.get('/staff/inbox')).text, /Gate left open[^]*Maria Bestie/);
    const log = await sql<{ message: string }>(world, `select message from app.portal_log where kind = 'contact-request'`);
    assert.deepEqual(log, [{ message: 'Contact Us request from maria@example.test' }]);
  });

  it('S2-12 the sign-in page leads to it at its foot, and it works without a sign-in', async () => {
    const world = await makeWorld('lawncare');
    const visitor = await visit(world.slug);
    assert.match((await visitor.get('/login')).text, /<\/form>[^]*<a href="\/contact-us">Contact Us<\/a>/);
    assert.equal((await visitor.get('/contact-us')).status, 200);
    assert.equal((await visitor.post('/contact-us', fromOutside())).headers['location'], '/contact-us/sent');
    assert.match((await visitor.get('/contact-us/sent')).text, /answers by email/);
    assert.equal((await lettersTo(world, 'theo@example.test')).length, 1);
    assert.match((await (await staffOf(world)).get(`/staff/inbox/${await idOf(world)}`)).text, /Theo Visitor[^]*was not signed in/);
  });

  it('C-21 the link at the sign-in page, and the form, can be switched off', async () => {
    const hidden = await visit((await makeWorld('billing', { 'contact.link_on_login': false })).slug);
    assert.doesNotMatch((await hidden.get('/login')).text, /contact-us/);
    assert.equal((await hidden.get('/contact-us')).status, 200);
    const { visitor } = await signedInFamily('lawncare', { 'contact.form': false });
    assert.equal((await visitor.get('/contact')).status, 404);
    assert.equal((await visitor.get('/contact-us')).status, 404);
    assert.doesNotMatch((await visitor.get('/')).text, /href="\/contact"/);
  });

  it('C-21 address and telephone number stand beside the form', async () => {
    const { visitor } = await signedInFamily('lawncare');
    assert.match((await visitor.get('/contact')).text, /href="tel:2625550171"[^]*href="mailto:hello@cloverfell\.example"/);
  });

  it('bad input is said beside its field, what was typed is kept, and nothing is written', async () => {
    const world = await makeWorld('lawncare');
    const visitor = await visit(world.slug);
    for (const [field, value] of [['subject', ''], ['body', ''], ['name', 'x'.repeat(101)], ['email', 'no address'], ['body', 'x'.repeat(4001)], ['subject', '\u0001']] as const) {
      const answer = await visitor.post('/contact-us', fromOutside({ [field]: value }));
      assert.equal(answer.status, 422, field);
      assert.match(answer.text, new RegExp(`id="${field}-error"`));
      assert.match(answer.text, field === 'name' ? /theo@example\.test/ : /Theo Visitor/);
    }
    assert.deepEqual(await sql(world, 'select id from app.contact_requests'), []);
  });

  it('A1 a card number is refused, and neither shown again nor kept', async () => {
    const { world, visitor } = await signedInFamily('lawncare');
    const answer = await visitor.post('/contact', written({ body: 'My card is 4111 1111 1111 1111, charge it' }));
    assert.equal(answer.status, 422);
    assert.match(answer.text, /id="body-error"[^]*card number/);
    assert.doesNotMatch(answer.text, /4111/);
    assert.match(answer.text, /Gate left open/);
    assert.deepEqual(await sql(world, 'select id from app.contact_requests'), []);
  });

  it('who writes too often is asked to wait, signed in or not', async () => {
    const { world, visitor } = await signedInFamily('lawncare');
    await visitor.post('/contact', written());
    await exhaust(world, 'contact-us');
    assert.equal((await visitor.post('/contact', written())).status, 429);
    const stranger = await visit(world.slug);
    assert.equal((await stranger.post('/contact-us', fromOutside())).status, 303);
    await exhaust(world, 'contact-us');
    assert.equal((await stranger.post('/contact-us', fromOutside({ email: 'another@example.test' }))).status, 429);
    await exhaust(world, 'contact-us-tenant');
    assert.deepEqual(await sql(world, 'select count(*)::int as n from app.contact_requests'), [{ n: 2 }]);
  });

  it('the same form sent ten times at once is one request, one copy, one notice', async () => {
    const { world, visitor } = await signedInFamily('lawncare');
    const form = written();
    const answers = await Promise.all(Array.from({ length: 10 }, () => visitor.post('/contact', form)));
    assert.ok(answers.every(({ status }) => status === 303));
    assert.equal((await sql(world, 'select id from app.contact_requests')).length, 1);
    assert.equal((await lettersTo(world, 'maria@example.test')).length, 1);
    assert.equal((await lettersTo(world, 'hello@cloverfell.example')).length, 1);
  });

  it('a person reads what they have asked and what was answered, and nobody else’s', async () => {
    const { world, visitor, accountId } = await signedInFamily('lawncare');
    const other = await makeContact(world, accountId, { email: 'other@example.test' });
    const stranger = await makeAccount(world);
    for (const [account, contact, subject] of [[accountId, other, 'Of my spouse'], [stranger, null, 'Of a stranger']]) {
      await sql(world, `insert into app.contact_requests (account_id, contact_id, request_key, name, email, subject, body) values ($1, $2, uuidv7(), 'X', 'x@example.test', $3, 'words')`, [account, contact, subject]);
    }
    await visitor.post('/contact', written());
    const staff = await staffOf(world);
    const path = `/staff/inbox/${await idOf(world)}`;
    await staff.get(path);
    await staff.post(`${path}/answer`, { body: 'It is closed now.', version: '1' });
    const { text } = await visitor.get('/contact');
    assert.match(text, /Gate left open[^]*Answered[^]*It is closed now\./);
    assert.doesNotMatch(text, /Of my spouse|Of a stranger/);
  });
});

describe('the inbox', () => {
  async function withRequest() {
    const world = await makeWorld('lawncare');
    await (await visit(world.slug)).post('/contact-us', fromOutside());
    const staff = await staffOf(world);
    const path = `/staff/inbox/${await idOf(world)}`;
    await staff.get(path);
    return { world, staff, path };
  }

  it('S2-10 an answer goes by mail, with what was asked below it, and is kept as a conversation', async () => {
    const { world, staff, path } = await withRequest();
    assert.equal((await staff.post(`${path}/answer`, { body: 'We will.', version: '1' })).headers['location'], path);
    const letter = (await lettersTo(world, 'theo@example.test')).at(-1);
    assert.equal(letter?.subject, 'Re: Gate left open');
    assert.equal(letter?.from, 'hello@cloverfell.example');
    assert.match(letter?.text ?? '', /We will\.[^]*The front_desk[^]*Theo Visitor wrote on[^]*Please close the gate/);
    const { text } = await staff.get(path);
    assert.match(text, /Answered[^]*Please close the gate[^]*The front_desk[^]*We will\./);
    const kept = await sql<{ message: string }>(world, `select message from app.portal_log where kind = 'contact-answer'`);
    assert.deepEqual(kept, [{ message: 'Contact Us request answered to theo@example.test' }]);
  });

  it('of two answers at once one goes out; the other is told, and loses nothing that was typed', async () => {
    await inRounds(async () => {
      const { world, staff, path } = await withRequest();
      const answers = await Promise.all(Array.from({ length: 10 }, (_, at) => staff.post(`${path}/answer`, { body: `Answer number ${at}.`, version: '1' })));
      assert.equal(answers.filter(({ status }) => status === 303).length, 1);
      for (const answer of answers.filter(({ status }) => status !== 303)) {
        assert.equal(answer.status, 422);
        assert.match(answer.text, /colleague has answered[^]*<textarea[^>]*>\s*Answer number \d\./);
      }
      assert.equal((await lettersTo(world, 'theo@example.test')).length, 2);
      const late = answers.find(({ status }) => status === 422)?.text ?? '';
      assert.equal((await staff.post(`${path}/answer`, { body: 'After reading it.', version: /name="version" value="(\d+)"/.exec(late)?.[1] ?? '' })).status, 303);
    });
  });

  it('it is assigned, taken by one of two, closed and opened again', async () => {
    const { world, staff, path } = await withRequest();
    const [me] = await sql<{ id: string }>(world, `select id from app.staff_users where role = 'front_desk'`);
    const other = await makeStaff(world, 'manager');
    await staff.post(`${path}/assignment`, { to: me?.id ?? '', seen: '' });
    assert.match((await staff.get('/staff/inbox?show=mine')).text, /Gate left open/);
    await staff.post(`${path}/assignment`, { to: other, seen: '' });
    assert.match((await staff.get(path)).text, /it is with The front_desk now/);
    await sql(world, 'update app.staff_users set ended_at = now() where id = $1', [other]);
    await staff.post(`${path}/assignment`, { to: other, seen: me?.id ?? '' });
    assert.deepEqual(await sql(world, 'select assigned_to as to from app.contact_requests'), [{ to: me?.id }]);
    await staff.post(`${path}/closing`);
    assert.match((await staff.get('/staff/inbox?show=closed')).text, /Gate left open/);
    assert.doesNotMatch((await staff.get('/staff/inbox')).text, /Gate left open/);
    await staff.post(`${path}/opening`);
    assert.match((await staff.get('/staff/inbox')).text, /Gate left open/);
  });

  it('it is searched, filtered and paged by key; a wrong filter is said beside its field; the CSV holds what is shown', async () => {
    const world = await makeWorld('lawncare');
    await sql(world, `insert into app.contact_requests (request_key, name, email, subject, body) select uuidv7(), 'N' || n, n || '@example.test', 'Subject ' || lpad(n::text, 3, '0'), '=cmd' from generate_series(1, 60) n`);
    const staff = await staffOf(world);
    const first = (await staff.get('/staff/inbox')).text;
    assert.match(first, /Subject 060/);
    const next = /href="(\/staff\/inbox\?[^"]*after=[^"]+)"/.exec(first)?.[1]?.replaceAll('&amp;', '&').replaceAll('&#38;', '&');
    assert.ok(next);
    const second = (await staff.get(next)).text;
    assert.deepEqual([/Subject 010/.test(second), /Subject 011/.test(second)], [true, false]);
    assert.match((await staff.get('/staff/inbox?q=Subject+007')).text, /Subject 007/);
    assert.match((await staff.get('/staff/inbox?q=%25%25')).text, /Nothing found/);
    assert.match((await staff.get('/staff/inbox?from=2026-13-40')).text, /id="from-error"/);
    const csv = (await staff.get('/staff/inbox/export.csv?q=Subject+00')).text;
    assert.equal(csv.trim().split('\r\n').length, 10);
    assert.match((await staff.get('/staff/inbox?show=closed')).text, /Nothing is closed yet/);
  });

  it('who may not enter the inbox sees none of it, and another organization’s request is nowhere', async () => {
    const { world, staff, path } = await withRequest();
    const elsewhere = await staffOf(await makeWorld('lawncare'), 'owner');
    await elsewhere.get('/staff/inbox');
    for (const step of ['', '/answer', '/assignment', '/closing']) {
      const answer = step ? await elsewhere.post(`${path}${step}`, { body: 'x', version: '1', to: '', seen: '' }) : await elsewhere.get(path);
      assert.equal(answer.status, 404, step);
    }
    await sql(world, `update app.staff_users set permissions = '{"inbox": false}'`);
    assert.equal((await staff.get('/staff/inbox')).status, 403);
    assert.doesNotMatch((await staff.get('/staff')).text, /\/staff\/inbox/);
  });
});
