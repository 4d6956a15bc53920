import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { searchMail, type MailFilter } from '../../server/staff-messages/search-mail.ts';
import { deleteOldMail } from '../../server/upkeep/delete-old-mail.ts';
import { staffVisitor } from '../support/staff-visit.ts';
import { opens } from '../support/door.ts';
import { analyze } from '../staff-log/reading.ts';
import { drain } from '../support/drain.ts';
import { lastLetter, lettersTo, linkIn } from '../support/letters.ts';
import { visit, type Visitor } from '../support/visitor.ts';
import { makeAccount, makeContact, makeLogin, makeWorld, password, sql, type World } from '../support/world.ts';
import { planned } from '../transactions/plans.ts';

const history = '/staff/messages';

interface School {
  readonly world: World;
  readonly staff: Visitor;
  readonly accountId: string;
  readonly contactId: string;
}

/** The Ager family, and the front desk signed in. */
async function aSchool(settings: Parameters<typeof makeWorld>[1] = {}): Promise<School> {
  const world = await makeWorld('studio', { 'tenant.timezone': 'America/New_York', ...settings });
  const accountId = await makeAccount(world, { name: 'Ager', number: 'AGER' });
  const contactId = await makeContact(world, accountId, { first_name: 'Holly', last_name: 'Ager', email: 'hollyager41@gmail.com', login_ref: await makeLogin(world, 'hollyager41@gmail.com') });
  return { world, accountId, contactId, staff: await staffVisitor(world, 'front_desk') };
}

async function mailed(world: World, columns: Readonly<Record<string, unknown>> = {}): Promise<string> {
  const row = { type: 'Portal Password', status: 'complete', subject: 'Your password', recipient: 'Holly Ager', to_address: 'hollyager41@gmail.com', from_address: 'desk@example.test', text_body: 'Hello', html_body: '<p>Hello</p>', ...columns };
  const [made] = await sql<{ id: string }>(world, `insert into app.messages (${Object.keys(row).join(', ')}) values (${Object.keys(row).map((_, at) => `$${at + 1}`).join(', ')}) returning id`, Object.values(row));
  return made?.id ?? '';
}

const cellsOf = (html: string) =>
  [...(/<table class="list is-mail"[^]*?<tbody>([^]*?)<\/tbody>/.exec(html)?.[1] ?? '').matchAll(/<tr>([^]*?)<\/tr>/g)].map(([, row = '']) => [...row.matchAll(/<td[^>]*>([^]*?)<\/td>/g)].map(([, cell = '']) => cell.replace(/<[^>]+>/g, '').trim()));
const subjects = async (staff: Visitor, query: Readonly<Record<string, string>>) => cellsOf((await staff.get(`${history}?${new URLSearchParams(query).toString()}`)).text).map((cells) => cells[4]);
const newest = async (world: World, type = 'Portal Password') => (await sql<{ id: string }>(world, 'select id from app.messages where type = $1 order by created_at desc, id desc limit 1', [type]))[0]?.id ?? '';

