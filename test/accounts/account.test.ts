import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { visit } from '../support/visitor.ts';
import { makeAccount, makeContact, makeLogin, makeWorld, password, signedInFamily, sql, type World } from '../support/world.ts';
import type { SettingsDocument } from '../../server/settings/schema.ts';

const email = 'maria@example.test';
const logOf = async (world: World) => (await sql<{ message: string }>(world, 'select message from app.portal_log order by id desc')).map(({ message }) => message);

/** A client of the field-service pack, who signs in by a username. */
async function client(settings: Partial<SettingsDocument> = {}) {
  const world = await makeWorld('fieldservice', settings);
  const accountId = await makeAccount(world);
  const contactId = await makeContact(world, accountId, { login_ref: await makeLogin(world, 'mbestie', { email }), email });
  const visitor = await visit(world.slug);
  await visitor.signIn('mbestie', password);
  return { world, accountId, contactId, visitor };
}

describe('the account page', () => {
  it('S3-32 shows who the reader is, from the contact on file', async () => {
    const { world, visitor } = await signedInFamily('cloud');
    await sql(world, `update app.contacts set cell_phone = '(617) 555-0111', address1 = '1 Elm St', city = 'Boston', region = 'MA', postal_code = '02101'`);
    const { text } = await visitor.get('/account');
    for (const words of ['Maria Bestie', email, '(617) 555-0111', '1 Elm St', 'Boston, MA 02101']) assert.ok(text.includes(words), words);
  });

  it('S3-33 is under "My account" in the menu of the person', async () => {
    const { visitor } = await signedInFamily('cloud');
    assert.match((await visitor.get('/')).text, /<a href="\/account">.*?<span>My account<\/span>/s);
  });

  it('S3-34 is read only but for payment methods and the password, also for whoever posts by hand', async () => {
    const { world, visitor } = await signedInFamily('cloud');
    const { text } = await visitor.get('/account');
    assert.match(text, /href="\/billing\/methods".*Manage Payment Methods/s);
    assert.match(text, /href="\/account\/password">Change Password/);
    assert.doesNotMatch(text, />Edit</);
    for (const path of ['name', 'email', 'phones', 'address', 'username']) {
      assert.equal((await visitor.get(`/account/${path}`)).status, 404, path);
      assert.equal((await visitor.post(`/account/${path}`, { firstName: 'Mallory', lastName: 'X', email: 'm@example.test', currentPassword: password })).status, 404, path);
    }
    assert.deepEqual(await sql(world, 'select first_name, email from app.contacts'), [{ first_name: 'Maria', email }]);
  });

  it('C-7 each group is hidden, shown or edited as the organization says', async () => {
    for (const group of ['name', 'email', 'phones', 'address'] as const) {
      const setting = `profile.fields.${group}` as const;
      const [hidden, view, edit] = await Promise.all((['hidden', 'view', 'edit'] as const).map(async (access) => (await signedInFamily('studio', { [setting]: access })).visitor));
      const link = new RegExp(`href="/account/${group}"`);
      const label = new RegExp(`<dt>${{ name: 'Name', email: 'Email', phones: 'Phone numbers', address: 'Address' }[group]}</dt>`);
      const [h, v, e] = [await hidden?.get('/account'), await view?.get('/account'), await edit?.get('/account')];
      assert.ok(h && v && e && !label.test(h.text) && label.test(v.text) && !link.test(v.text) && link.test(e.text), group);
      assert.deepEqual([(await hidden?.get(`/account/${group}`))?.status, (await view?.get(`/account/${group}`))?.status, (await edit?.get(`/account/${group}`))?.status], [404, 404, 200], group);
    }
  });

  it('S4-51 phone numbers are changed, each checked, and what was typed stays', async () => {
    const { world, visitor } = await client();
    await visitor.get('/account/phones');
    const refused = await visitor.post('/account/phones', { cellPhone: '(215) 555-0150', homePhone: 'call me', workPhone: '215.555.0199 x12', otherPhone: '' });
    assert.equal(refused.status, 422);
    assert.match(refused.text, /id="homePhone-error"/);
    assert.match(refused.text, /name="homePhone" value="call me"/);
    const saved = await visitor.post('/account/phones', { cellPhone: '(215) 555-0150', homePhone: '', workPhone: '215.555.0199 x12', otherPhone: '+44 20 7946 0018' });
    assert.equal(saved.headers['location'], '/account');
    assert.deepEqual(await sql(world, 'select cell_phone, home_phone, work_phone, other_phone from app.contacts'), [{ cell_phone: '(215) 555-0150', home_phone: null, work_phone: '215.555.0199 x12', other_phone: '+44 20 7946 0018' }]);
    assert.match((await visitor.get('/account')).text, /\+44 20 7946 0018 \(Other phone\)/);
    assert.equal((await logOf(world))[0], 'Phone numbers changed by UserID: mbestie');
  });

  it('C-7 name and address are changed, markup stays text, and a name is needed', async () => {
    const { visitor } = await signedInFamily('studio');
    await visitor.get('/account/name');
    assert.equal((await visitor.post('/account/name', { firstName: ' ', lastName: 'B' })).status, 422);
    await visitor.post('/account/name', { firstName: '<b>María</b>', lastName: 'Ñandú  de   la Cruz' });
    await visitor.post('/account/address', { address1: '218 Old Quarry Rd', address2: '', city: 'Harrow Mills', region: 'NC', postalCode: '28077' });
    const { text } = await visitor.get('/account');
    assert.match(text, /&lt;b&gt;María&lt;\/b&gt; Ñandú de la Cruz/);
    assert.match(text, /218 Old Quarry Rd\nHarrow Mills, NC 28077/);
  });

  it('S4-47 the username is changed with the current password, is unique in any case of letters, and signs in from then on', async () => {
    const { world, visitor } = await client();
    await makeLogin(world, 'Taken');
    await visitor.get('/account/username');
    for (const [username, field] of [['TAKEN', 'username'], ['a b', 'username'], ['me', 'username'], ['stranger@example.test', 'username'], ['', 'username']]) {
      const refused = await visitor.post('/account/username', { username, currentPassword: password });
      assert.deepEqual([refused.status, refused.text.includes(`id="${field}-error"`)], [422, true], username);
    }
    const wrong = await visitor.post('/account/username', { username: 'maria.b', currentPassword: 'wrong one' });
    assert.deepEqual([wrong.status, /id="currentPassword-error"/.test(wrong.text), /value="maria.b"/.test(wrong.text), wrong.text.includes('wrong one')], [422, true, true, false]);
    assert.equal((await visitor.post('/account/username', { username: 'maria.b', currentPassword: password })).status, 303);
    assert.match((await visitor.get('/account')).text, /maria\.b/);
    assert.equal((await (await visit(world.slug)).post('/login', { login: 'Maria.B', password })).headers['location'], '/');
    assert.equal((await (await visit(world.slug)).post('/login', { login: 'mbestie', password })).status, 422);
  });

  it('S4-47 a changed username ends other sessions, mails the person and writes the log', async () => {
    const { world, visitor } = await client();
    const other = await visit(world.slug);
    await other.signIn('mbestie', password);
    await visitor.get('/account/username');
    await visitor.post('/account/username', { username: 'maria.b', currentPassword: password });
    assert.equal((await other.get('/')).headers['location'], '/login');
    assert.equal((await visitor.get('/')).status, 200);
    assert.deepEqual(await sql(world, 'select to_address from app.messages'), [{ to_address: email }]);
    assert.equal((await logOf(world))[0], 'Username changed to maria.b for UserID: mbestie');
  });

  it('S4-47 of ten who want one name at once, one gets it', async () => {
    const world = await makeWorld('fieldservice');
    const visitors = await Promise.all(Array.from({ length: 10 }, async (_, at) => {
      await makeContact(world, await makeAccount(world), { login_ref: await makeLogin(world, `user-${at}`) });
      const visitor = await visit(world.slug);
      await visitor.signIn(`user-${at}`, password);
      return visitor;
    }));
    const answers = await Promise.all(visitors.map((visitor) => visitor.post('/account/username', { username: 'wanted', currentPassword: password })));
    assert.deepEqual(answers.map(({ status }) => status).toSorted((a, b) => a - b), [303, ...Array.from({ length: 9 }, () => 422)]);
  });

  it('C-2 where people sign in by email there is no username to change', async () => {
    const { visitor } = await signedInFamily('studio');
    assert.doesNotMatch((await visitor.get('/account')).text, /<dt>Username/);
    assert.equal((await visitor.get('/account/username')).status, 404);
  });

  it('ASVS 7.5.1 guessing the current password of an open session comes to an end', async () => {
    const { visitor } = await client();
    await visitor.get('/account/username');
    const statuses: number[] = [];
    for (let at = 0; at < 102; at += 1) statuses.push((await visitor.post('/account/username', { username: 'maria.b', currentPassword: 'wrong' })).status);
    assert.equal(statuses[0], 422);
    assert.equal(statuses.at(-1), 429);
  });
});
