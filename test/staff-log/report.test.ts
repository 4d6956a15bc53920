import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { mailTypes } from '../../server/messages/types.ts';
import { translator } from '../../server/platform/text.ts';
import { kinds } from '../../server/portal-log/kinds.ts';
import { recordPortalLog } from '../../server/portal-log/portal-log.ts';
import { withTenant } from '../../server/tenancy/tenant-transaction.ts';
import { choose, pay } from '../support/paying.ts';
import { addMethod } from '../payment-methods/hosted-page.ts';
import { atDesk } from '../refunds/refunding.ts';
import { staffVisitor } from '../support/staff-visit.ts';
import { visit, type Visitor } from '../support/visitor.ts';
import { makeAccount, makeContact, makeLogin, makeWorld, password, sql, type World } from '../support/world.ts';
import { allPages, linesOf, logged, report, search } from './reading.ts';

/** A school with the front desk signed in, in New York. */
async function aSchool(): Promise<{ world: World; staff: Visitor }> {
  const world = await makeWorld('studio', { 'tenant.timezone': 'America/New_York' });
  return { world, staff: await staffVisitor(world, 'front_desk') };
}

async function aFamily(world: World, name = 'Brown', email = 'gbarrett@email.com') {
  const accountId = await makeAccount(world, { name, number: name.toUpperCase() });
  const loginRef = await makeLogin(world, email);
  return { accountId, loginRef, contactId: await makeContact(world, accountId, { first_name: 'Gabby', last_name: name, email, login_ref: loginRef }) };
}

const wordsIn = (html: string) => html.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');

