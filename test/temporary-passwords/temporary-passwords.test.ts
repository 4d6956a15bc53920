import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { describe, it } from 'mocha';
import PostalMime, { type Email } from 'postal-mime';
import { SMTPServer } from 'smtp-server';
import { features } from '../../server/features.ts';
import { openPost } from '../../server/messages/send-mail.ts';
import { makeCaller, open, opens, ownPassword, twice, type Caller } from '../support/door.ts';
import { lastLetter, lettersTo, linkIn } from '../support/letters.ts';
import { testPortal } from '../support/portal.ts';
import { visit, type Visitor } from '../support/visitor.ts';
import { makeAccount, makeContact, makeStaff, password, sql } from '../support/world.ts';
import type { SettingsDocument } from '../../server/settings/schema.ts';

interface Reset extends Caller {
  readonly staff: Visitor;
  readonly shown: string;
  readonly temporary: string;
}

/** Staff have pressed Reset Portal Password. */
async function reset(settings: Partial<SettingsDocument> = {}, known?: string): Promise<Reset> {
  const caller = await makeCaller('studio', settings, known === undefined ? {} : { login: known });
  await makeStaff(caller.world, 'front_desk');
  const staff = await (await visit(caller.world.slug)).signIn('front_desk@example.test', password, '/staff/login');
  await staff.get(`/staff/contacts/${caller.contactId}`);
  const { text } = await staff.post(`/staff/contacts/${caller.contactId}/password`);
  return { ...caller, staff, shown: text, temporary: /<code[^>]*>([^<]+)<\/code>/.exec(text)?.[1] ?? '' };
}

