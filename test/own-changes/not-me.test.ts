import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { addMethod } from '../payment-methods/hosted-page.ts';
import { opens, open, twice } from '../support/door.ts';
import { lastLetter, lettersTo, linkIn } from '../support/letters.ts';
import { aPayer, saveMethod } from '../support/paying.ts';
import { visit, type Visitor } from '../support/visitor.ts';
import { makeAccount, makeContact, makeLogin, makeWorld, password, signedInFamily, sql, type World } from '../support/world.ts';

const [maria, thief, third] = ['maria@example.test', 'thief@example.test', 'third@example.test'];
const fresh = 'seven purple kettles sing';

const letterAbout = async (world: World, to: string, about: RegExp) => {
  const letter = (await lettersTo(world, to)).findLast(({ subject }) => about.test(subject));
  if (!letter) throw new Error(`no letter to ${to} about ${String(about)}`);
  return linkIn(letter, 'This was not me');
};

/** Opens the link of such a letter, as its reader, and says so. */
async function dispute(world: World, link: string): Promise<Visitor> {
  const reader = await visit(world.slug);
  const page = await open(reader, link);
  assert.equal(page.status, 200);
  const answer = await reader.post('/not-me');
  assert.match(String(answer.headers['location']), /^\/not-me\/done/);
  return reader;
}

async function moveTo(world: World, visitor: Visitor, email: string): Promise<void> {
  await visitor.get('/account/email');
  assert.equal((await visitor.post('/account/email', { email, currentPassword: password })).status, 303);
  await open(visitor, linkIn(await lastLetter(world, email), 'Confirm this address'));
  assert.equal((await visitor.post('/email/confirm')).status, 303);
}

const people = (world: World) => sql(world, 'select c.email, l.login_id, l.password_hash is null as locked from app.contacts c join app.logins l on l.id = c.login_ref');

