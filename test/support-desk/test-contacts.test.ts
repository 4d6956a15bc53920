import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { features } from '../../server/features.ts';
import type { Route } from '../../server/platform/routes.ts';
import { staffVisitor } from '../support/staff-visit.ts';
import { opens } from '../support/door.ts';
import { lastLetter, lettersTo } from '../support/letters.ts';
import { makeAccount, makeContact, makeInvoice, makeLogin, password, sql } from '../support/world.ts';
import { visit } from '../support/visitor.ts';
import { addTest, deskAndFamily, everything, makeTester, resetTest, staffEmail } from './tester.ts';

const everyTab = { tabs: features.flatMap(({ key, tab }) => (tab ? [{ key, enabled: 'on' as const }] : [])), 'payments.gateway': 'sandbox' as const, 'billing.prepayments': true };
const customerRoutes = features.flatMap((feature) => (feature.customer ?? []) as readonly Route<never>[]);

describe('a test contact', () => {
  it('S1-78 is made by Add Contact in the family record, with staff’s own name and own email', async () => {
    const { world, staff, number } = await deskAndFamily();
    const page = await staff.get(`/staff/accounts/${number}/contacts`);
    const href = /href="([^"]+\?test=yes)"/.exec(page.text)?.[1] ?? '';
    const form = await staff.get(href);
    assert.match(form.text, /Add Contact/);
    assert.match(form.text, new RegExp(`name="firstName" value="The"[^]*name="email" value="${staffEmail}"`));
    const added = await addTest(staff, number);
    assert.equal(added.status, 303);
    const { text } = await staff.get(added.headers['location'] ?? '');
    assert.match(text, /Test contact of The front_desk[^]*Until [^]*She cannot get in/);
    const [contact] = await sql(world, `select email, is_primary, test_reason, test_until > now() + interval '23 hours' and test_until <= now() + interval '24 hours' as day from app.contacts where test_until is not null`);
    assert.deepEqual(contact, { email: staffEmail, is_primary: false, test_reason: 'She cannot get in', day: true });
  });

  it('S1-78 S1-82 asks whoever types the own address for a reason, so that nobody becomes one of the family by testing', async () => {
    const { world, staff, number } = await deskAndFamily();
    const asked = await addTest(staff, number, { testReason: '' });
    assert.equal(asked.status, 422);
    assert.match(asked.text, /id="testReason-error"[^]*I belong to this/);
    assert.match(asked.text, new RegExp(`value="${staffEmail}"`));
    assert.equal((await addTest(staff, number, { email: 'somebody@example.test' })).status, 422);
    assert.equal((await addTest(staff, number, { testReason: '', belongs: 'on' })).status, 303);
    assert.deepEqual(await sql(world, 'select test_until from app.contacts where email = $1', [staffEmail]), [{ test_until: null }]);
  });

  it('S1-79 S1-80 gets a temporary password by Reset Portal Password: shown once, and mailed', async () => {
    const { world, staff, number } = await deskAndFamily();
    const path = (await addTest(staff, number)).headers['location'] ?? '';
    assert.match((await staff.get(path)).text, />Reset Portal Password</);
    const { loginId, password: temporary, text } = await resetTest(staff, path);
    assert.match(temporary, /^[a-z2-9]{8}$/);
    assert.match(text, /Go to Parent Portal/);
    assert.doesNotMatch((await staff.get(path)).text, new RegExp(temporary));
    const letter = await lastLetter(world, staffEmail);
    assert.ok(letter.text.includes(temporary) && letter.text.includes(loginId));
    assert.ok(!letter.kept.includes(temporary));
  });

  it('S1-81 logs in with the copied password by Go to Parent Portal, and is inside that family’s portal under a banner', async () => {
    const { world, staff, number } = await deskAndFamily({ 'login.two_factor': 'required', 'login.security_questions': 'required' });
    assert.match((await staff.get('/staff')).text, /href="\/"[^>]*>[^]*?Go to Parent Portal/);
    const { loginId, password: temporary } = await resetTest(staff, (await addTest(staff, number)).headers['location'] ?? '');
    const inside = await visit(world.slug);
    const answer = await inside.post('/login', { login: loginId, password: temporary });
    assert.deepEqual([answer.status, answer.headers['location']], [303, '/']);
    assert.match((await inside.get('/')).text, /You are a test contact in the portal of Bestie\.[^]*Nothing can be signed, paid or changed/);
    assert.ok(await opens(world, loginId, temporary), 'no other password is asked for before the test contact ends');
  });

  it('S1-82 signs, pays and changes nothing by any request: every POST of the customer band is refused by its position', async () => {
    const { world, accountId, inside } = await makeTester(everyTab);
    await makeInvoice(world, accountId, { number: 'INV-1' });
    await inside.get('/');
    const before = await everything(world);
    const posts = customerRoutes.filter(({ method, path }) => method === 'post' && path !== '/logout');
    assert.ok(posts.length > 30);
    for (const { path } of posts) {
      const refused = await inside.post(path.replace(/:\w+/g, 'INV-1'), { invoice: 'INV-1', amount: '85.00', password, currentPassword: password });
      assert.ok([403, 404].includes(refused.status), `${path}: ${refused.status}`);
      if (refused.status === 403) assert.match(refused.text, /Nothing is sent here/, path);
      else assert.ok(/not offered|does not offer/i.test(refused.text), `${path} was looked for`);
    }
    assert.deepEqual(await everything(world), before);
    assert.equal((await inside.post('/logout')).status, 303);
  }).timeout(60_000);

  it('S1-82 S1-83 leaves no trace by reading: no login is counted, nothing is viewed, and the database writes nothing for it', async () => {
    const { world, accountId, inside, test } = await makeTester(everyTab);
    await makeInvoice(world, accountId, { number: 'INV-1' });
    await sql(world, `insert into app.payments (account_id, number, state, amount_cents, currency) values ($1, 'PAY-1', 'unknown', 100, 'USD')`, [accountId]);
    const before = await everything(world);
    for (const { path } of customerRoutes.filter(({ method }) => method === 'get')) {
      const shown = await inside.get(path.replace('/invoices/:number', '/invoices/INV-1').replace('payments/:number', 'payments/PAY-1').replace(/:\w+/g, '00000000-0000-4000-8000-000000000000'));
      assert.ok(shown.status < 500, `${path}: ${shown.status}`);
    }
    assert.deepEqual(await everything(world), before);
    assert.deepEqual(await sql(world, 'select last_login_at, login_count from app.logins order by id'), [{ last_login_at: null, login_count: 0 }, { last_login_at: null, login_count: 0 }]);
    const [log] = await sql(world, `select staff_name, contact_id from app.portal_log where kind = 'sign-in'`);
    assert.deepEqual(log, { staff_name: 'The front_desk', contact_id: test.id });
  }).timeout(60_000);

  it('S1-83 ends by itself after the hours of the setting, by the database’s clock, and is listed until it is deleted', async () => {
    const { world, staff, inside, loginId, password: temporary, test } = await makeTester({ 'support.test_contact_ttl_hours': 2 });
    const [until] = await sql<{ hours: number }>(world, 'select round(extract(epoch from test_until - now()) / 3600)::int as hours from app.contacts where id = $1', [test.id]);
    assert.equal(until?.hours, 2);
    assert.match((await staff.get('/staff/support')).text, /Until /);
    assert.match((await staff.get('/staff/tasks')).text, new RegExp(`href="${test.path}/removal">Delete the test contact`));
    await sql(world, `update app.contacts set test_until = now() - interval '1 second' where id = $1`, [test.id]);
    assert.equal((await inside.get('/billing')).status, 303);
    assert.ok(!(await opens(world, loginId, temporary)));
    assert.match((await staff.get('/staff/support')).text, /Ended at[^]*Delete the test contact/);
    assert.equal((await staff.post(`${test.path}/password`)).status, 422);
  });

  it('S1-83 is deleted with its login; its sign-in ends, its task is done and its lines stay in the log', async () => {
    const { world, staff, inside, loginId, password: temporary, test } = await makeTester();
    const lines = await sql(world, 'select id from app.portal_log');
    assert.match((await staff.get(`${test.path}/removal`)).text, new RegExp(loginId.replaceAll('+', '\\+')));
    assert.equal((await staff.post(`${test.path}/removal`)).status, 303);
    assert.equal((await inside.get('/billing')).headers['location']?.split('?')[0], '/login');
    assert.ok(!(await opens(world, loginId, temporary)));
    assert.deepEqual(await sql(world, 'select count(*)::int as count from app.logins where login_id = $1', [loginId]), [{ count: 0 }]);
    assert.deepEqual(await sql(world, `select done_at is not null as done from app.staff_tasks`), [{ done: true }]);
    const kept = await sql(world, 'select id from app.portal_log where contact_id = $1', [test.id]);
    assert.ok(kept.length >= 3 && lines.length >= kept.length - 1);
    assert.match((await staff.get('/staff/support')).text, /No test contacts/);
  });

  it('S1-84 C-32 has a login of its own in each family, even where the address is already somebody’s, and touches that one in nothing', async () => {
    const { world, staff, number, accountId } = await deskAndFamily({ 'login.identifier': 'either' });
    const own = await makeLogin(world, staffEmail, { email: staffEmail });
    await makeContact(world, await makeAccount(world, { name: 'Own' }), { email: staffEmail, login_ref: own });
    await makeAccount(world, { number: 'B-2', name: 'Other' });
    const first = await resetTest(staff, (await addTest(staff, number)).headers['location'] ?? '');
    const second = await resetTest(staff, (await addTest(staff, 'B-2')).headers['location'] ?? '');
    assert.notEqual(first.loginId, second.loginId);
    assert.ok(await opens(world, staffEmail, password), 'the own login is as it was');
    const inside = await (await visit(world.slug)).signIn(first.loginId, first.password);
    const { text } = await inside.get('/');
    assert.match(text, /Bestie/);
    assert.doesNotMatch(text, /Other|Own/);
    await assert.rejects(sql(world, 'update app.contacts set login_ref = (select id from app.logins where login_id = $1) where account_id = $2 and test_until is null', [first.loginId, accountId]), /its own/);
  });

  it('S1-84 gets no link and no letter that is meant for the family', async () => {
    const { world, staff, number } = await deskAndFamily();
    await addTest(staff, number);
    await (await visit(world.slug)).post('/password/forgot', { login: staffEmail });
    assert.deepEqual(await lettersTo(world, staffEmail), []);
  });

  it('S1-85 S1-86 S1-87 says what it means when staff get in and the parent does not, and what to ask', async () => {
    const { world, staff } = await deskAndFamily();
    const { text } = await staff.get('/staff/support');
    assert.match(text, /something on the parent’s side is not working/);
    assert.match(text, /Is the contact email address correct\?/);
    assert.match(text, new RegExp(`http://${world.slug}\\.localhost:\\d+ to the list of secured sites`));
  });

  it('C-4 gives its password to nobody but whoever it is, and none to whom support is no area', async () => {
    const { world, staff, number } = await deskAndFamily();
    const path = (await addTest(staff, number)).headers['location'] ?? '';
    const owner = await staffVisitor(world, 'owner');
    await owner.get(path);
    const refused = await owner.post(`${path}/password`);
    assert.equal(refused.status, 422);
    assert.match(refused.text, /test contact of The front_desk/);
    await sql(world, `update app.staff_users set permissions = '{"support": false}' where role = 'front_desk'`);
    assert.equal((await staff.get('/staff/support')).status, 403);
    assert.equal((await addTest(staff, number)).status, 403);
  });

  it('is merged into nobody, and of twenty at once each has its own login', async () => {
    const { world, staff, number, contactId, test } = await makeTester();
    await staff.get(test.path);
    await Promise.all(Array.from({ length: 20 }, () => addTest(staff, number)));
    assert.deepEqual(await sql(world, 'select count(distinct login_ref)::int as logins, count(*)::int as contacts from app.contacts where test_until is not null'), [{ logins: 21, contacts: 21 }]);
    const owner = await staffVisitor(world, 'owner');
    await owner.get(`/staff/contacts/${contactId}/merge`);
    assert.equal((await owner.post(`/staff/contacts/${contactId}/merge`, { gone: test.id })).status, 422);
  });
});
