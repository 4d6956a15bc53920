import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { open, ownPassword, twice } from '../support/door.ts';
import { lastLetter, lettersTo, linkIn } from '../support/letters.ts';
import { visit, type Visitor } from '../support/visitor.ts';
import { makeStaff, makeWorld, password, sql, type World } from '../support/world.ts';

const door = '/staff/login';

async function owned(): Promise<{ world: World; owner: Visitor; ownerId: string }> {
  const world = await makeWorld('fieldservice');
  const ownerId = await makeStaff(world);
  const owner = await (await visit(world.slug)).signIn('owner@example.test', password, door);
  await owner.get('/staff/people');
  return { world, owner, ownerId };
}

const opensStaff = async (world: World, login: string, typed: string) => (await (await visit(world.slug)).post(door, { login, password: typed })).status === 303;
const invitation = (email: string, role = 'front_desk') => ({ name: 'Zoë Front', email, role });

describe('how staff get in', () => {
  it('an owner invites, and the invited sets the password behind the mailed link', async () => {
    const { world, owner } = await owned();
    assert.equal((await owner.post('/staff/people', invitation('zoe@example.test'))).status, 303);
    const visitor = await visit(world.slug);
    const page = await open(visitor, linkIn(await lastLetter(world, 'zoe@example.test'), 'Set your password'));
    assert.match(page.text, /zoe@example\.test/);
    assert.doesNotMatch(page.text, /name="username"/);
    assert.equal((await visitor.post('/staff/invitation', twice(ownPassword))).headers['location'], '/staff/password/ready');
    assert.ok(await opensStaff(world, 'zoe@example.test', ownPassword));
    assert.equal((await open(await visit(world.slug), linkIn(await lastLetter(world, 'zoe@example.test'), 'Set your password'))).status, 410);
  });

  it('who works here already is refused beside the field, who has left comes back without the old password', async () => {
    const { world, owner } = await owned();
    await makeStaff(world, 'manager', 'gone@example.test');
    assert.match((await owner.post('/staff/people', invitation('Gone@example.test'))).text, /id="email-error"[^]*works here already/);
    await sql(world, `update app.staff_users set ended_at = now() where email = 'gone@example.test'`);
    assert.equal((await owner.post('/staff/people', invitation('gone@example.test'))).status, 303);
    assert.equal(await opensStaff(world, 'gone@example.test', password), false);
  });

  it('a forgotten password is reset by mail, ends a lock and every sign-in; nobody learns who works here', async () => {
    const { world, owner } = await owned();
    const visitor = await visit(world.slug);
    for (let time = 0; time < 5; time += 1) await visitor.post(door, { login: 'owner@example.test', password: 'wrong' });
    assert.match((await visitor.post(door, { login: 'owner@example.test', password })).text, /<a href="\/staff\/password\/forgot">reset your password<\/a>/);
    const answers = [await visitor.post('/staff/password/forgot', { login: 'owner@example.test' }), await visitor.post('/staff/password/forgot', { login: 'nobody@example.test' })];
    assert.deepEqual(answers[0]?.headers['location'], answers[1]?.headers['location']);
    await open(visitor, linkIn(await lastLetter(world, 'owner@example.test'), 'Click Here to Reset Your Password'));
    await visitor.post('/staff/password/reset', twice(ownPassword));
    assert.ok(await opensStaff(world, 'owner@example.test', ownPassword));
    assert.equal((await owner.get('/staff')).status, 303);
    assert.deepEqual(await lettersTo(world, 'nobody@example.test'), []);
  });

  it('staff change their own password as clients do', async () => {
    const { world, owner } = await owned();
    await owner.get('/staff/my-account/password');
    assert.equal((await owner.post('/staff/my-account/password', { currentPassword: 'wrong', ...twice(ownPassword) })).status, 422);
    assert.equal((await owner.post('/staff/my-account/password', { currentPassword: password, ...twice(ownPassword) })).status, 303);
    assert.ok(await opensStaff(world, 'owner@example.test', ownPassword));
    assert.match((await lastLetter(world, 'owner@example.test')).text, /\/staff\/password\/forgot/);
  });

  it('a link of a member of staff opens nothing at the clients’ door, nor the other way round', async () => {
    const { world, owner } = await owned();
    await owner.post('/staff/people', invitation('zoe@example.test'));
    const token = linkIn(await lastLetter(world, 'zoe@example.test'), 'Set your password').split('/').at(-1) ?? '';
    for (const path of ['/password/reset', '/invitations', '/staff/password/reset', '/password/confirmation']) assert.equal((await open(await visit(world.slug), `${path}/${token}`)).status, 404, path);
  });
});

