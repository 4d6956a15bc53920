import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { open } from '../support/door.ts';
import { lastLetter, lettersTo, linkIn } from '../support/letters.ts';
import { visit, type Visitor } from '../support/visitor.ts';
import { makeAccount, makeContact, makeLogin, makeWorld, password, signedInFamily, sql, type World } from '../support/world.ts';

const [old, next] = ['maria@example.test', 'maria@new.example.test'];

async function ask(visitor: Visitor, email = next): Promise<void> {
  await visitor.get('/account/email');
  const answer = await visitor.post('/account/email', { email, currentPassword: password });
  assert.equal(answer.status, 303);
}

async function confirm(world: World, visitor: Visitor, email = next) {
  await open(visitor, linkIn(await lastLetter(world, email), 'Confirm this address'));
  return visitor.post('/email/confirm');
}

const signsIn = async (world: World, login: string) => (await (await visit(world.slug)).post('/login', { login, password })).status === 303;

describe('changing the email address', () => {
  it('S4-50 nothing changes before the new address has confirmed; then the user id follows where it was the address', async () => {
    const { world, visitor } = await signedInFamily('studio');
    await sql(world, 'update app.logins set email = $1', [old]);
    await ask(visitor);
    assert.equal(await signsIn(world, old), true);
    assert.deepEqual(await sql(world, 'select email from app.contacts'), [{ email: old }]);
    assert.equal((await confirm(world, visitor)).headers['location'], '/email/changed');
    assert.deepEqual(await sql(world, 'select c.email, l.email as own, l.login_id from app.contacts c join app.logins l on l.id = c.login_ref'), [{ email: next, own: next, login_id: next }]);
    assert.deepEqual([await signsIn(world, next), await signsIn(world, old)], [true, false]);
  });

  it('S4-50 where people sign in by username, the address changes and the username stays', async () => {
    const world = await makeWorld('fieldservice');
    await makeContact(world, await makeAccount(world), { login_ref: await makeLogin(world, 'mbestie', { email: old }), email: old });
    const visitor = await visit(world.slug);
    await visitor.signIn('mbestie', password);
    await ask(visitor);
    await confirm(world, visitor);
    assert.deepEqual(await sql(world, 'select login_id, email from app.logins'), [{ login_id: 'mbestie', email: next }]);
    assert.equal(await signsIn(world, 'mbestie'), true);
  });

  it('S4-50 asks the current password, and refuses what is no address', async () => {
    const { world, visitor } = await signedInFamily('studio');
    await visitor.get('/account/email');
    for (const [email, currentPassword, field] of [[next, 'wrong', 'currentPassword'], [next, '', 'currentPassword'], ['maria', password, 'email'], ['', password, 'email'], [old, password, 'email']] as const) {
      const answer = await visitor.post('/account/email', { email, currentPassword });
      assert.deepEqual([answer.status, answer.text.includes(`id="${field}-error"`)], [422, true], `${email} ${field}`);
      assert.doesNotMatch(answer.text, /value="wrong"/);
    }
    assert.deepEqual(await sql(world, 'select id from app.links'), []);
  });

  it('S4-50 tells the old address, ends every other session and every link, and writes the log', async () => {
    const { world, visitor } = await signedInFamily('studio');
    const other = await visit(world.slug);
    await other.signIn(old, password);
    await ask(visitor);
    await confirm(world, visitor);
    assert.match((await lastLetter(world, old)).subject, /Your email address was changed/);
    assert.doesNotMatch((await lastLetter(world, old)).text, /new\.example/);
    assert.equal((await other.get('/')).headers['location'], '/login');
    assert.equal((await visitor.get('/')).status, 200);
    const [line] = await sql<{ message: string }>(world, `select message from app.portal_log where kind = 'email-changed'`);
    assert.equal(line?.message, `Email changed from ${old} to ${next}`);
  });

  it('A5 the link works once, and not after a newer one, 24 hours, or a new password', async () => {
    const { world, visitor } = await signedInFamily('studio');
    await ask(visitor, 'first@example.test');
    const first = linkIn(await lastLetter(world, 'first@example.test'), 'Confirm this address');
    await ask(visitor);
    assert.equal((await open(await visit(world.slug), first)).status, 410);
    const link = linkIn(await lastLetter(world, next), 'Confirm this address');
    await sql(world, `update app.links set expires_at = now() - interval '1 minute' where replaced_at is null`);
    assert.equal((await open(await visit(world.slug), link)).status, 410);
    await sql(world, `update app.links set expires_at = now() + interval '1 minute'`);
    await confirm(world, visitor);
    assert.equal((await open(await visit(world.slug), link)).status, 410);
  });

  it('C-32 the person’s other contacts with the old address follow, a neighbour’s with the same address does not', async () => {
    const { world, visitor } = await signedInFamily('studio');
    const [{ id: loginRef } = { id: '' }] = await sql<{ id: string }>(world, 'select id from app.logins');
    await makeContact(world, await makeAccount(world, { name: 'Second' }), { login_ref: loginRef, first_name: 'Also' });
    await makeContact(world, await makeAccount(world, { name: 'Third' }), { first_name: 'Neighbour' });
    await ask(visitor);
    await confirm(world, visitor);
    assert.deepEqual(await sql(world, 'select first_name, email from app.contacts order by first_name'), [
      { first_name: 'Also', email: next },
      { first_name: 'Maria', email: next },
      { first_name: 'Neighbour', email: old },
    ]);
  });

  it('C-30 an address that somebody else signs in with is told to its reader alone, and changes nothing', async () => {
    const { world, visitor } = await signedInFamily('studio');
    await makeLogin(world, next);
    await ask(visitor);
    const answer = await confirm(world, visitor);
    assert.equal(answer.status, 422);
    assert.match(answer.text, /Somebody else signs in with that address/);
    assert.deepEqual(await sql(world, 'select email from app.contacts'), [{ email: old }]);
    assert.equal((await lettersTo(world, old)).length, 0);
  });
});
