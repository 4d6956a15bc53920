import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { makeCaller, open, opens, ownPassword, twice, type Caller } from '../support/door.ts';
import { lastLetter, lettersTo, linkIn } from '../support/letters.ts';
import { visit } from '../support/visitor.ts';
import { makeWorld, sql } from '../support/world.ts';

async function signUp({ world, visitor, email }: Caller, typed = email): Promise<string> {
  assert.equal((await visitor.post('/signup', { email: typed })).headers['location'], '/signup/sent');
  return linkIn(await lastLetter(world, email), 'Set up your password');
}

describe('self sign-up', () => {
  it('S2-29 the portal’s own address leads to its door', async () => {
    const visitor = await visit((await makeWorld('lawncare')).slug);
    assert.equal((await visitor.get('/')).headers['location'], '/login');
  });

  it('S2-30 a "Sign Up" link, and then the email address', async () => {
    const { visitor } = await makeCaller('lawncare');
    assert.match((await visitor.get('/login')).text, /<a href="\/signup">Sign Up<\/a>/);
    assert.match((await visitor.get('/signup')).text, /name="email"[^]*<button[^>]*>Sign Up<\/button>/);
  });

  it('S2-31 the address is the one on file, in any letter case', async () => {
    const caller = await makeCaller('lawncare', {}, { contact: { email: 'Maria@Example.test' } });
    await signUp(caller, 'mARIA@example.TEST');
    assert.equal((await lettersTo(caller.world, 'Maria@Example.test')).length, 1);
  });

  it('S2-32 an address that nobody has makes no login, sends nothing, and gets the same answer', async () => {
    const caller = await makeCaller('lawncare');
    const [known, unknown] = [await caller.visitor.post('/signup', { email: caller.email }), await caller.visitor.post('/signup', { email: 'nobody@example.test' })];
    assert.deepEqual([unknown.status, unknown.headers['location'], unknown.text], [known.status, known.headers['location'], known.text]);
    assert.deepEqual(await lettersTo(caller.world, 'nobody@example.test'), []);
    assert.deepEqual(await sql(caller.world, 'select id from app.logins'), []);
  });

  it('S2-33 the customer gets a mail with a link to set up the password', async () => {
    const caller = await makeCaller('lawncare');
    assert.match(await signUp(caller), /^\/signup\/password\/[\w-]{43}$/);
    assert.equal((await lastLetter(caller.world, caller.email)).type, 'Portal Sign Up');
  });

  it('S2-34 the password is typed twice; what does not agree is refused beside the field, and never sent back', async () => {
    const caller = await makeCaller('lawncare');
    await open(caller.visitor, await signUp(caller));
    const refused = await caller.visitor.post('/signup/password', { password: ownPassword, passwordAgain: 'another purple kettle' });
    assert.equal(refused.status, 422);
    assert.match(refused.text, /id="passwordAgain-error"/);
    assert.doesNotMatch(refused.text, /purple/);
    assert.equal((await caller.visitor.post('/signup/password', twice(ownPassword))).headers['location'], '/password/ready');
  });

  it('S2-35 afterwards the customer logs in with this address and password', async () => {
    const caller = await makeCaller('lawncare');
    await open(caller.visitor, await signUp(caller));
    await caller.visitor.post('/signup/password', twice(ownPassword));
    assert.match((await caller.visitor.get('/password/ready')).text, /<a class="btn btn-primary" href="\/login">Log in<\/a>/);
    assert.ok(await opens(caller.world, caller.email, ownPassword));
  });

  it('S2-37 five steps, and each page says which one it is', async () => {
    const caller = await makeCaller('lawncare');
    const stepOf = (text: string) => /aria-current="step"[^]*?class="step-label">([^<]+)</.exec(text)?.[1];
    const pages = [await caller.visitor.get('/signup')];
    const link = await signUp(caller);
    pages.push(await caller.visitor.get('/signup/sent'), await open(caller.visitor, link));
    assert.deepEqual(pages.map(({ text }) => stepOf(text)), ['Your email', 'Our email', 'Your password']);
    assert.match(pages[0]?.text ?? '', /class="step-label">Sign Up<[^]*class="step-label">Log in</);
  });

  it('C-1 where sign-up is not a way in, its address says that it is not offered', async () => {
    const { visitor } = await makeCaller('studio');
    for (const path of ['/signup', '/signup/sent', `/signup/password/${'a'.repeat(43)}`]) assert.equal((await visitor.get(path)).status, 404, path);
    assert.doesNotMatch((await visitor.get('/login')).text, /\/signup/);
  });

  it('C-1 where it is the only one, a forgotten password that never was leads to it', async () => {
    const caller = await makeCaller('lawncare');
    await caller.visitor.post('/password/forgot', { login: caller.email });
    assert.equal((await lastLetter(caller.world, caller.email)).type, 'Portal Sign Up');
  });

  it('who has a password already is told so, in the mail alone', async () => {
    const caller = await makeCaller('lawncare', {}, { login: 'maria@example.test' });
    await caller.visitor.post('/signup', { email: caller.email });
    const letter = await lastLetter(caller.world, caller.email);
    assert.match(letter.text, /You have a password for Cloverfell Lawn Care Customer Portal already/);
    assert.doesNotMatch(letter.text, /signup\/password/);
  });

  it('a sign-up link works for the hours that the organization says, and then sends a new one', async () => {
    const caller = await makeCaller('lawncare', { 'access.signup_ttl_hours': 5 });
    const link = await signUp(caller);
    await sql(caller.world, `update app.links set expires_at = expires_at - interval '5 hours 1 minute'`);
    const late = await open(caller.visitor, link);
    assert.equal(late.status, 410);
    await caller.visitor.post('/signup/password/renewal');
    assert.equal((await lettersTo(caller.world, caller.email)).length, 2);
  });

  it('what is no address is refused beside the field, typed text kept', async () => {
    const { visitor } = await makeCaller('lawncare');
    for (const email of ['', 'maria', 'maria@', `${'a'.repeat(300)}@example.test`]) {
      const answer = await visitor.post('/signup', { email });
      assert.equal(answer.status, 422, email);
      assert.match(answer.text, /id="email-error"/);
    }
    assert.match((await visitor.post('/signup', { email: 'maria at home' })).text, /value="maria at home"/);
  });
});
