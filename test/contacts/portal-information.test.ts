import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, it } from 'mocha';
import { atContact } from '../staff-contacts/at-contact.ts';
import { opens } from '../support/door.ts';
import { visit } from '../support/visitor.ts';
import { password, sql } from '../support/world.ts';

const factOf = (text: string, label: string) => new RegExp(`<dt>${label}</dt><dd>([^<]*)</dd>`).exec(text)?.[1];

describe('portal information on the contact page', () => {
  it('S1-57 Login ID', async () => {
    const { staff, path } = await atContact('maria@example.test');
    const { text } = await staff.get(path);
    assert.ok(text.indexOf('Portal Information') > text.indexOf('maria@example.test'));
    assert.equal(factOf(text, 'Login ID'), 'maria@example.test');
  });

  it('S1-58 "Logins" counts how often a parent has logged in', async () => {
    const { world, staff, path } = await atContact('maria@example.test');
    assert.equal(factOf((await staff.get(path)).text, 'Logins'), '0');
    for (let time = 0; time < 3; time += 1) await opens(world, 'maria@example.test', password);
    await opens(world, 'maria@example.test', 'wrong');
    assert.equal(factOf((await staff.get(path)).text, 'Logins'), '3');
  });

  it('S1-59 "Last Login" is the date of the last one', async () => {
    const { world, staff, path } = await atContact('maria@example.test');
    assert.equal(factOf((await staff.get(path)).text, 'Last Login'), 'Never');
    await sql(world, `update app.logins set last_login_at = '2026-03-04 15:09:00-05'`);
    assert.match(factOf((await staff.get(path)).text, 'Last Login') ?? '', /^Mar 4, 2026, 3:09\sPM$/);
  });

  it('S1-61 the help text of the button', async () => {
    const { staff, path } = await atContact();
    assert.match((await staff.get(path)).text, /<button[^>]*>Reset Portal Password<\/button>\s*<p class="hint[^"]*">Click to send an email to the contact with a temporary password\.<\/p>/);
  });

  it('S1-62 "Allow to login to Parent Portal" blocks and allows', async () => {
    const { world, staff, path, save } = await atContact('maria@example.test');
    assert.match((await staff.get(path)).text, /name="maySignIn" value="on" checked[^]*?>Allow to login to Parent Portal<\/label>/);
    await save({ maySignIn: undefined });
    assert.equal(await opens(world, 'maria@example.test', password), false);
    await save({ maySignIn: 'on' });
    assert.ok(await opens(world, 'maria@example.test', password));
  });

  it('S1-63 "Allow to manage absences and makeups in the Parent Portal" is a choice of its own', async () => {
    const { world, staff, path, save } = await atContact('maria@example.test');
    assert.match((await staff.get(path)).text, />Allow to manage absences and makeups in the Parent Portal<\/label>/);
    await save({ mayManageAbsences: undefined });
    const [row] = await sql<{ choices: boolean[] }>(world, 'select array[may_sign_in, may_manage_absences] as choices from app.contacts');
    assert.deepEqual(row?.choices, [true, false]);
  });

  it('S1-64 the help text below them', async () => {
    const { staff, path } = await atContact();
    assert.match((await staff.get(path)).text, /Clear these checkboxes to block the contact from using the Parent Portal and to Manage Absences\/Makeups\./);
  });

  it('a contact that is not there, of another organization or no id at all is the same 404', async () => {
    const [one, other] = [await atContact(), await atContact()];
    for (const id of [other.contactId, randomUUID(), 'x', '1', '%27']) {
      assert.equal((await one.staff.get(`/staff/contacts/${id}`)).status, 404, id);
      for (const form of ['', '/removal', '/password', '/invitation']) assert.equal((await one.staff.post(`/staff/contacts/${id}${form}`, form ? {} : { firstName: 'x', revision: '1', ...(await one.form()) })).status, 404, `${id} ${form}`);
    }
  });

  it('is closed to customers, to the signed out and to staff without the permission', async () => {
    const { world, path, visitor } = await atContact('maria@example.test');
    assert.equal((await visitor.get(path)).headers['location']?.startsWith('/staff/login'), true);
    await visitor.signIn('maria@example.test', password);
    assert.equal((await visitor.get(path)).status, 303);
    assert.equal((await visitor.post(`${path}/password`)).status, 303);
    await sql(world, `update app.staff_users set permissions = '{"accounts": false}'`);
    const desk = await (await visit(world.slug)).signIn('front_desk@example.test', password, '/staff/login');
    assert.equal((await desk.get(path)).status, 403);
    assert.equal((await desk.post(`${path}/password`)).status, 403);
  });

  it('A19 foreign fields change nothing, and what is no check box is refused', async () => {
    const { world, contactId, save } = await atContact('maria@example.test');
    const before = await sql(world, 'select to_jsonb(c) as contact, to_jsonb(a) as account, to_jsonb(l) as login from app.contacts c, app.accounts a, app.logins l');
    const foreign = ['id', 'tenant_id', 'tenantId', 'account_id', 'accountId', 'login_ref', 'loginRef', 'first_name', 'last_name', 'is_primary', 'is_billing', 'invited_at', 'external_id', 'stage', 'number', 'name', 'autopay', 'password_hash', 'passwordHash',
      'password', 'temporary_until', 'failed_attempts', 'locked_at', 'login_count', 'login_id', 'loginId', 'role', 'permissions', 'staffId', 'created_at', 'may_sign_in', 'may_manage_absences', '__proto__', 'constructor', 'prototype', 'where', 'kind', 'payload', 'expires_at'];
    const fields = Object.fromEntries(foreign.map((name) => [name, contactId]));
    assert.equal((await save(fields)).status, 303);
    assert.deepEqual(await sql(world, 'select to_jsonb(c) as contact, to_jsonb(a) as account, to_jsonb(l) as login from app.contacts c, app.accounts a, app.logins l'), before);
    assert.equal((await save({ maySignIn: 'perhaps' })).status, 422);
  });
});
