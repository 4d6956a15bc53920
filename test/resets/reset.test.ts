import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { lastLetter, lettersTo, linkIn, urlIn } from '../support/letters.ts';
import { makeCaller, open, opens, ownPassword, twice, type Caller } from '../support/door.ts';
import { originOf } from '../../server/tenancy/outside.ts';
import { testPortal } from '../support/portal.ts';
import { ofThePage, statementsOf } from '../support/statements.ts';
import { makeAccount, makeContact, makeLogin, password, sql } from '../support/world.ts';
import { visit } from '../support/visitor.ts';

const label = 'Click Here to Reset Your Password';

async function askReset({ world, visitor, email }: Caller, typed = email): Promise<string> {
  const answer = await visitor.post('/password/forgot', { login: typed });
  assert.equal(answer.headers['location'], '/password/forgot/sent');
  return linkIn(await lastLetter(world, email), label);
}

describe('the reset', () => {
  it('S0-14 a contact that never had a password gets one by asking for a reset', async () => {
    const caller = await makeCaller('billing');
    await open(caller.visitor, await askReset(caller));
    const done = await caller.visitor.post('/password/reset', twice(ownPassword));
    assert.equal(done.headers['location'], '/password/ready');
    assert.ok(await opens(caller.world, caller.email, ownPassword));
  });

  it('S0-15 the reset sends a mail that says for how long its link works', async () => {
    const caller = await makeCaller('billing');
    await askReset(caller);
    assert.match((await lastLetter(caller.world, caller.email)).text, /works once, for 24 hours/);
  });

  it('S0-16 the mail goes to the address on file alone; an address that is not on file gets none, and the same answer', async () => {
    const caller = await makeCaller('billing', {}, { contact: { email: 'Office@Example.test', is_billing: true } });
    const known = await caller.visitor.post('/password/forgot', { login: 'OFFICE@example.TEST' });
    const unknown = await caller.visitor.post('/password/forgot', { login: 'nobody@example.test' });
    assert.deepEqual([unknown.status, unknown.headers['location']], [known.status, known.headers['location']]);
    assert.equal((await lettersTo(caller.world, 'Office@Example.test')).length, 1);
    assert.deepEqual(await lettersTo(caller.world, 'nobody@example.test'), []);
  });

  it('S0-17 the sign-in page has "Reset Password"', async () => {
    const { visitor } = await makeCaller('billing');
    assert.match((await visitor.get('/login')).text, /<a href="\/password\/forgot">Reset Password<\/a>/);
    assert.match((await visitor.get('/password/forgot')).text, /<h1>Reset Password<\/h1>/);
  });

  it('S0-18 the form asks for the address on file and says "Send Reset Email"', async () => {
    const { visitor } = await makeCaller('billing');
    const form = await visitor.get('/password/forgot');
    assert.match(form.text, /name="login"/);
    assert.match(form.text, /<button[^>]*>Send Reset Email<\/button>/);
  });

  it('S0-19 the mail says "Click Here to Reset Your Password", and behind it the password is created', async () => {
    const caller = await makeCaller('billing');
    const page = await open(caller.visitor, await askReset(caller));
    assert.equal(page.status, 200);
    assert.match(page.text, /name="passwordAgain"/);
    assert.doesNotMatch((await lastLetter(caller.world, caller.email)).kept, /password\/reset\/[\w-]{43}/);
  });

  it('S0-20 a reset link works for 24 hours, and then says so and offers a new one', async () => {
    const caller = await makeCaller('billing');
    const link = await askReset(caller);
    const age = (minutes: number) => sql(caller.world, `update app.links set expires_at = created_at + interval '24 hours' - make_interval(mins => $1)`, [minutes]);
    await age(23 * 60 + 59);
    assert.equal((await open(caller.visitor, link)).status, 200);
    await age(24 * 60 + 1);
    const late = await caller.visitor.post('/password/reset', twice(ownPassword));
    assert.equal(late.status, 410);
    assert.match(late.text, /This link has expired/);
    assert.match(late.text, /Send me a new one/);
    await caller.visitor.post('/password/reset/renewal');
    const fresh = linkIn(await lastLetter(caller.world, caller.email), label);
    assert.equal((await open(caller.visitor, fresh)).status, 200);
  });

  it('S1-34 way 2: the reset link on the sign-in page gives a family its password', async () => {
    const caller = await makeCaller('studio');
    assert.match((await caller.visitor.get('/login')).text, /Reset Password/);
    await open(caller.visitor, await askReset(caller));
    await caller.visitor.post('/password/reset', twice(ownPassword));
    assert.ok(await opens(caller.world, caller.email, ownPassword));
  });

  it('S1-65 parents reset their own password without staff, and hear of it by mail', async () => {
    const caller = await makeCaller('studio', {}, { login: 'maria@example.test' });
    await open(caller.visitor, await askReset(caller));
    await caller.visitor.post('/password/reset', twice(ownPassword));
    assert.match((await lastLetter(caller.world, caller.email)).text, /was changed just now/);
    assert.equal(await opens(caller.world, caller.email, password), false);
  });

  it('S2-36 "Forgot Password" stands on the sign-in page, and resets at any time', async () => {
    const caller = await makeCaller('lawncare', {}, { login: 'maria@example.test' });
    assert.match((await caller.visitor.get('/login')).text, /<a href="\/password\/forgot">Forgot Password<\/a>/);
    await open(caller.visitor, await askReset(caller));
    await caller.visitor.post('/password/reset', twice(ownPassword));
    assert.ok(await opens(caller.world, caller.email, ownPassword));
  });

  it('C-2 a user id that is no address asks for the reset, too; the mail goes to the address on file and names the id', async () => {
    const caller = await makeCaller('billing', {}, { login: 'islandmere' });
    await askReset(caller, 'IslandMere');
    assert.match((await lastLetter(caller.world, caller.email)).text, /Your User ID is: islandmere/);
  });

  it('addresses of every script reach their owners', async () => {
    const caller = await makeCaller('lawncare', { 'access.entry_modes': ['first_reset'] }, { contact: { email: 'josé@łódź.example' } });
    await askReset(caller);
    assert.equal((await lettersTo(caller.world, 'josé@łódź.example')).length, 1);
  });

  it('C-3 the hours of a link are the organization’s own', async () => {
    const caller = await makeCaller('billing', { 'login.reset_ttl_hours': 2 });
    await askReset(caller);
    assert.match((await lastLetter(caller.world, caller.email)).text, /for 2 hours/);
    const [row] = await sql<{ hours: number }>(caller.world, 'select extract(epoch from expires_at - created_at)::int / 3600 as hours from app.links');
    assert.equal(row?.hours, 2);
  });

  it('C-32 a reset by an address of many accounts opens all of them with one login', async () => {
    const caller = await makeCaller('billing');
    await makeContact(caller.world, await makeAccount(caller.world, { name: 'Second' }));
    await open(caller.visitor, await askReset(caller));
    await caller.visitor.post('/password/reset', twice(ownPassword));
    const [count] = await sql<{ logins: number; joined: number }>(caller.world, 'select (select count(*)::int from app.logins) as logins, (select count(login_ref)::int from app.contacts) as joined');
    assert.deepEqual(count, { logins: 1, joined: 2 });
  });

  it('A4 the reset answers the same, with the same statements, to unknown, locked, blocked, lead, no address and other organizations', async () => {
    const other = await makeCaller('billing', {}, { contact: { email: 'other@example.test' } });
    const { world, visitor } = await makeCaller('billing', {}, { login: 'maria@example.test' });
    await makeContact(world, await makeAccount(world, { stage: 'lead' }), { email: 'lead@example.test' });
    await makeContact(world, await makeAccount(world), { email: 'blocked@example.test', may_sign_in: false });
    await makeContact(world, await makeAccount(world), { email: 'locked@example.test', login_ref: await makeLogin(world, 'locked', { locked_at: new Date() }) });
    await visitor.post('/password/forgot', { login: 'somebody@example.test' });
    const answers: unknown[] = [];
    for (const login of ['maria@example.test', 'nobody@example.test', 'lead@example.test', 'blocked@example.test', 'locked@example.test', other.email]) {
      let answer: unknown;
      const asked = await statementsOf(async () => {
        const { status, headers, text } = await visitor.post('/password/forgot', { login });
        answer = { status, location: headers['location'], text };
      });
      answers.push({ answer, statements: ofThePage(asked).map((one) => one.text) });
    }
    assert.equal(new Set(answers.map((answer) => JSON.stringify(answer))).size, 1);
    assert.equal((await lettersTo(world, 'lead@example.test')).length + (await lettersTo(world, 'blocked@example.test')).length, 0);
    assert.equal((await lettersTo(world, 'other@example.test')).length + (await lettersTo(other.world, 'other@example.test')).length, 0);
  });

  it('A11 the link leads to the stored host, whatever host a request claims', async () => {
    const caller = await makeCaller('billing');
    const host = new URL(originOf((await testPortal()).outside, caller.world.slug)).host;
    for (const claimed of [host.toUpperCase(), `${caller.world.slug}.localhost.:3000`, `${caller.world.slug}.localhost:9999`]) {
      const answer = await caller.visitor.send('post', '/password/forgot').set('Host', claimed).set('X-Forwarded-Host', 'evil.example').type('form').send({ login: caller.email });
      assert.equal(answer.status, 303, claimed);
      assert.equal(urlIn(await lastLetter(caller.world, caller.email), label).host, host);
    }
    for (const foreign of ['evil.example', `${caller.world.slug}.localhost@evil.example`]) {
      const answer = await caller.visitor.send('post', '/password/forgot').set('Host', foreign).type('form').send({ login: caller.email });
      assert.ok([400, 404].includes(answer.status), foreign);
    }
    assert.equal((await lettersTo(caller.world, caller.email)).length, 3);
  });

  it('A12 the same address in two organizations: a reset in one changes only one', async () => {
    const [one, other] = [await makeCaller('studio', {}, { login: 'maria@example.test' }), await makeCaller('lawncare', {}, { login: 'maria@example.test' })];
    const link = await askReset(one);
    const foreign = await open(await visit(other.world.slug), link);
    assert.equal(foreign.status, 404);
    await open(one.visitor, link);
    await one.visitor.post('/password/reset', twice(ownPassword));
    assert.ok(await opens(one.world, one.email, ownPassword));
    assert.ok(await opens(other.world, other.email, password));
    assert.deepEqual(await lettersTo(other.world, other.email), []);
  });
});
