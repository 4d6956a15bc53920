import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { client, formFields, ownedWorld, staffVisitor } from '../support/staff-visit.ts';
import { visit } from '../support/visitor.ts';
import { makeWorld, sql } from '../support/world.ts';

const pages = ['/staff/settings', '/staff/settings/portal', '/staff/settings/navigation', '/staff/settings/versions', '/staff/people'];
const posts = ['/staff/settings/portal', '/staff/settings/publication', '/staff/settings/cancellation', '/staff/settings/versions/1/publication'];

describe('who may change settings', () => {
  it('the front desk and managers are refused every page and every button', async () => {
    const world = await makeWorld('studio');
    for (const role of ['front_desk', 'manager'] as const) {
      const visitor = await staffVisitor(world, role);
      for (const path of pages) assert.equal((await visitor.get(path)).status, 403, `${role} ${path}`);
      for (const path of posts) assert.equal((await visitor.post(path, { 'portal.display_name': 'Taken over' })).status, 403, `${role} ${path}`);
      assert.doesNotMatch((await visitor.get('/staff')).text, /href="\/staff\/(settings|people)"/);
    }
    assert.deepEqual(await sql(world, 'select version, draft from app.settings'), [{ version: 1, draft: null }]);
  });

  it('somebody whose own record allows settings may change them, and one it forbids may not', async () => {
    const world = await makeWorld('studio');
    const visitor = await staffVisitor(world, 'front_desk');
    await sql(world, `update app.staff_users set permissions = '{"settings": true, "accounts": false}'`);
    assert.equal((await visitor.get('/staff/settings')).status, 200);
    assert.doesNotMatch((await visitor.get('/staff')).text, /Sign-ins locked/);
  });

  it('a client’s sign-in opens no staff page: it leads to the staff door', async () => {
    const world = await makeWorld('studio');
    const visitor = await client(world);
    for (const path of ['/staff', ...pages]) {
      const answer = await visitor.get(path);
      assert.equal(answer.status, 303, path);
      assert.match(answer.headers['location'] ?? '', /^\/staff\/login/);
    }
    for (const path of posts) assert.equal((await visitor.post(path)).headers['location'], '/staff/login', path);
  });

  it('another organization’s owner is nobody here', async () => {
    const { owner } = await ownedWorld('studio');
    const other = await makeWorld('studio');
    assert.equal((await owner.on(other.slug).get('/staff/settings')).status, 303);
  });

  it('without the form’s token, or from another site’s page, nothing is changed', async () => {
    const { world, owner } = await ownedWorld('studio');
    const { _csrf, ...fields } = formFields((await owner.get('/staff/settings/portal')).text);
    for (const path of posts) {
      const bare = await owner.send('post', path).type('form').send({ ...fields, 'portal.display_name': 'Forged' });
      assert.equal(bare.status, 403, path);
      const foreign = await owner.send('post', path).set('Sec-Fetch-Site', 'cross-site').type('form').send({ ...fields, _csrf });
      assert.equal(foreign.status, 403, path);
    }
    assert.deepEqual(await sql(world, 'select version, draft from app.settings'), [{ version: 1, draft: null }]);
  });

  it('a section, a version or a page that does not exist is a 404', async () => {
    const { owner } = await ownedWorld('studio');
    for (const path of ['/staff/settings/nothing', '/staff/settings/__proto__', '/staff/settings/portal/x']) assert.equal((await owner.get(path)).status, 404, path);
    assert.equal((await owner.post('/staff/settings/nothing')).status, 404);
    assert.equal((await (await visit((await makeWorld('studio')).slug)).get('/staff/settings')).status, 303);
  });
});
