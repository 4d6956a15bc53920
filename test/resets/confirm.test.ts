import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { makeCaller, open, opens, ownPassword, twice, type Caller } from '../support/door.ts';
import { lastLetter, lettersTo, linkIn } from '../support/letters.ts';
import { visit } from '../support/visitor.ts';
import { password, sql } from '../support/world.ts';

const known = () => makeCaller('cloud', {}, { login: 'maria@example.test' });

async function choose({ world, visitor, email }: Caller, chosen = ownPassword): Promise<string> {
  assert.equal((await visitor.post('/password/forgot', { login: email, ...twice(chosen) })).headers['location'], '/password/forgot/sent');
  return linkIn(await lastLetter(world, email), 'Confirm');
}

describe('the reset that begins with the password', () => {
  it('S3-44 Forgot Password: enter email address and password, then click Confirm in the mail', async () => {
    const caller = await known();
    assert.match((await caller.visitor.get('/login')).text, />Forgot Password</);
    assert.match((await caller.visitor.get('/password/forgot')).text, /name="login"[^]*name="password"[^]*<button[^>]*>Confirm<\/button>/);
    const link = await choose(caller);
    assert.match((await open(caller.visitor, link)).text, /<button[^>]*>Confirm<\/button>/);
    assert.equal((await caller.visitor.post('/password/confirmation')).headers['location'], '/password/ready');
    assert.ok(await opens(caller.world, caller.email, ownPassword));
  });

  it('C-6 the new password counts only once it is confirmed; until then the old one does, and only a hash waits', async () => {
    const caller = await known();
    const link = await choose(caller);
    await open(await visit(caller.world.slug), link);
    assert.equal(await opens(caller.world, caller.email, ownPassword), false);
    assert.ok(await opens(caller.world, caller.email, password));
    const [row] = await sql<{ payload: Record<string, string>; rest: string }>(caller.world, 'select payload, (select count(*) from app.link_requests)::text as rest from app.links');
    assert.match(row?.payload['passwordHash'] ?? '', /^\$argon2id\$/);
    assert.equal(row?.rest, '0');
    await open(caller.visitor, link);
    await caller.visitor.post('/password/confirmation');
    assert.deepEqual(await sql(caller.world, `select payload from app.links where payload <> '{}'`), []);
  });

  it('C-6 in another browser the chosen password is asked again, so that a stranger’s choice is not confirmed by a click', async () => {
    const caller = await known();
    const link = await choose(caller, 'the thief chose this');
    const victim = await visit(caller.world.slug);
    assert.match((await open(victim, link)).text, /name="password"/);
    assert.equal((await victim.post('/password/confirmation')).status, 422);
    assert.equal((await victim.post('/password/confirmation', { password })).status, 422);
    assert.equal(await opens(caller.world, caller.email, 'the thief chose this'), false);
    assert.equal((await victim.post('/password/confirmation', { password: 'the thief chose this' })).status, 303);
  });

  it('C-30 an address that nobody has is told the same, and nothing of it is kept', async () => {
    const caller = await known();
    const unknown = await caller.visitor.post('/password/forgot', { login: 'nobody@example.test', ...twice(ownPassword) });
    const right = await caller.visitor.post('/password/forgot', { login: caller.email, ...twice(ownPassword) });
    assert.deepEqual([unknown.status, unknown.headers['location'], unknown.text], [right.status, right.headers['location'], right.text]);
    assert.deepEqual(await lettersTo(caller.world, 'nobody@example.test'), []);
    assert.deepEqual(await sql(caller.world, 'select id from app.link_requests'), []);
  });

  it('a password that would not do is refused before anybody is looked for', async () => {
    const caller = await known();
    for (const login of [caller.email, 'nobody@example.test']) {
      const answer = await caller.visitor.post('/password/forgot', { login, ...twice('password') });
      assert.equal(answer.status, 422);
      assert.match(answer.text, /id="password-error"/);
    }
    assert.deepEqual(await lettersTo(caller.world, caller.email), []);
  });

  it('who was invited and has no password yet gets the invitation, not this one’s password', async () => {
    const caller = await makeCaller('cloud');
    await caller.visitor.post('/password/forgot', { login: caller.email, ...twice(ownPassword) });
    assert.deepEqual(await lettersTo(caller.world, caller.email), []);
    await sql(caller.world, 'update app.contacts set invited_at = now()');
    await caller.visitor.post('/password/forgot', { login: caller.email, ...twice(ownPassword) });
    assert.equal((await lastLetter(caller.world, caller.email)).type, 'Portal Invitation');
    assert.deepEqual(await sql(caller.world, 'select id from app.logins'), []);
  });

  it('a used or expired confirmation says so and leads back to the beginning', async () => {
    const caller = await known();
    const link = await choose(caller);
    await sql(caller.world, `update app.links set expires_at = now() - interval '1 second'`);
    const late = await open(caller.visitor, link);
    assert.equal(late.status, 410);
    assert.match(late.text, /This link has expired[^]*<a class="btn btn-primary" href="\/password\/forgot">Start again/);
    assert.equal((await caller.visitor.post('/password/confirmation')).status, 410);
    assert.ok(await opens(caller.world, caller.email, password));
  });
});