describe('this was not me', () => {
  it('B-3 an email change is taken back by the reader of the old address: everybody is signed out, a new password is asked for, staff get a task', async () => {
    const { world, visitor } = await signedInFamily('studio');
    await moveTo(world, visitor, thief);
    const link = await letterAbout(world, maria, /email/i);
    const reader = await dispute(world, link);
    assert.deepEqual(await people(world), [{ email: maria, login_id: maria, locked: true }]);
    assert.equal((await visitor.get('/account')).status, 303);
    assert.equal(await opens(world, maria, password), false);
    assert.match((await reader.get('/not-me/done')).text, /href="\/password\/reset"/);
    assert.equal((await reader.post('/password/reset', twice(fresh))).status, 303);
    assert.equal(await opens(world, maria, fresh), true);
    assert.deepEqual(await sql(world, 'select kind, done_at from app.staff_tasks'), [{ kind: 'not_me', done_at: null }]);
    assert.deepEqual(await sql(world, `select message from app.portal_log where kind = 'change-disputed'`), [{ message: 'Change disputed: email; taken back' }]);
  });

  it('B-3 a chain of changes goes back to what stood before the disputed one, with the username that came after, and the later links are dead', async () => {
    const world = await makeWorld('fieldservice');
    await makeContact(world, await makeAccount(world), { login_ref: await makeLogin(world, 'mbestie', { email: maria }), email: maria });
    const visitor = await (await visit(world.slug)).signIn('mbestie', password);
    await moveTo(world, visitor, thief);
    await visitor.get('/account/username');
    assert.equal((await visitor.post('/account/username', { username: 'thief', currentPassword: password })).status, 303);
    await moveTo(world, visitor, third);
    const [first, second] = [await letterAbout(world, maria, /email/i), await letterAbout(world, thief, /email/i)];
    await dispute(world, first);
    assert.deepEqual(await people(world), [{ email: maria, login_id: 'mbestie', locked: true }]);
    await dispute(world, second);
    assert.deepEqual(await people(world), [{ email: maria, login_id: 'mbestie', locked: true }]);
  });

  it('B-3 phones come back over whatever was written since; the other values stay', async () => {
    const { world, visitor } = await signedInFamily('lawncare');
    await sql(world, `update app.contacts set cell_phone = '(704) 555-0140'`);
    const phones = (cellPhone: string, homePhone = '') => visitor.post('/account/phones', { cellPhone, homePhone, workPhone: '', otherPhone: '' });
    await visitor.get('/account/phones');
    await phones('(704) 555-0666');
    const link = await letterAbout(world, maria, /phone/i);
    await phones('(704) 555-0667', '(704) 555-0188');
    await dispute(world, link);
    assert.deepEqual(await sql(world, 'select cell_phone, home_phone from app.contacts'), [{ cell_phone: '(704) 555-0140', home_phone: '(704) 555-0188' }]);
  });

  it('B-3 a password change and a new username are mailed with the link, and each can be disputed', async () => {
    const world = await makeWorld('fieldservice');
    await makeContact(world, await makeAccount(world), { login_ref: await makeLogin(world, 'mbestie', { email: maria }), email: maria });
    const visitor = await (await visit(world.slug)).signIn('mbestie', password);
    await visitor.get('/account/password');
    assert.equal((await visitor.post('/account/password', { currentPassword: password, ...twice(fresh) })).status, 303);
    await dispute(world, await letterAbout(world, maria, /password/i));
    assert.deepEqual(await people(world), [{ email: maria, login_id: 'mbestie', locked: true }]);
    assert.equal(await opens(world, 'mbestie', fresh), false);
  });

  it('B-3 a payment method that was added goes, with the autopay that was turned on with it', async () => {
    const { world, visitor } = await signedInFamily('cloud');
    await addMethod(visitor);
    const [method] = await sql<{ id: string }>(world, 'select id from app.payment_methods');
    assert.equal((await visitor.post('/autopay', { method: method?.id })).status, 303);
    await dispute(world, await letterAbout(world, maria, /4242 was added/));
    assert.deepEqual(await sql(world, 'select a.autopay, m.removed_at is not null as gone from app.accounts a join app.payment_methods m on m.account_id = a.id'), [{ autopay: false, gone: true }]);
  });

  it('B-3 autopay that was turned off, or pays with another method, goes back', async () => {
    const payer = await aPayer('visa', 'cloud');
    const { world, visitor, methodId } = payer;
    const other = await saveMethod(payer, 'visa');
    await visitor.get('/billing/autopay/card');
    await visitor.post('/autopay', { method: methodId });
    await visitor.post('/autopay', { method: other });
    const changed = await letterAbout(world, maria, /utopay/);
    await visitor.post('/autopay/cancellation');
    await dispute(world, changed);
    assert.deepEqual(await sql(world, 'select autopay, autopay_method_id from app.accounts'), [{ autopay: true, autopay_method_id: methodId }]);
  });

  it('B-3 a default goes back; that a deleted payment method is lost is said plainly', async () => {
    const payer = await aPayer('visa', 'cloud');
    const { world, visitor, methodId } = payer;
    const other = await saveMethod(payer, 'visa');
    await visitor.get('/billing/methods');
    assert.equal((await visitor.post(`/billing/methods/${other}/default`)).status, 303);
    await visitor.post(`/billing/methods/${methodId}/removal`);
    const link = await letterAbout(world, maria, /deleted/);
    const reader = await visit(world.slug);
    assert.match((await open(reader, link)).text, /cannot be brought back/);
    assert.equal((await reader.post('/not-me')).headers['location'], '/not-me/done?left=yes');
    assert.match((await reader.get('/not-me/done?left=yes')).text, /cannot be undone automatically/);
    assert.deepEqual(await sql(world, `select message from app.portal_log where kind = 'change-disputed'`), [{ message: 'Change disputed: method removed; could not be taken back' }]);
  });

  it('B-3 the link works once of eight tries at once, not after 72 hours, and its token is kept nowhere', async () => {
    const { world, visitor } = await signedInFamily('studio');
    await moveTo(world, visitor, thief);
    const link = await letterAbout(world, maria, /email/i);
    const token = link.split('/').at(-1) ?? '';
    const kept = await sql<{ all: string }>(world, `select (select string_agg(m::text, '') from app.messages m) || (select string_agg(o::text, '') from app.own_changes o) as all`);
    assert.ok(!kept[0]?.all.includes(token) && !kept[0]?.all.includes(maria.slice(1, 9) + '\\"'));
    const readers = await Promise.all(Array.from({ length: 8 }, async () => {
      const reader = await visit(world.slug);
      await open(reader, link);
      return reader;
    }));
    const answers = await Promise.all(readers.map((reader) => reader.post('/not-me')));
    assert.equal(answers.filter(({ headers }) => headers['location'] === '/not-me/done').length, 1);
    assert.equal((await open(await visit(world.slug), link)).status, 410);
    await sql(world, `update app.own_changes set disputed_at = null, taken_back_at = null, expires_at = now() - interval '1 second'`);
    assert.equal((await open(await visit(world.slug), link)).status, 410);
    const elsewhere = await makeWorld('studio');
    assert.equal((await (await visit(elsewhere.slug)).get(link)).status, 404);
    assert.equal((await (await visit(world.slug)).get(`/not-me/${'x'.repeat(43)}`)).status, 404);
  });

  it('B-3 opening the address changes nothing, and leaves no token in it', async () => {
    const { world, visitor } = await signedInFamily('studio');
    await moveTo(world, visitor, thief);
    const answer = await (await visit(world.slug)).get(await letterAbout(world, maria, /email/i));
    assert.deepEqual([answer.status, answer.headers['location']], [303, '/not-me']);
    assert.deepEqual(await people(world), [{ email: thief, login_id: thief, locked: false }]);
  });
});
