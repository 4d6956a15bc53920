import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { checkSettings, type SettingName } from '../../server/settings/schema.ts';
import { makeCaller } from '../support/door.ts';
import { lastLetter } from '../support/letters.ts';
import { exhaust } from '../support/limits.ts';
import { visit } from '../support/visitor.ts';
import { makeStaff, password, sql } from '../support/world.ts';

const ranges: readonly [SettingName, number, number][] = [
  ['access.invitation_ttl_hours', 1, 168], ['access.signup_ttl_hours', 1, 72], ['access.temp_password_ttl_hours', 1, 168],
  ['login.reset_ttl_hours', 1, 72], ['login.max_attempts', 3, 10], ['login.lock_minutes', 5, 1440],
];

describe('what an organization may set about its ways in', () => {
  it('C-3, C-5 hours, tries and minutes have a least and a most', () => {
    for (const [name, least, most] of ranges) {
      for (const value of [least, most]) assert.deepEqual(checkSettings({ [name]: value }).errors, {}, `${name} ${value}`);
      for (const value of [least - 1, most + 1, least + 0.5, '5', null, Number.NaN]) assert.ok(name in checkSettings({ [name]: value }).errors, `${name} ${value}`);
    }
    assert.ok('access.entry_modes' in checkSettings({ 'access.entry_modes': [] }).errors);
  });

  it('C-3 invitations and temporary passwords live as long as the organization says', async () => {
    const caller = await makeCaller('cloud', { 'access.entry_modes': ['invitation', 'staff_password'], 'access.invitation_ttl_hours': 10, 'access.temp_password_ttl_hours': 3 });
    await makeStaff(caller.world);
    const staff = await (await visit(caller.world.slug)).signIn('owner@example.test', password, '/staff/login');
    await staff.get(`/staff/contacts/${caller.contactId}`);
    await staff.post(`/staff/contacts/${caller.contactId}/invitation`);
    assert.match((await lastLetter(caller.world, caller.email)).text, /for 10 hours/);
    await staff.post(`/staff/contacts/${caller.contactId}/password`);
    assert.match((await lastLetter(caller.world, caller.email)).text, /within 3 hours/);
    const [lives] = await sql<{ link: number; password: number }>(caller.world, `select round(extract(epoch from k.expires_at - now()) / 3600)::int as link, round(extract(epoch from l.temporary_until - now()) / 3600)::int as password from app.links k, app.logins l`);
    assert.deepEqual(lives, { link: 10, password: 3 });
  });
});

describe('the forms of the ways in', () => {
  it('are counted by address and by organization, and stop with 429', async () => {
    const { world, visitor } = await makeCaller('lawncare');
    await visitor.post('/signup', { email: 'nobody@example.test' });
    await exhaust(world, 'forms');
    for (const [path, fields] of [['/password/forgot', { login: 'maria@example.test' }], ['/signup', { email: 'maria@example.test' }], ['/password/reset', {}], ['/password/reset/renewal', {}], ['/staff/password/forgot', { login: 'owner@example.test' }]] as const) {
      const answer = await visitor.post(path, fields);
      assert.equal(answer.status, 429, path);
      assert.ok(Number(answer.headers['retry-after']) > 0);
    }
    assert.equal((await sql(world, 'select id from app.link_requests')).length, 1);
  });

  it('C-33 none of their pages may be framed, and no setting changes that', async () => {
    const { visitor } = await makeCaller('lawncare');
    for (const path of ['/login', '/signup', '/password/forgot', '/password/reset', '/staff/login']) {
      const { headers } = await visitor.get(path);
      assert.match(headers['content-security-policy'] ?? '', /frame-ancestors 'none'/, path);
      assert.equal(headers['x-frame-options'], 'DENY', path);
    }
  });
});
