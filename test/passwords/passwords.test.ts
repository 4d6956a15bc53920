import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { isEasyToGuess } from '../../server/passwords/strength.ts';
import { makeCaller, open, opens, ownPassword, twice, type Caller } from '../support/door.ts';
import { lastLetter, linkIn } from '../support/letters.ts';
import { exhaust } from '../support/limits.ts';
import { visit } from '../support/visitor.ts';
import { password, signedInFamily, sql } from '../support/world.ts';

async function atTheForm(): Promise<Caller> {
  const caller = await makeCaller('billing');
  await caller.visitor.post('/password/forgot', { login: caller.email });
  await open(caller.visitor, linkIn(await lastLetter(caller.world, caller.email), 'Click Here to Reset Your Password'));
  return caller;
}

describe('a password', () => {
  it('has 8 to 128 characters of any kind, and is taken exactly as typed', async () => {
    for (const chosen of ['wob qix7', '  spaces  count  ', 'ключ от дома 9', '🫖🧦🪁🛶🪕🧩🪜🥁', `${'quince lantern '.repeat(9).slice(0, 127)}!`]) {
      const caller = await atTheForm();
      assert.equal((await caller.visitor.post('/password/reset', twice(chosen))).status, 303, chosen);
      assert.ok(await opens(caller.world, caller.email, chosen));
      assert.equal(await opens(caller.world, caller.email, chosen.trim() === chosen ? chosen.toUpperCase().toLowerCase().slice(1) : chosen.trim()), false);
    }
  });

  it('that is too short, too long, common, or made of the own name, address or portal is refused beside the field', async () => {
    const { visitor } = await atTheForm();
    for (const chosen of ['', 'wob qix', 'x7'.repeat(65), 'password1', '12345678', 'qwertyuiop', 'contraseña', 'maria@example.test', 'mariabestie', 'Rosterwell']) {
      const refused = await visitor.post('/password/reset', twice(chosen));
      assert.equal(refused.status, 422, chosen);
      assert.match(refused.text, /id="password-error"/);
      assert.doesNotMatch(refused.text, /type="password"[^>]* value=/);
    }
  });

  it('may be pasted and remembered: the fields say what they are for and forbid nothing', async () => {
    const page = await (await atTheForm()).visitor.get('/password/reset');
    assert.equal([...page.text.matchAll(/autocomplete="new-password"/g)].length, 2);
    assert.doesNotMatch(page.text, /onpaste|maxlength/);
  });

  it('is looked at no further than where it is hard to guess, so that a long one costs no more', async () => {
    assert.equal(await isEasyToGuess(`seven purple kettles sing at the harbor ${'a'.repeat(88)}`, []), false);
    assert.equal(await isEasyToGuess('a'.repeat(128), []), true);
  });
});

describe('Change Password', () => {
  it('S3-35 click Change Password, enter a new one, Save', async () => {
    const { world, visitor } = await signedInFamily('cloud');
    const page = await visitor.get('/account/password');
    assert.match(page.text, /<h1>Change Password<\/h1>[^]*<button[^>]*>Save<\/button>/);
    assert.equal((await visitor.post('/account/password', { currentPassword: password, ...twice(ownPassword) })).status, 303);
    assert.match((await visitor.get('/account/password')).text, /Your password is changed/);
    assert.ok(await opens(world, 'maria@example.test', ownPassword));
  });

  it('S4-48 the client can update the password', async () => {
    const { world, visitor } = await signedInFamily('fieldservice');
    await visitor.get('/account/password');
    assert.equal((await visitor.post('/account/password', { currentPassword: password, ...twice(ownPassword) })).status, 303);
    assert.equal(await opens(world, 'maria@example.test', password), false);
  });

  it('C-29 it asks the current password, mails the address, and ends every other sign-in', async () => {
    const { world, visitor } = await signedInFamily('cloud');
    const elsewhere = await (await visit(world.slug)).signIn('maria@example.test', password);
    await visitor.get('/account/password');
    for (const currentPassword of ['', 'wrong', ownPassword]) {
      const refused = await visitor.post('/account/password', { currentPassword, ...twice(ownPassword) });
      assert.equal(refused.status, 422);
      assert.match(refused.text, /id="currentPassword-error"/);
    }
    assert.equal((await elsewhere.get('/')).status, 200);
    assert.equal((await visitor.post('/account/password', { currentPassword: password, ...twice(ownPassword) })).status, 303);
    assert.equal((await elsewhere.get('/')).status, 303);
    assert.equal((await visitor.get('/')).status, 200);
    assert.match((await lastLetter(world, 'maria@example.test')).text, /The password for Nimbuswick Cloud Customer Portal was changed just now/);
    const [log] = await sql<{ message: string }>(world, `select message from app.portal_log where kind = 'password-changed'`);
    assert.equal(log?.message, 'Password changed by UserID: maria@example.test');
  });

  it('C-29 the session has a new id afterwards', async () => {
    const { visitor } = await signedInFamily('cloud');
    await visitor.get('/account/password');
    const answer = await visitor.post('/account/password', { currentPassword: password, ...twice(ownPassword) });
    assert.match([answer.headers['set-cookie']].flat().join(), /portal=/);
  });

  it('guessing the current password from an open session is stopped', async () => {
    const { world, visitor } = await signedInFamily('cloud');
    await visitor.get('/account/password');
    const guess = () => visitor.post('/account/password', { currentPassword: 'wrong', ...twice(ownPassword) });
    assert.equal((await guess()).status, 422);
    await exhaust(world, 'password-check');
    assert.equal((await guess()).status, 429);
    assert.ok(await opens(world, 'maria@example.test', password));
  });
});