describe('the email history', () => {
  it('S1-94 S1-95 S1-97 S1-92 has eight columns: when it was sent in local time, Complete, and also a mail without a recipient', async () => {
    const { world, staff } = await aSchool();
    await mailed(world, { type: 'Account', subject: 'Jackrabbit Help Center - - Registration', recipient: '', created_at: '2018-04-10T01:27:00Z', sent_at: '2018-04-10T01:27:00Z' });
    await mailed(world, { subject: 'Help Center Parent Portal - Portal Login', created_at: '2018-04-10T03:54:40Z', sent_at: '2018-04-10T03:54:44Z' });
    const { text } = await staff.get(history);
    const heads = [...(/<table class="list is-mail"[^]*?<\/thead>/.exec(text)?.[0] ?? '').matchAll(/<th[^>]*>([^]*?)<\/th>/g)].map(([, head = '']) => head.replace(/<[^>]+>/g, ''));
    assert.deepEqual(heads, ['View', 'Date Sent', 'Status', 'Type', 'Subject', 'Recipient', 'To Address', 'From Address']);
    assert.deepEqual(cellsOf(text), [
      ['View', '4/9/2018 11:54:44 PM', 'Complete', 'Portal Password', 'Help Center Parent Portal - Portal Login', 'Holly Ager', 'hollyager41@gmail.com', 'desk@example.test'],
      ['View', '4/9/2018 9:27:00 PM', 'Complete', 'Family', 'Jackrabbit Help Center - - Registration', '', 'hollyager41@gmail.com', 'desk@example.test'],
    ]);
  });

  it('S1-91 the Misc tab of the family has "View Sent Emails", and there a mail of the type Portal Password', async () => {
    const { world, staff, contactId } = await aSchool();
    await staff.get(`/staff/contacts/${contactId}`);
    await staff.post(`/staff/contacts/${contactId}/password`);
    await drain(world);
    const misc = await staff.get('/staff/accounts/AGER/misc');
    const path = /href="([^"]+\/messages)"[^>]*><svg(?:(?!<\/svg>)[^])*<\/svg>View Sent Emails</.exec(misc.text)?.[1] ?? '';
    const [cells] = cellsOf((await staff.get(path)).text);
    assert.deepEqual([cells?.[2], cells?.[3], cells?.[5], cells?.[6]], ['Complete', 'Portal Password', 'Holly Ager', 'hollyager41@gmail.com']);
    assert.match((await staff.get(`/staff/contacts/${contactId}`)).text, new RegExp(`href="/staff/messages\\?contact=${contactId}"`));
    assert.equal((await subjects(staff, { contact: contactId })).length, 1);
  });

  it('S1-92 S1-98 S1-99 S1-100 S1-101 S1-102 a copy can be viewed, word for word but for the password', async () => {
    const { world, staff, contactId } = await aSchool();
    await staff.get(`/staff/contacts/${contactId}`);
    const shown = await staff.post(`/staff/contacts/${contactId}/password`);
    const letter = await lastLetter(world, 'hollyager41@gmail.com');
    const given = /Your Portal Password is: (\w{8})/.exec(letter.text)?.[1] ?? 'nothing';
    assert.ok(shown.text.includes(given));
    const { text } = await staff.get(`${history}/${await newest(world)}`);
    for (const words of ['Your customer portal password has been reset by an administrator.', 'Your Portal UserID is: hollyager41@gmail.com', 'Your Portal Password is: ••••••••', '(Please note that passwords are case-sensitive)', 'This is a temporary password. You can change it after you login.']) assert.ok(text.includes(words), words);
    assert.match(text, /You may login at our Portal Login: http[^]*~[^<]*Parent Portal\/Juniper Hollow/);
    assert.ok(!text.includes(given));
  });

  it('S1-93 "180 days of email history is saved": after them the text is deleted, and that it was sent stays', async () => {
    const { world, staff } = await aSchool();
    const [old, young] = [await mailed(world, { text_body: 'Old words', created_at: new Date(Date.now() - 181 * 86_400_000) }), await mailed(world, { text_body: 'Young words', created_at: new Date(Date.now() - 179 * 86_400_000) })];
    assert.match((await staff.get(history)).text, /180 days of email history is saved/);
    await deleteOldMail(world.id);
    assert.match((await staff.get(`${history}/${young}`)).text, /Young words/);
    const gone = await staff.get(`${history}/${old}`);
    assert.match(gone.text, /hollyager41@gmail\.com[^]*The text was deleted after 180 days/);
    assert.doesNotMatch(gone.text, /Old words/);
    assert.equal((await staff.post(`${history}/${old}/resending`)).status, 422);
    assert.deepEqual(await sql(world, `select 1 from app.messages where text_body || html_body like '%Old words%'`), []);
  });

  it('C-26 another organization keeps its mail as long as it has decided', async () => {
    const { world, staff } = await aSchool({ 'retention.email_days': 365 });
    const id = await mailed(world, { text_body: 'Old words', created_at: new Date(Date.now() - 300 * 86_400_000) });
    await deleteOldMail(world.id);
    assert.match((await staff.get(`${history}/${id}`)).text, /Old words/);
    assert.match((await staff.get(history)).text, /365 days of email history is saved/);
  });

  it('S1-96 is searched by type, status, address, account, days and words', async () => {
    const { world, staff, accountId } = await aSchool();
    await mailed(world, { subject: 'One', account_id: accountId, created_at: '2026-11-01T04:30:00Z' });
    await mailed(world, { subject: 'Two', type: 'Portal Enroll', status: 'failed', error: '550 no such user', to_address: 'Coach@Example.test', created_at: '2026-10-31T12:00:00Z' });
    await mailed(world, { subject: 'Three', type: 'Account', status: 'queued', recipient: '', created_at: '2026-11-02T04:30:00Z' });
    for (const [query, found] of [
      [{ type: 'Portal Password' }, ['One']], [{ type: 'Portal Enroll' }, ['Two']], [{ type: 'Account' }, ['Three']], [{ status: 'failed' }, ['Two']], [{ status: 'queued' }, ['Three']], [{ status: 'complete', type: 'Portal Password' }, ['One']],
      [{ address: 'coach@example.TEST' }, ['Two']], [{ account: 'AGER' }, ['One']], [{ account: 'ager' }, ['One']], [{ account: 'nobody' }, []], [{ from: '2026-11-01', to: '2026-11-01' }, ['Three', 'One']], [{ q: 'tw' }, ['Two']], [{ q: '%' }, []],
    ] as const) assert.deepEqual(await subjects(staff, query as unknown as Record<string, string>), found, JSON.stringify(query));
    const { text } = await staff.get(`${history}?type=Account`);
    for (const label of ['Portal Password', 'Family', 'Portal Enroll']) assert.match(text, new RegExp(`<option[^>]*>${label}</option>`));
  });

  it('a refusal is shown with the mail server’s own words', async () => {
    const { world, staff } = await aSchool();
    const id = await mailed(world, { status: 'failed', error: '550 5.1.1 no such user here', error_code: 550 });
    assert.match((await staff.get(`${history}/${id}`)).text, /Failed[^]*What the mail server said[^]*550 5\.1\.1 no such user here/);
    assert.match((await staff.get(history)).text, /is-act[^]*Failed/);
  });

  it('S1-91 sending a temporary password again makes a new one, to the address on file now, and the old one opens nothing', async () => {
    const { world, staff, contactId } = await aSchool();
    await staff.get(`/staff/contacts/${contactId}`);
    await staff.post(`/staff/contacts/${contactId}/password`);
    const passwordIn = (letter: { text: string }) => /Your Portal Password is: (\w{8})/.exec(letter.text)?.[1] ?? '';
    const first = passwordIn(await lastLetter(world, 'hollyager41@gmail.com'));
    await sql(world, `update app.contacts set email = 'holly@new.test' where id = $1`, [contactId]);
    const path = `${history}/${await newest(world)}`;
    await staff.get(path);
    assert.equal((await staff.post(`${path}/resending`)).headers['location'], path);
    assert.match((await staff.get(path)).text, /Sent again to holly@new\.test/);
    const second = passwordIn(await lastLetter(world, 'holly@new.test'));
    assert.notEqual(second, first);
    const door = await visit(world.slug);
    assert.equal((await door.post('/login', { login: 'hollyager41@gmail.com', password: first })).status, 422);
    assert.equal((await door.post('/login', { login: 'hollyager41@gmail.com', password: second })).status, 303);
    const [line] = await sql(world, `select message, staff_name from app.portal_log where kind = 'mail-resent'`);
    assert.deepEqual(line, { message: 'Email sent again: Portal Password to holly@new.test', staff_name: 'The front_desk' });
  });

  it('sending a reset link again makes a new one, and the old one is replaced', async () => {
    const { world, staff } = await aSchool();
    await (await visit(world.slug)).post('/password/forgot', { login: 'hollyager41@gmail.com' });
    const link = 'Click Here to Reset Your Password';
    const first = linkIn(await lastLetter(world, 'hollyager41@gmail.com'), link);
    const path = `${history}/${await newest(world)}`;
    await staff.get(path);
    await staff.post(`${path}/resending`);
    const second = linkIn(await lastLetter(world, 'hollyager41@gmail.com'), link);
    const reader = await visit(world.slug);
    await reader.get(first);
    assert.equal((await reader.get('/password/reset')).status, 410);
    await reader.get(second);
    assert.equal((await reader.get('/password/reset')).status, 200);
  });

  it('of twenty presses at once one sends again; a mail without a secret goes out word for word', async () => {
    const { world, staff, contactId } = await aSchool();
    const id = await mailed(world, { type: 'Invoice', contact_id: contactId, subject: 'Your invoice', text_body: 'You owe 85.00' });
    await staff.get(`${history}/${id}`);
    const answers = await Promise.all(Array.from({ length: 20 }, () => staff.post(`${history}/${id}/resending`)));
    assert.deepEqual([answers.filter(({ status }) => status === 303).length, answers.filter(({ status }) => status === 422).length], [1, 19]);
    const letters = await lettersTo(world, 'hollyager41@gmail.com');
    assert.deepEqual(letters.map(({ subject, text }) => [subject, text]), [['Your invoice', 'You owe 85.00'], ['Your invoice', 'You owe 85.00']]);
  });

  it('what only its reader can ask for, and whom the portal is closed to, is refused in words', async () => {
    const { world, staff, contactId } = await aSchool();
    const tries = [
      [await mailed(world, { type: 'New Email Address', contact_id: contactId, text_body: 'Confirm: ••••••••' }), /only its reader can ask for again/],
      [await mailed(world, { type: 'Portal Invitation', renewal: 'invitation', contact_id: contactId, text_body: '••••••••' }), /has a password already/],
      [await mailed(world, { renewal: 'reset', text_body: '••••••••' }), /may not get into the portal now/],
    ] as const;
    for (const [id, words] of tries) {
      await staff.get(`${history}/${id}`);
      const answer = await staff.post(`${history}/${id}/resending`);
      assert.equal(answer.status, 422);
      assert.match(answer.text, words);
    }
    assert.equal((await sql(world, 'select 1 from app.messages')).length, 3);
    assert.ok(await opens(world, 'hollyager41@gmail.com', password));
  });

  it('costs a page of mails however many there are, says how far back it has looked for words, and is exported in the background', async () => {
    const { world, accountId, staff } = await aSchool();
    await sql(world, `insert into app.messages (type, status, subject, to_address, from_address, text_body, html_body, created_at, account_id)
      select (array['Receipt', 'Invoice'])[1 + n % 2], 'complete', 'Mail ' || n, 'user' || n % 100 || '@email.com', 'x', 't', 'h', now() - make_interval(secs => n), case when n % 50 = 0 then $1::uuid end from generate_series(1, 25000) n`, [accountId]);
    await analyze('messages');
    const rows = (filter: MailFilter) => planned({ world, accountId }, () => searchMail({ filter }, 'UTC', 50)).then(({ messages = 0 }) => messages);
    assert.ok((await rows({})) <= 60);
    assert.ok((await rows({ type: 'Receipt' })) <= 60);
    assert.ok((await rows({ address: 'USER7@email.com' })) <= 60);
    assert.ok((await rows({ account: 'AGER' })) <= 60);
    assert.match((await staff.get(`${history}?q=needle`)).text, /Search further back/);
    assert.match((await staff.get(`${history}.csv?type=Receipt`)).text, /in the background/);
    const place = (await staff.post(`${history}.csv?type=Receipt`)).headers['location'] ?? '';
    await drain(world);
    assert.match((await staff.get(place)).text, /is ready/);
    const lines = (await staff.get(`${place}/file`)).text.trimEnd().split('\r\n');
    assert.deepEqual([lines.length, lines[0]], [12_501, '\ufeffDate Sent,Status,Type,Subject,Recipient,To Address,From Address']);
  });

  it('says what is wrong with a filter, takes whatever stands in the address, and is no business of others', async () => {
    const { world, staff } = await aSchool();
    assert.match((await staff.get(`${history}?from=2026-11-02&to=2026-11-01`)).text, /id="to-error"/);
    for (const query of ['type=x', 'status=x', 'after=x', 'contact=1', 'q=a&q=b', 'account[]=x', 'address=%27']) assert.equal((await staff.get(`${history}?${query}`)).status, 200, query);
    const other = await aSchool();
    const theirs = await mailed(other.world, { subject: 'Theirs' });
    for (const path of [`${history}/${theirs}`, `${history}/x`]) assert.equal((await staff.get(path)).status, 404);
    assert.equal((await staff.post(`${history}/${theirs}/resending`)).status, 404);
    assert.deepEqual(await subjects(staff, { q: 'theirs' }), []);
    await sql(world, `update app.staff_users set permissions = '{"accounts": false}' where role = 'front_desk'`);
    for (const path of [history, `${history}.csv`, `${history}/${theirs}`, '/staff/accounts/AGER/messages']) assert.equal((await staff.get(path)).status, 403, path);
  });
});
