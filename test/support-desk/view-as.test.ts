import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { features } from '../../server/features.ts';
import type { Route } from '../../server/platform/routes.ts';
import { publish } from '../support/publish.ts';
import { password, sql } from '../support/world.ts';
import { visit } from '../support/visitor.ts';
import { deskAndFamily, everything } from './tester.ts';

type Desk = Awaited<ReturnType<typeof deskAndFamily>>;

const look = async ({ staff, contactId }: Desk, reason = 'She sees no invoices') => {
  await staff.get(`/staff/contacts/${contactId}/view`);
  return staff.post(`/staff/contacts/${contactId}/view`, { reason });
};

describe('a support view', () => {
  it('C-23 B-2 asks for a reason, shows the contact’s pages under a banner with what is left, and leads back', async () => {
    const desk = await deskAndFamily();
    assert.equal((await look(desk, ' ')).status, 422);
    assert.equal((await look(desk)).headers['location'], '/');
    const { text } = await desk.staff.get('/');
    assert.match(text, /Support view of Bestie\.[^]*Nothing can be changed, signed or paid[^]*<time datetime="[^"]+" data-countdown>/);
    const [left] = await sql<{ minutes: number }>(desk.world, 'select round(extract(epoch from expires_at - now()) / 60)::int as minutes from app.looks');
    assert.equal(left?.minutes, 30);
    const back = await desk.staff.send('post', '/looking-in/ending');
    assert.equal(back.headers['location'], `/staff/contacts/${desk.contactId}`);
  });

  it('B-2 changes nothing by any request, counts no login, and is logged with the name of staff on behalf of the contact', async () => {
    const desk = await deskAndFamily();
    await look(desk);
    const before = await everything(desk.world);
    const posts = features.flatMap((feature) => (feature.customer ?? []) as readonly Route<never>[]).filter(({ method }) => method === 'post');
    for (const { path } of posts) assert.equal((await desk.staff.post(path.replace(/:\w+/g, 'x'))).status, 403, path);
    assert.deepEqual(await everything(desk.world), before);
    const [line] = await sql(desk.world, `select message, staff_name, contact_id, account_id from app.portal_log where kind = 'support-viewed'`);
    assert.deepEqual(line, { message: 'Support viewed the portal: The front_desk on behalf of Maria Bestie. Reason: She sees no invoices', staff_name: 'The front_desk', contact_id: desk.contactId, account_id: desk.accountId });
    assert.deepEqual(await sql(desk.world, 'select last_login_at, login_count from app.logins'), [{ last_login_at: null, login_count: 0 }]);
  });

  it('B-2 is told to the client, where the organization wants that', async () => {
    const desk = await deskAndFamily();
    await look(desk);
    const client = await (await visit(desk.world.slug)).signIn('maria@example.test', password);
    assert.match((await client.get('/account/security')).text, /Support viewed your account[^]*The front_desk/);
    assert.match((await client.get('/account/history')).text, /Support viewed your account/);
    await sql(desk.world, 'delete from app.looks');
    await publish(desk.world, { 'support.notify_customer': false });
    await desk.staff.send('post', '/looking-in/ending');
    await look(desk);
    assert.doesNotMatch((await client.get('/account/security')).text, /Support viewed/);
    assert.deepEqual(await sql(desk.world, `select count(*)::int as count from app.portal_log where kind = 'support-viewed-untold'`), [{ count: 1 }]);
  });

  it('B-2 lasts as long as the setting says, ends when it is switched off, and is then no page at all', async () => {
    const desk = await deskAndFamily({ 'support.view_as_minutes': 5 });
    await look(desk);
    const [left] = await sql<{ minutes: number }>(desk.world, 'select round(extract(epoch from expires_at - now()) / 60)::int as minutes from app.looks');
    assert.equal(left?.minutes, 5);
    assert.equal((await desk.staff.get('/')).status, 200);
    await publish(desk.world, { 'support.view_as': 'off' });
    assert.deepEqual([(await desk.staff.get('/')).headers['location']], ['/staff']);
    assert.equal((await desk.staff.get(`/staff/contacts/${desk.contactId}/view`)).status, 404);
    assert.equal((await desk.staff.post(`/staff/contacts/${desk.contactId}/view`, { reason: 'x' })).status, 404);
    assert.doesNotMatch((await desk.staff.get(`/staff/contacts/${desk.contactId}`)).text, /View the portal as/);
  });

  it('B-2 asks for the area and, where the organization demands it, for the second step first', async () => {
    const desk = await deskAndFamily();
    await sql(desk.world, `update app.staff_users set permissions = '{"support": false}'`);
    assert.equal((await look(desk)).status, 403);
    await sql(desk.world, `update app.staff_users set permissions = '{}'`);
    await look(desk);
    await publish(desk.world, { 'login.staff_two_factor': 'everybody' });
    await desk.staff.send('post', '/looking-in/ending');
    const asked = await look(desk);
    assert.deepEqual([asked.status, asked.headers['location']], [303, '/staff/my-account/two-step']);
  });
});