describe('who works here', () => {
  it('roles and permissions count from the next page on', async () => {
    const { world, owner } = await owned();
    const id = await makeStaff(world, 'front_desk');
    const desk = await (await visit(world.slug)).signIn('front_desk@example.test', password, door);
    assert.equal((await desk.get('/staff/settings')).status, 403);
    await owner.get(`/staff/people/${id}`);
    assert.equal((await owner.post(`/staff/people/${id}`, { role: 'front_desk', settings: 'yes', accounts: 'no' })).status, 303);
    assert.equal((await desk.get('/staff/settings')).status, 200);
    assert.equal((await desk.get('/staff/accounts')).status, 403);
    await owner.post(`/staff/people/${id}`, { role: 'manager' });
    assert.equal((await desk.get('/staff/settings')).status, 403);
    assert.equal((await desk.get('/staff/accounts')).status, 200);
  });

  it('who is ended is out at once, and the invitation with it', async () => {
    const { world, owner } = await owned();
    const id = await makeStaff(world, 'manager');
    const manager = await (await visit(world.slug)).signIn('manager@example.test', password, door);
    await owner.post(`/staff/people/${id}/link`);
    const link = linkIn(await lastLetter(world, 'manager@example.test'), 'Click Here to Reset Your Password');
    await owner.get(`/staff/people/${id}`);
    await owner.post(`/staff/people/${id}/ending`);
    assert.equal((await manager.get('/staff')).status, 303);
    assert.equal((await open(await visit(world.slug), link)).status, 404);
    assert.equal(await opensStaff(world, 'manager@example.test', password), false);
    assert.equal((await owner.get(`/staff/people/${id}`)).status, 404);
  });

  it('somebody is always the owner: the last one can neither go nor be something else', async () => {
    const { world, owner, ownerId } = await owned();
    assert.equal((await owner.post(`/staff/people/${ownerId}`, { role: 'manager' })).status, 422);
    assert.equal((await owner.post(`/staff/people/${ownerId}/ending`)).status, 422);
    const second = await makeStaff(world, 'owner', 'second@example.test');
    const other = await (await visit(world.slug)).signIn('second@example.test', password, door);
    await other.get('/staff/people');
    const answers = await Promise.all([owner.post(`/staff/people/${second}`, { role: 'manager' }), other.post(`/staff/people/${ownerId}`, { role: 'manager' })]);
    const [first, late] = answers.map(({ status }) => status).toSorted((a, b) => a - b);
    assert.ok(first === 303 && (late === 422 || late === 403));
    assert.equal((await sql(world, `select id from app.staff_users where role = 'owner'`)).length, 1);
  });

  it('only owners say who works here; with the permission others may look', async () => {
    const { world } = await owned();
    const id = await makeStaff(world, 'manager');
    await sql(world, `update app.staff_users set permissions = '{"staff": true}' where id = $1`, [id]);
    const manager = await (await visit(world.slug)).signIn('manager@example.test', password, door);
    assert.equal((await manager.get('/staff/people')).status, 200);
    assert.doesNotMatch((await manager.get(`/staff/people/${id}`)).text, /name="role"/);
    for (const [path, fields] of [['/staff/people', invitation('x@example.test', 'owner')], [`/staff/people/${id}`, { role: 'owner' }], [`/staff/people/${id}/link`, {}], [`/staff/people/${id}/ending`, {}]] as const) {
      assert.equal((await manager.post(path, fields)).status, 403, path);
    }
    const desk = await (await visit(world.slug)).signIn('owner@example.test', password, door);
    await desk.get('/staff/people');
    assert.equal((await desk.post('/staff/people', { name: '', email: 'x', role: 'king' })).status, 422);
  });

  it('people of another organization are not there', async () => {
    const [one, other] = [await owned(), await owned()];
    for (const id of [other.ownerId, 'x']) {
      assert.equal((await one.owner.get(`/staff/people/${id}`)).status, 404);
      assert.equal((await one.owner.post(`/staff/people/${id}/ending`)).status, 404);
    }
  });
});