describe('Reset Portal Password', () => {
  it('S1-35 way 3: staff reset the password on the contact, and the family gets in', async () => {
    const { world, email, temporary, visitor } = await reset();
    assert.equal((await visitor.post('/login', { login: email, password: temporary })).headers['location'], '/password/own');
    assert.equal((await visitor.post('/password/own', twice(ownPassword))).headers['location'], '/');
    assert.equal((await visitor.get('/')).status, 200);
    assert.ok(await opens(world, email, ownPassword));
  });

  it('S1-60 it makes a temporary password and mails it to the contact at once', async () => {
    const { world, email, temporary } = await reset();
    const letter = await lastLetter(world, email);
    assert.equal(letter.type, 'Portal Password');
    assert.ok(letter.text.includes(temporary));
  });

  it('S1-80 it is shown on the screen, once, and not kept in the clear anywhere', async () => {
    const { world, staff, contactId, shown, temporary, email } = await reset();
    assert.ok(shown.includes(temporary));
    assert.doesNotMatch((await staff.get(`/staff/contacts/${contactId}`)).text, new RegExp(temporary));
    assert.doesNotMatch((await lastLetter(world, email)).kept, new RegExp(temporary));
    const [log] = await sql<{ text: string }>(world, 'select string_agg(message, chr(10)) as text from app.portal_log');
    assert.doesNotMatch(log?.text ?? '', new RegExp(temporary));
    assert.match(log?.text ?? '', /Portal password reset by staff for UserID: maria@example\.test/);
  });

  it('S1-84 an address of several families is one login, which opens all of them', async () => {
    const caller = await reset({}, 'maria@example.test');
    const second = await makeContact(caller.world, await makeAccount(caller.world, { name: 'Okafor' }));
    const { text } = await caller.staff.post(`/staff/contacts/${second}/password`);
    await caller.visitor.post('/login', { login: caller.email, password: /<code[^>]*>([^<]+)<\/code>/.exec(text)?.[1] });
    await caller.visitor.post('/password/own', twice(ownPassword));
    assert.match((await caller.visitor.get('/')).text, /Okafor/);
    assert.equal((await sql(caller.world, 'select id from app.logins')).length, 1);
  });

  it('S1-98 S1-99 S1-100 S1-101 the mail says what the sources say, word for word, through a real mail server', async () => {
    const letters: Email[] = [];
    const server = new SMTPServer({ authOptional: true, disabledCommands: ['STARTTLS'], onData: (stream, _session, done) => void buffer(stream).then((bytes) => PostalMime.parse(bytes)).then((letter) => (letters.push(letter), done()), done) });
    server.listen(0, '127.0.0.1');
    await once(server.server, 'listening');
    const { world, temporary } = await reset();
    const outside = { ...(await testPortal()).outside, post: openPost(`smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`) };
    const [message] = await sql<{ id: string }>(world, 'select id from app.messages');
    await features.find(({ key }) => key === 'messages-sent')?.jobs?.(outside)['send-mail']?.({ tenantId: world.id, messageId: message?.id ?? '' });
    server.close(() => undefined);
    const lines = (letters[0]?.text ?? '').split('\n').filter(Boolean);
    assert.deepEqual(lines.slice(0, 5), ['Your customer portal password has been reset by an administrator.', 'Your Portal UserID is: maria@example.test', `Your Portal Password is: ${temporary}`, '(Please note that passwords are case-sensitive)', 'This is a temporary password. You can change it after you login.']);
    assert.match(lines[5] ?? '', /^You may login at our Portal Login: http:\/\/[\w.]+:\d+\/login$/);
    assert.match(letters[0]?.html ?? '', /<a href="http:\/\/[\w.]+:\d+\/login"[^>]*>You may login at our Portal Login<\/a>/);
  });

  it('S1-100 passwords are case-sensitive', async () => {
    const { world, email, temporary } = await reset();
    assert.equal(await opens(world, email, temporary.toUpperCase()), false);
  });

  it('S1-102 the subject begins with the portal’s name, the organization sends and signs it', async () => {
    const { world, email } = await reset();
    const letter = await lastLetter(world, email);
    assert.equal(letter.subject, 'Juniper Hollow Gymnastics & Dance Parent Portal - Portal Password');
    assert.equal(letter.from, 'frontdesk@juniperhollow.example');
    assert.match(letter.text, /~Juniper Hollow Gymnastics & Dance Parent Portal\/Juniper Hollow Gymnastics & Dance$/);
  });

  it('S1-103 it is eight lower-case letters and digits, none that looks like another, never the same', async () => {
    const seen = new Set<string>();
    const { staff, contactId } = await reset();
    for (let time = 0; time < 5; time += 1) seen.add(/<code[^>]*>([^<]+)<\/code>/.exec((await staff.post(`/staff/contacts/${contactId}/password`)).text)?.[1] ?? '');
    assert.equal(seen.size, 5);
    for (const one of seen) assert.match(one, /^[abcdefghjkmnpqrstuvwxyz2-9]{8}$/);
  });

  it('S1-101 it must be changed before anything else; no other address answers (A7)', async () => {
    const { email, temporary, visitor } = await reset({}, 'maria@example.test');
    await visitor.post('/login', { login: email, password: temporary });
    for (const path of ['/', '/account', '/invoices', '/account/password', '/billing']) assert.equal((await visitor.get(path)).status, 303, path);
    assert.equal((await visitor.post('/account/password', { currentPassword: temporary, ...twice(ownPassword) })).status, 303);
    assert.match((await visitor.get('/password/own')).text, /Choose your own password/);
  });

  it('S1-101 where the organization says so it may be changed, and opens the portal once', async () => {
    const { world, email, temporary, visitor } = await reset({ 'access.temp_password_force_change': false }, 'maria@example.test');
    assert.equal((await visitor.post('/login', { login: email, password: temporary })).headers['location'], '/');
    assert.match((await visitor.get('/')).text, /This password is temporary/);
    assert.equal(await opens(world, email, temporary), false);
    await visitor.get('/account/password');
    assert.equal((await visitor.post('/account/password', { currentPassword: temporary, ...twice(ownPassword) })).status, 303);
    assert.ok(await opens(world, email, ownPassword));
  });

  it('C-31 A7 it works once and for 72 hours, and five wrong tries lock it as any other', async () => {
    const first = await reset();
    await first.visitor.post('/login', { login: first.email, password: first.temporary });
    assert.equal((await (await visit(first.world.slug)).post('/login', { login: first.email, password: first.temporary })).status, 422);
    const [row] = await sql<{ hours: number }>(first.world, 'select round(extract(epoch from temporary_until - now()) / 3600)::int as hours from app.logins');
    assert.equal(row?.hours, 72);
    const late = await reset();
    await sql(late.world, `update app.logins set temporary_until = now() - interval '1 second'`);
    assert.equal((await late.visitor.post('/login', { login: late.email, password: late.temporary })).status, 422);
    const locked = await reset();
    for (let time = 0; time < 5; time += 1) await locked.visitor.post('/login', { login: locked.email, password: 'wrong' });
    assert.equal((await locked.visitor.post('/login', { login: locked.email, password: locked.temporary })).status, 422);
  });

  it('A7 of ten sign-ins at once with one temporary password one gets on', async () => {
    const { email, temporary, world } = await reset();
    const visitors = await Promise.all(Array.from({ length: 10 }, () => visit(world.slug)));
    const answers = await Promise.all(visitors.map((visitor) => visitor.post('/login', { login: email, password: temporary })));
    assert.equal(answers.filter(({ headers }) => headers['location'] === '/password/own').length, 1);
  });

  it('ends the old password, the open sessions and the links sent before', async () => {
    const caller = await makeCaller('studio', {}, { login: 'maria@example.test' });
    await caller.visitor.signIn(caller.email, password);
    await (await visit(caller.world.slug)).post('/password/forgot', { login: caller.email });
    const link = linkIn(await lastLetter(caller.world, caller.email), 'Click Here to Reset Your Password');
    await makeStaff(caller.world);
    const staff = await (await visit(caller.world.slug)).signIn('owner@example.test', password, '/staff/login');
    await staff.get(`/staff/contacts/${caller.contactId}`);
    await staff.post(`/staff/contacts/${caller.contactId}/password`);
    assert.equal((await caller.visitor.get('/')).status, 303);
    assert.equal(await opens(caller.world, caller.email, password), false);
    assert.equal((await open(caller.visitor, link)).status, 410);
  });

  it('C-4 where staff may never know a password, the button sends a link', async () => {
    const { world, email, shown, staff, contactId } = await reset({ 'access.staff_reset_mode': 'link' }, 'maria@example.test');
    assert.doesNotMatch(shown, /<code/);
    assert.match((await lastLetter(world, email)).text, /Click Here to Reset Your Password/);
    assert.match((await staff.get(`/staff/contacts/${contactId}`)).text, /a link to choose a password/);
  });

  it('says why it cannot be done for a lead, somebody blocked and somebody without an address', async () => {
    const { world, staff, accountId } = await reset();
    const lead = await makeAccount(world, { stage: 'lead' });
    const cases: [string, RegExp][] = [[await makeContact(world, lead), /leads have no access/], [await makeContact(world, accountId, { may_sign_in: false }), /is blocked/], [await makeContact(world, accountId, { email: null }), /no email address/]];
    for (const [contact, text] of cases) {
      const answer = await staff.post(`/staff/contacts/${contact}/password`);
      assert.equal(answer.status, 422);
      assert.match(answer.text, text);
    }
    assert.equal((await lettersTo(world, 'maria@example.test')).length, 1);
  });

  it('C-1 where it is not a way in, the button is not there and its address answers 404', async () => {
    const caller = await makeCaller('lawncare');
    await makeStaff(caller.world);
    const staff = await (await visit(caller.world.slug)).signIn('owner@example.test', password, '/staff/login');
    assert.doesNotMatch((await staff.get(`/staff/contacts/${caller.contactId}`)).text, /Reset Portal Password/);
    assert.equal((await staff.post(`/staff/contacts/${caller.contactId}/password`)).status, 404);
  });
});