describe('the portal log report', () => {
  it('S1-36 "Parent Portal Log" is found in Family Reports', async () => {
    const { staff } = await aSchool();
    assert.match((await staff.get('/staff')).text, /href="\/staff\/reports"[^]*?Family Reports/);
    assert.match((await staff.get('/staff/reports')).text, /<h1>Family Reports<\/h1>[^]*href="\/staff\/reports\/portal-log"[^]*?Parent Portal Log/);
    assert.match((await staff.get(report)).text, /<h1>Parent Portal Log<\/h1>/);
    assert.equal((await staff.get('/staff/portal-log?kind=sign-in')).headers['location'], `${report}?kind=sign-in`);
  });

  it('S1-41 S1-49 has the panels Search Criteria and Report Results, and a RETURN button', async () => {
    const { staff } = await aSchool();
    const { text } = await staff.get(report);
    assert.match(text, /<h2[^>]*>Search Criteria<\/h2>[^]*<h2[^>]*>Report Results<\/h2>/);
    assert.match(text, /href="\/staff\/reports"[^>]*>(<svg[^]*?<\/svg>)?RETURN</);
  });

  it('S1-42 S1-43 S1-44 S1-45 S1-46 S1-47 S1-48 S1-50 S1-51 has six columns, the newest line first, with the exact words of a sign-in and of a wrong password', async () => {
    const { world, staff } = await aSchool();
    await aFamily(world);
    const visitor = await visit(world.slug);
    await visitor.post('/login', { login: 'GBarrett@email.com', password: 'wrong' });
    await visitor.signIn('gbarrett@email.com', password);
    const { text } = await staff.get(`${report}?account=BROWN`);
    const heads = [...(/<table class="list is-log"[^]*?<\/thead>/.exec(text)?.[0] ?? '').matchAll(/<th[^>]*>([^<]+)<\/th>/g)].map(([, head]) => head);
    assert.deepEqual(heads, ['Date/Time (Local)', 'Family/Acct', 'Contact', 'Portal User ID', 'Contact Email', 'Message']);
    const who = { account: 'Brown', contact: 'Gabby Brown', userId: 'gbarrett@email.com', email: 'gbarrett@email.com' };
    const lines = linesOf(text);
    assert.deepEqual(lines.map(({ at, ...line }) => (assert.match(at, /^\d{1,2}\/\d{1,2}\/\d{4} \d{1,2}:\d\d:\d\d [AP]M$/), line)), [
      { ...who, message: 'Login successful for UserID: gbarrett@email.com' },
      { ...who, message: 'Incorrect Password for UserID: gbarrett@email.com' },
    ]);
    assert.match(text, /Wrong password/);
  });

  it('S1-42 the time is the organization’s own, to the second, as 11/9/2023 3:13:00 PM', async () => {
    const { world, staff } = await aSchool();
    await logged(world, '2023-11-09T20:13:00Z', 'x');
    assert.equal((await search(staff, { to: '2023-11-30' }))[0]?.at, '11/9/2023 3:13:00 PM');
  });

  it('S1-53 S1-54 has the exact words of a payment and of a new card, by whom in all four columns', async () => {
    const { world, visitor, staff, methodId } = await atDesk();
    await sql(world, `update app.accounts set name = 'Gunnar'`);
    await pay(visitor, choose(methodId, 'INV-1'));
    await addMethod(visitor, '378282246310005');
    const lines = (await search(staff)).filter(({ message }) => /^(Account|Billing)/.test(message)).map(({ at: _at, ...line }) => line);
    const who = { account: 'Gunnar', contact: 'Maria Bestie', userId: 'maria@example.test', email: 'maria@example.test' };
    assert.deepEqual(lines, [
      { ...who, message: 'Billing information changed: Credit card added; Last 4: 0005' },
      { ...who, message: 'Account: Gunnar Amount: 85.00 Response Code: Approved' },
    ]);
  });

  it('S1-37 shows all activity over any range of dates, by the organization’s days', async () => {
    const { world, staff } = await aSchool();
    for (const [at, message] of [['2023-11-09T04:59:59Z', 'before'], ['2023-11-09T05:00:00Z', 'first'], ['2023-11-10T04:59:59Z', 'last'], ['2023-11-10T05:00:00Z', 'after']] as const) await logged(world, at, message);
    assert.deepEqual((await search(staff, { from: '2023-11-09', to: '2023-11-09' })).map(({ message }) => message), ['last', 'first']);
    assert.deepEqual((await search(staff, { to: '2023-11-08' })).map(({ message }) => message), ['before']);
  });

  it('S1-37 S1-42 on the days on which clocks change, a day has 23 or 25 hours, and the hour that comes twice says which one it is', async () => {
    const { world, staff } = await aSchool();
    for (const at of ['2026-11-01T03:59:59Z', '2026-11-01T04:00:00Z', '2026-11-01T05:30:00Z', '2026-11-01T06:30:00Z', '2026-11-02T04:59:59Z', '2026-11-02T05:00:00Z']) await logged(world, at, at);
    const autumn = await search(staff, { from: '2026-11-01', to: '2026-11-01' });
    assert.deepEqual(autumn.map(({ at }) => at), ['11/1/2026 11:59:59 PM', '11/1/2026 1:30:00 AM EST', '11/1/2026 1:30:00 AM EDT', '11/1/2026 12:00:00 AM']);
    for (const at of ['2026-03-08T04:59:59Z', '2026-03-08T05:00:00Z', '2026-03-08T06:59:59Z', '2026-03-08T07:00:00Z', '2026-03-09T03:59:59Z', '2026-03-09T04:00:00Z']) await logged(world, at, at);
    const spring = await search(staff, { from: '2026-03-08', to: '2026-03-08' });
    assert.deepEqual(spring.map(({ at }) => at), ['3/8/2026 11:59:59 PM', '3/8/2026 3:00:00 AM', '3/8/2026 1:59:59 AM', '3/8/2026 12:00:00 AM']);
  });

  it('S1-38 finds who tries with a wrong password, and why nobody got in, but never what was typed as one', async () => {
    const { world, staff } = await aSchool();
    await aFamily(world);
    const ager = await aFamily(world, 'Ager', 'hollyager41@gmail.com');
    await sql(world, 'update app.contacts set may_sign_in = false where id = $1', [ager.contactId]);
    await (await visit(world.slug)).post('/login', { login: 'hollyager41@gmail.com', password });
    await (await visit(world.slug)).post('/login', { login: 'nobody@email.com', password: 'a secret of mine' });
    for (let tries = 0; tries < 6; tries += 1) await (await visit(world.slug)).post('/login', { login: 'gbarrett@email.com', password: 'a secret of mine' });
    const { text } = await staff.get(`${report}?kind=sign-in-refused`);
    assert.equal(linesOf(text).length, 8);
    assert.match(wordsIn(text), /gbarrett@email\.com Locked after too many tries .*gbarrett@email\.com Wrong password .*nobody@email\.com Nobody has this user id .*hollyager41@gmail\.com Right password, but blocked/);
    assert.doesNotMatch(text, /a secret of mine/);
    assert.equal((await search(staff, { kind: 'sign-in-refused', login: 'HollyAger41@gmail.com' })).length, 1);
    assert.equal((await search(staff, { kind: 'sign-in', login: 'hollyager41@gmail.com' })).length, 0);
  });

  it('S1-39 finds a specific activity by words of its message, signs and all', async () => {
    const { world, staff } = await aSchool();
    await logged(world, '2026-10-01T12:00:00Z', 'Birthdate for Barbie Ager set to 11/17/2010', { kind: 'profile-changed' });
    await logged(world, '2026-10-02T12:00:00Z', 'Phones changed by UserID: 100%_a@email.com', { kind: 'profile-changed' });
    for (const [q, found] of [['birthdate', 1], ['barbie ager', 1], ['%_a@', 1], ['%%', 0], ['nothing like it', 0]] as const) assert.equal((await search(staff, { q, kind: 'profile-changed' })).length, found, q);
    assert.match((await staff.get(`${report}?q=nothing+like+it`)).text, /Nothing found/);
  });

  it('S1-83 S1-37 its lines outlive the contact and the account’s name, and are found by both names and by the number', async () => {
    const { world, staff } = await aSchool();
    const { contactId } = await aFamily(world);
    await (await visit(world.slug)).signIn('gbarrett@email.com', password);
    await sql(world, `update app.accounts set name = 'Barrett'`);
    await staff.get(`/staff/contacts/${contactId}/removal`);
    assert.equal((await staff.post(`/staff/contacts/${contactId}/removal`)).status, 303);
    for (const criteria of [{ account: 'BROWN' }, { account: 'brown' }, { contact: contactId }, { login: 'gbarrett@email.com' }]) {
      const line = (await search(staff, criteria as Record<string, string>)).find(({ message }) => message.startsWith('Login'));
      assert.deepEqual([line?.account, line?.contact, line?.userId, line?.email], ['Brown', 'Gabby Brown', 'gbarrett@email.com', 'gbarrett@email.com'], JSON.stringify(criteria));
    }
    assert.match((await staff.get(`${report}?contact=${contactId}`)).text, /checked[^>]*>\s*<label[^>]*>Only Gabby Brown</);
  });

  it('S1-39 every kind of line and every type of mail has words to be searched by, in each language', () => {
    for (const language of ['en', 'es'] as const) {
      const t = translator(language);
      const keys = [...kinds.map((kind) => `staff-log.kind-${kind}`), ...mailTypes.map((type) => `staff-messages.type-${type.toLowerCase().replaceAll(' ', '-')}`)];
      assert.deepEqual(keys.filter((key) => t(key) === key), [], language);
    }
  });

  it('nobody can change or take away a line, and a name with line ends makes no second one', async () => {
    const { world } = await aSchool();
    await withTenant(world.id, () => recordPortalLog({ kind: 'sign-in', message: 'Login successful for UserID: a\r\n11/9/2023 Forged' }));
    assert.deepEqual(await sql(world, `select message from app.portal_log where kind = 'sign-in'`), [{ message: 'Login successful for UserID: a 11/9/2023 Forged' }]);
    for (const text of ['update app.portal_log set message = message', 'delete from app.portal_log']) await assert.rejects(sql(world, text), /permission denied/);
  });

  it('leads from the account and from the contact to the report with the criteria filled in, and back', async () => {
    const { world, staff } = await aSchool();
    const { contactId } = await aFamily(world);
    await aFamily(world, 'Ager', 'hollyager41@gmail.com');
    for (const login of ['gbarrett@email.com', 'hollyager41@gmail.com']) await (await visit(world.slug)).signIn(login, password);
    const tab = await staff.get('/staff/accounts/BROWN/portal-log');
    assert.match((await staff.get('/staff/accounts/BROWN')).text, /href="\/staff\/accounts\/BROWN\/portal-log"[^>]*>Log</);
    assert.deepEqual(linesOf(tab.text).map(({ message }) => message), ['Login successful for UserID: gbarrett@email.com']);
    assert.match(tab.text, /href="\/staff\/reports\/portal-log\?account=BROWN"/);
    const whole = await staff.get(`${report}?account=BROWN`);
    assert.match(whole.text, /name="account" value="BROWN"[^]*/);
    assert.match(whole.text, /href="\/staff\/accounts\/BROWN"[^>]*>(<svg[^]*?<\/svg>)?RETURN</);
    assert.match((await staff.get(`/staff/contacts/${contactId}`)).text, new RegExp(`href="/staff/reports/portal-log\\?contact=${contactId}"`));
    const ofContact = await staff.get(`${report}?contact=${contactId}`);
    assert.equal(linesOf(ofContact.text).length, 1);
    assert.match(ofContact.text, new RegExp(`href="/staff/contacts/${contactId}"[^>]*>(<svg[^]*?</svg>)?RETURN<`));
  });

  it('comes page by page, each line once, also where many have the same time', async () => {
    const { world, staff } = await aSchool();
    await sql(world, `insert into app.portal_log (at, kind, message) select timestamptz '2026-10-01 12:00:00.000001Z' + make_interval(secs => (n / 70) * 0.000001), 'payment', 'Line ' || n from generate_series(1, 230) n`);
    for (const query of ['kind=payment', 'kind=payment&q=line']) {
      const seen = await allPages(staff, `${report}?${query}`);
      assert.deepEqual([seen.length, new Set(seen.map(({ message }) => message)).size], [230, 230], query);
    }
  });

  it('says beside the field what is wrong with the criteria, and takes whatever stands in the address', async () => {
    const { staff } = await aSchool();
    assert.match((await staff.get(`${report}?from=2026-11-02&to=2026-11-01`)).text, /id="to-error"/);
    for (const query of ['from=x', 'kind=nothing', 'contact=x', 'after=x', 'after=9999999999999999_01a200e4-51e6-7f9f-9b01-943a145bff3e', 'q=a&q=b', 'account[]=x', `q=${'x'.repeat(300)}`, 'login=%27', 'from=9999-12-31', 'to=0001-01-01']) {
      assert.equal((await staff.get(`${report}?${query}`)).status, 200, query);
    }
  });

  it('is no business of whom the area is closed to, nor of another organization', async () => {
    const [one, other] = [await aSchool(), await aSchool()];
    await logged(other.world, '2026-10-01T12:00:00Z', 'Theirs');
    const { contactId } = await aFamily(other.world);
    for (const query of ['', '?q=theirs', `?contact=${contactId}`, '?account=BROWN']) assert.doesNotMatch((await one.staff.get(`${report}${query}`)).text, /Theirs|Gabby/, query);
    await sql(one.world, `update app.staff_users set permissions = '{"accounts": false}' where role = 'front_desk'`);
    for (const path of [report, `${report}.csv`, '/staff/reports', '/staff/portal-log']) assert.equal((await one.staff.get(path)).status, 403, path);
  });
});
