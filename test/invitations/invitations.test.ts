import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { makeCaller, open, opens, ownPassword, twice, type Caller } from '../support/door.ts';
import { lastLetter, lettersTo, linkIn } from '../support/letters.ts';
import { inRounds } from '../support/rounds.ts';
import { visit, type Visitor } from '../support/visitor.ts';
import { makeLogin, makeStaff, password, sql } from '../support/world.ts';

async function staffOf(caller: Caller): Promise<Visitor> {
  await makeStaff(caller.world, 'front_desk');
  const staff = await (await visit(caller.world.slug)).signIn('front_desk@example.test', password, '/staff/login');
  await staff.get(`/staff/contacts/${caller.contactId}`);
  return staff;
}

const linkOf = async ({ world, email }: Caller) => linkIn(await lastLetter(world, email), 'Register and set a password');
const confirmLinkOf = async ({ world, email }: Caller) => linkIn(await lastLetter(world, email), 'Confirm');

async function invited(pack = 'cloud', settings = {}): Promise<Caller & { staff: Visitor; link: string }> {
  const caller = await makeCaller(pack, settings);
  const staff = await staffOf(caller);
  assert.equal((await staff.post(`/staff/contacts/${caller.contactId}/invitation`)).status, 303);
  return { ...caller, staff, link: await linkOf(caller) };
}

