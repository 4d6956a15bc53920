import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { features } from '../../server/features.ts';
import { areas } from '../../server/staff-users/permissions.ts';
import { sql } from '../support/world.ts';
import type { Visitor } from '../support/visitor.ts';
import { ownedWorld, staffVisitor } from '../support/staff-visit.ts';

const seenOf = (html: string) => /name="seen" value="([^"]*)"/.exec(html)?.[1] ?? '';
const ticked = (html: string) => [...html.matchAll(/name="([^"]+)" value="on" checked/g)].map(([, name]) => name ?? '');

/** Opens the page, ticks and unticks, and sends what a browser would. */
async function decide(owner: Visitor, changes: Readonly<Record<string, boolean>>) {
  const html = (await owner.get('/staff/roles')).text;
  const names = [...ticked(html).filter((name) => changes[name] !== false), ...Object.keys(changes).filter((name) => changes[name])];
  return owner.post('/staff/roles', { seen: seenOf(html), ...Object.fromEntries(names.map((name) => [name, 'on'])) });
}

describe('what each role may do', () => {
  it('the owner gives and takes areas from a role, and it counts on the next page of everybody who has it', async () => {
    const { world, owner } = await ownedWorld('studio');
    const desk = await staffVisitor(world, 'front_desk');
    assert.equal((await desk.get('/staff/settings')).status, 403);
    assert.equal((await decide(owner, { 'front_desk.settings': true, 'front_desk.accounts': false })).status, 303);
    assert.equal((await desk.get('/staff/settings')).status, 200);
    assert.equal((await desk.get('/staff/accounts')).status, 403);
    assert.doesNotMatch((await desk.get('/staff')).text, /href="\/staff\/accounts"/);
    const lines = await sql<{ message: string }>(world, `select message from app.portal_log where kind = 'role-permissions-changed'`);
    assert.deepEqual(lines, [{ message: 'Permissions changed by The owner: front_desk may not accounts, front_desk may settings' }]);
  });

  it('what is decided for one person goes above their role', async () => {
    const { world, owner } = await ownedWorld('studio');
    const desk = await staffVisitor(world, 'front_desk');
    await sql(world, `update app.staff_users set permissions = '{"settings": false}' where role = 'front_desk'`);
    await decide(owner, { 'front_desk.settings': true });
    assert.equal((await desk.get('/staff/settings')).status, 403);
  });

  it('nobody but an owner decides, and no owner can lock owners out', async () => {
    const { world, owner } = await ownedWorld('studio');
    await decide(owner, { 'manager.staff': true });
    const manager = await staffVisitor(world, 'manager');
    assert.equal((await manager.get('/staff/roles')).status, 200);
    assert.equal((await manager.post('/staff/roles', { 'manager.refunds': 'on' })).status, 403);
    const none = Object.fromEntries(areas.flatMap((area) => [[`owner.${area}`, false], [`manager.${area}`, false], [`front_desk.${area}`, false]]));
    assert.equal((await decide(owner, none)).status, 303);
    for (const path of ['/staff', '/staff/settings', '/staff/roles', '/staff/people']) assert.equal((await owner.get(path)).status, 200, path);
    assert.equal((await manager.get('/staff/roles')).status, 403);
    const people = await sql<{ id: string }>(world, `select id from app.staff_users where role = 'owner'`);
    assert.equal((await owner.post(`/staff/people/${people[0]?.id}`, { role: 'manager' })).status, 422);
    assert.deepEqual(await sql(world, `select role from app.staff_users where id = $1`, [people[0]?.id]), [{ role: 'owner' }]);
  });

  it('two owners: the second is told, and twenty at once leave what one of them wanted', async () => {
    const { owner } = await ownedWorld('studio');
    const seen = seenOf((await owner.get('/staff/roles')).text);
    await decide(owner, { 'manager.settings': true });
    const refused = await owner.post('/staff/roles', { seen, 'front_desk.import': 'on' });
    assert.equal(refused.status, 422);
    assert.match(refused.text, /Somebody else has changed this[\s\S]*name="front_desk\.import" value="on" checked/);
    const fresh = seenOf((await owner.get('/staff/roles')).text);
    const answers = await Promise.all(Array.from({ length: 20 }, (_, at) => owner.post('/staff/roles', { seen: fresh, [`${at % 2 ? 'manager' : 'front_desk'}.${areas[at % areas.length]}`]: 'on' })));
    const saved = answers.filter(({ status }) => status === 303).length;
    assert.ok(saved >= 1 && answers.every(({ status }) => status === 303 || status === 422));
    const now = ticked((await owner.get('/staff/roles')).text);
    assert.equal(now.length, 1, now.join());
  });

  it('every staff route asks for an area that owners can give, but for one’s own account', () => {
    for (const { path, area } of features.flatMap((feature) => feature.staff ?? [])) {
      if (!area) assert.match(path, /^\/staff\/(logout|my-account(\/|$))/);
      else assert.ok(areas.some((known) => known === area), `${path}: ${area}`);
    }
  });
});