describe('an invitation', () => {
  it('S3-1 a mail is sent to the customer when staff invite', async () => {
    const caller = await invited();
    const letter = await lastLetter(caller.world, caller.email);
    assert.equal(letter.type, 'Portal Invitation');
    assert.match(letter.subject, /^Nimbuswick Cloud Customer Portal - /);
  });

  it('S3-2 it is valid for 72 hours', async () => {
    const caller = await invited();
    const age = (minutes: number) => sql(caller.world, `update app.links set expires_at = created_at + interval '72 hours' - make_interval(mins => $1)`, [minutes]);
    await age(71 * 60 + 59);
    assert.equal((await open(caller.visitor, caller.link)).status, 200);
    await age(72 * 60 + 1);
    assert.equal((await open(caller.visitor, caller.link)).status, 410);
    assert.equal((await caller.visitor.post('/invitations', twice(ownPassword))).status, 410);
  });

  it('S3-3 once expired it is sent again; the older one dies', async () => {
    const caller = await invited();
    await sql(caller.world, `update app.links set expires_at = now() - interval '1 minute'`);
    assert.match((await open(caller.visitor, caller.link)).text, /This link has expired[^]*Send me a new one/);
    await caller.staff.post(`/staff/contacts/${caller.contactId}/invitation`);
    const newer = await linkOf(caller);
    assert.match((await open(caller.visitor, caller.link)).text, /This link was replaced/);
    assert.equal((await open(caller.visitor, newer)).status, 200);
  });

  it('S3-4 behind the link the customer registers and sets a password', async () => {
    const caller = await invited();
    const page = await open(caller.visitor, caller.link);
    assert.match(page.text, /name="password"[^]*name="passwordAgain"[^]*<button[^>]*>Register<\/button>/);
    assert.equal((await caller.visitor.post('/invitations', twice(ownPassword))).headers['location'], '/invitations/accepted');
  });

  it('S3-5 a second mail comes; Confirm in it is the last step', async () => {
    const caller = await invited();
    await open(caller.visitor, caller.link);
    await caller.visitor.post('/invitations', twice(ownPassword));
    const page = await open(await visit(caller.world.slug), await confirmLinkOf(caller));
    assert.match(page.text, /<button[^>]*>Confirm<\/button>/);
    await open(caller.visitor, await confirmLinkOf(caller));
    assert.equal((await caller.visitor.post('/invitations/confirmation')).headers['location'], '/password/ready');
    assert.ok(await opens(caller.world, caller.email, ownPassword));
  });

  it('S3-6 before that nobody logs in, and the confirmation is sent again when it is asked for', async () => {
    const caller = await invited();
    await open(caller.visitor, caller.link);
    await caller.visitor.post('/invitations', twice(ownPassword));
    assert.equal(await opens(caller.world, caller.email, ownPassword), false);
    assert.match((await caller.visitor.get('/invitations/accepted')).text, /Send it again/);
    const first = await confirmLinkOf(caller);
    await caller.visitor.post('/invitations/renewal');
    await (await visit(caller.world.slug)).post('/password/forgot', { login: caller.email, ...twice('another purple kettle') });
    assert.equal((await lettersTo(caller.world, caller.email)).length, 4);
    assert.equal((await open(caller.visitor, first)).status, 410);
    await open(caller.visitor, await confirmLinkOf(caller));
    await caller.visitor.post('/invitations/confirmation');
    assert.ok(await opens(caller.world, caller.email, ownPassword));
  });

  it('S3-7 the last page says "Bookmark the Customer Portal for future reference."', async () => {
    const { visitor } = await makeCaller('cloud');
    const page = await visitor.get('/password/ready');
    assert.match(page.text, /Bookmark the Customer Portal for future reference\./);
    assert.match(page.text, /<a href="http:\/\/[\w.]+:\d+\/">/);
  });

  it('C-2 where user ids are names, the invited choose one that nobody has', async () => {
    const caller = await invited('fieldservice');
    await makeLogin(caller.world, 'Maria');
    await open(caller.visitor, caller.link);
    for (const [username, text] of [['maria', /Somebody has this username already/], ['', /Fill this in/], ['m', /3 to 60/], ['boss@example.test', /Only your own email address/]] as const) {
      const refused = await caller.visitor.post('/invitations', { username, ...twice(ownPassword) });
      assert.equal(refused.status, 422, username);
      assert.match(refused.text, text);
    }
    assert.equal((await caller.visitor.post('/invitations', { username: 'maria.bestie', ...twice(ownPassword) })).headers['location'], '/password/ready');
    assert.ok(await opens(caller.world, 'Maria.Bestie', ownPassword));
    assert.equal(await opens(caller.world, caller.email, ownPassword), false);
  });

  it('C-2 a username that is gone is refused before the second mail, too', async () => {
    const caller = await invited('cloud', { 'login.identifier': 'username' });
    await makeLogin(caller.world, 'Maria');
    await open(caller.visitor, caller.link);
    assert.match((await caller.visitor.post('/invitations', { username: 'maria', ...twice(ownPassword) })).text, /Somebody has this username already/);
    assert.equal((await caller.visitor.post('/invitations', { username: 'mariab', ...twice(ownPassword) })).headers['location'], '/invitations/accepted');
    await makeLogin(caller.world, 'MariaB');
    await open(caller.visitor, await confirmLinkOf(caller));
    const late = await caller.visitor.post('/invitations/confirmation');
    assert.equal(late.status, 422);
    assert.match(late.text, /Somebody has this username already/);
  });

  it('C-1 without the second mail the password counts at once', async () => {
    const caller = await invited('cloud', { 'access.invitation_confirm_mail': false });
    await open(caller.visitor, caller.link);
    assert.equal((await caller.visitor.post('/invitations', twice(ownPassword))).headers['location'], '/password/ready');
    assert.ok(await opens(caller.world, caller.email, ownPassword));
  });

  it('C-1 where invitations are not a way in, their addresses say so', async () => {
    const caller = await makeCaller('lawncare');
    assert.equal((await caller.visitor.get(`/invitations/${'a'.repeat(43)}`)).status, 404);
    const staff = await staffOf(caller);
    assert.equal((await staff.post(`/staff/contacts/${caller.contactId}/invitation`)).status, 404);
    assert.deepEqual(await lettersTo(caller.world, caller.email), []);
  });

  it('A6 accepted twice, changed, cut, foreign or of somebody blocked it does nothing', async () => {
    const [caller, other] = [await invited(), await invited()];
    assert.equal((await open(other.visitor, caller.link)).status, 404);
    assert.equal((await open(caller.visitor, caller.link.slice(0, -2))).status, 404);
    await open(caller.visitor, caller.link);
    await caller.visitor.post('/invitations', twice(ownPassword));
    assert.equal((await caller.visitor.post('/invitations', twice('another purple kettle'))).status, 410);
    await open(other.visitor, other.link);
    await sql(other.world, 'update app.contacts set may_sign_in = false');
    assert.equal((await other.visitor.post('/invitations', twice(ownPassword))).status, 404);
  });

  it('A6 an address put into the form changes nothing: the login is the invited one', async () => {
    const caller = await invited('cloud', { 'access.invitation_confirm_mail': false });
    await open(caller.visitor, caller.link);
    await caller.visitor.post('/invitations', { ...twice(ownPassword), email: 'thief@example.test', username: 'thief', loginId: 'thief', contactId: caller.accountId });
    const logins = await sql<{ id: string }>(caller.world, `select login_id as id from app.logins`);
    assert.deepEqual(logins.map(({ id }) => id), [caller.email]);
  });

  it('A6 of ten acceptances at once one counts', async () => {
    await inRounds(async () => {
      const caller = await invited();
      await open(caller.visitor, caller.link);
      const answers = await Promise.all(Array.from({ length: 10 }, (_, at) => caller.visitor.post('/invitations', twice(`purple kettle number ${at}`))));
      assert.equal(answers.filter(({ headers }) => headers['location'] === '/invitations/accepted').length, 1);
      assert.equal((await lettersTo(caller.world, caller.email)).length, 2);
    });
  });

  it('two invitations at once leave one living link, and both staff are answered', async () => {
    await inRounds(async () => {
      const caller = await invited();
      const answers = await Promise.all([1, 2, 3, 4].map(() => caller.staff.post(`/staff/contacts/${caller.contactId}/invitation`)));
      assert.deepEqual(answers.map(({ status }) => status), [303, 303, 303, 303]);
      const living = await sql(caller.world, 'select id from app.links where used_at is null and replaced_at is null');
      assert.equal(living.length, 1);
      assert.equal((await open(caller.visitor, await linkOf(caller))).status, 200);
    });
  });
});
