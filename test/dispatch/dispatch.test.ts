import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { signedInFamily, sql, type Family } from '../support/world.ts';
import { asStaff } from './as-staff.ts';
import { inDays, makeResource, makeVisit, section } from '../visits/making.ts';

const dayOf = (days: number) => inDays(days).slice(0, 10);
const titles = (html: string, id: string) => [...section(html, id).matchAll(/<h3><a [^>]*>([^<]+)/g)].map(([, title]) => title);
const stored = ({ world }: Pick<Family, 'world'>, number: string) => sql<{ status: string; version: number; starts: string | null; who: string | null }>(world, `select v.status, v.version, to_char(v.starts_at at time zone 'America/New_York', 'YYYY-MM-DD HH24:MI') as starts, r.name as who from app.visits v left join app.resources r on r.id = v.resource_id where v.number = $1`, [number]).then(([row]) => row);

describe('the dispatch board', () => {
  it('S4-37 S4-38 what is moved from the Waiting List to the board moves to the left of its customer’s page, and back', async () => {
    const family = await signedInFamily('fieldservice');
    const { world, accountId, visitor } = family;
    const resource = await makeResource(world);
    const { number } = await makeVisit(world, accountId, { title: 'Duct cleaning' });
    const staff = await asStaff(world);
    const board = await staff.get('/staff/dispatch');
    assert.match(section(board.text, 'board-waiting'), /Duct cleaning/);
    assert.match((await staff.get(`/staff/dispatch/moves/${number}`)).text, /name="version" value="1"/);
    const day = dayOf(3);
    const moved = await staff.post(`/staff/dispatch/moves/${number}`, { version: 1, to: 'board', day, starts: '09:30', minutes: 90, resource });
    assert.equal(moved.headers['location'], `/staff/dispatch?week=${day}`);
    assert.deepEqual(await stored(family, number), { status: 'scheduled', version: 2, starts: `${day} 09:30`, who: 'Jo Ann' });
    const left = await visitor.get('/services');
    assert.deepEqual([titles(left.text, 'scheduled'), titles(left.text, 'waiting')], [['Duct cleaning'], []]);
    assert.match((await staff.get(`/staff/dispatch?week=${day}`)).text, /job-time">9:30/);
    await staff.post(`/staff/dispatch/moves/${number}`, { version: 2, to: 'waiting' });
    const right = await visitor.get('/services');
    assert.deepEqual([titles(right.text, 'scheduled'), titles(right.text, 'waiting')], [[], ['Duct cleaning']]);
  });

  it('S4-38 dropped without a time, a visit keeps its own; what waited stands behind what the resource has on that day', async () => {
    const family = await signedInFamily('fieldservice');
    const { world, accountId } = family;
    const resource = await makeResource(world);
    const day = dayOf(3);
    const [first, second] = [await makeVisit(world, accountId), await makeVisit(world, accountId, { minutes: 30 })];
    const staff = await asStaff(world);
    for (const { number } of [first, second]) await staff.post(`/staff/dispatch/moves/${number}`, { version: 1, to: 'board', day, resource });
    assert.equal((await stored(family, first.number))?.starts, `${day} 08:00`);
    assert.equal((await stored(family, second.number))?.starts, `${day} 09:00`);
    await staff.post(`/staff/dispatch/moves/${second.number}`, { version: 2, to: 'board', day: dayOf(4), resource });
    assert.equal((await stored(family, second.number))?.starts, `${dayOf(4)} 09:00`);
  });

  it('S4-38 two dispatchers at once lose nothing: the second is told who was first and where it is, and sees both', async () => {
    const family = await signedInFamily('fieldservice');
    const { world, accountId } = family;
    const [ann, sal] = [await makeResource(world, 'Jo Ann'), await makeResource(world, 'Sal')];
    const { number } = await makeVisit(world, accountId);
    const [one, other] = [await asStaff(world), await asStaff(world, 'owner')];
    await one.post(`/staff/dispatch/moves/${number}`, { version: 1, to: 'board', day: dayOf(3), starts: '09:00', resource: ann });
    const late = await other.post(`/staff/dispatch/moves/${number}`, { version: 1, to: 'board', day: dayOf(5), starts: '13:00', resource: sal });
    assert.equal(late.status, 422);
    assert.match(late.text, /The front_desk has changed this visit meanwhile.*9:00.*Jo Ann/s);
    assert.match(late.text, new RegExp(`name="day"[^>]*value="${dayOf(5)}"|value="${dayOf(5)}"[^>]*name="day"`));
    assert.match(late.text, /name="version" value="2"/);
    assert.equal((await stored(family, number))?.starts, `${dayOf(3)} 09:00`);
    assert.equal((await other.post(`/staff/dispatch/moves/${number}`, { version: 2, to: 'board', day: dayOf(5), starts: '13:00', resource: sal })).status, 303);
    assert.deepEqual(await stored(family, number), { status: 'scheduled', version: 3, starts: `${dayOf(5)} 13:00`, who: 'Sal' });
  });

  it('S4-38 of twenty moves of one visit at once exactly one is done', async () => {
    const family = await signedInFamily('fieldservice');
    const { world, accountId } = family;
    const { number } = await makeVisit(world, accountId);
    const staff = await asStaff(world);
    await staff.get('/staff/dispatch');
    const answers = await Promise.all(Array.from({ length: 20 }, (_, at) => staff.post(`/staff/dispatch/moves/${number}`, { version: 1, to: 'board', day: dayOf(1 + at), starts: '10:00' })));
    const won = answers.flatMap(({ status }, at) => (status === 303 ? [at] : []));
    assert.deepEqual([won.length, answers.filter(({ status }) => status === 422).length], [1, 19]);
    assert.deepEqual(await stored(family, number), { status: 'scheduled', version: 2, starts: `${dayOf(1 + (won[0] ?? -1))} 10:00`, who: null });
  });

  it('S4-38 the same resource twice at once is allowed and said, on the board, too', async () => {
    const { world, accountId } = await signedInFamily('fieldservice');
    const resource = await makeResource(world);
    const [one, other] = [await makeVisit(world, accountId), await makeVisit(world, accountId)];
    const staff = await asStaff(world);
    for (const [at, { number }] of [one, other].entries()) await staff.post(`/staff/dispatch/moves/${number}`, { version: 1, to: 'board', day: dayOf(2), starts: `09:${at}0`, resource });
    const { text } = await staff.get(`/staff/dispatch?week=${dayOf(2)}`);
    assert.match(text, new RegExp(`${other.number} is moved, but the person or crew has ${one.number} at the same time`));
    assert.equal(text.match(/Same time as/g)?.length, 2);
  });

  it('S4-38 what is over, a day there is not, a stranger’s time and a resource that left are refused', async () => {
    const { world, accountId } = await signedInFamily('fieldservice');
    const gone = await makeResource(world, 'Gone', { is_active: false });
    const done = await makeVisit(world, accountId, { status: 'done', starts_at: '2026-01-05T14:00:00Z' });
    const { number } = await makeVisit(world, accountId);
    const staff = await asStaff(world);
    const tryIt = (fields: Record<string, unknown>, which = number) => staff.post(`/staff/dispatch/moves/${which}`, { version: 1, to: 'board', day: dayOf(2), ...fields });
    for (const fields of [{ day: '2026-02-30' }, { day: '' }, { starts: '25:00' }, { minutes: '0' }, { resource: gone }, { resource: 'x' }, { version: '' }, { to: 'moon' }]) assert.equal((await tryIt(fields)).status, 422, JSON.stringify(fields));
    assert.match((await tryIt({}, done.number)).text, /This visit is done and cannot be moved/);
    assert.equal((await tryIt({}, 'V-NONE')).status, 404);
    assert.deepEqual(await sql(world, `select count(*)::int as moved from app.visits where status = 'scheduled'`), [{ moved: 0 }]);
  });

  it('C-17 a move over the day the clock is changed keeps the time of the day', async () => {
    const family = await signedInFamily('fieldservice');
    const { world, accountId } = family;
    const { number } = await makeVisit(world, accountId, { starts_at: '2027-03-12T14:00:00Z', minutes: 120 });
    const staff = await asStaff(world);
    await staff.post(`/staff/dispatch/moves/${number}`, { version: 1, to: 'board', day: '2027-03-15' });
    assert.equal((await stored(family, number))?.starts, '2027-03-15 09:00');
    assert.deepEqual(await sql(world, 'select extract(epoch from ends_at - starts_at)::int / 60 as minutes from app.visits'), [{ minutes: 120 }]);
  });

  it('A16 A18 whoever may not dispatch sees no board; another organization’s visit is none', async () => {
    const { world } = await signedInFamily('fieldservice');
    const other = await signedInFamily('fieldservice');
    const { number } = await makeVisit(other.world, other.accountId);
    const staff = await asStaff(world);
    for (const path of [`/staff/dispatch/moves/${number}`, `/staff/visits/${number}`]) assert.equal((await staff.get(path)).status, 404);
    assert.equal((await staff.post(`/staff/dispatch/moves/${number}`, { version: 1, to: 'waiting' })).status, 404);
    await sql(world, `update app.staff_users set permissions = '{"dispatch": false}'`);
    for (const path of ['/staff/dispatch', '/staff/visits', '/staff/dispatch/changes', '/staff/dispatch/resources']) assert.equal((await staff.get(path)).status, 403);
  });

  it('S4-38 technicians and crews are added, renamed and taken out of planning', async () => {
    const { world } = await signedInFamily('fieldservice');
    const staff = await asStaff(world);
    await staff.get('/staff/dispatch/resources');
    await staff.post('/staff/dispatch/resources', { name: 'Night crew', kind: 'crew', colour: '#AA3300' });
    assert.equal((await staff.post('/staff/dispatch/resources', { name: 'Night crew', kind: 'crew', colour: '#aa3300' })).status, 422);
    assert.equal((await staff.post('/staff/dispatch/resources', { name: 'Red', colour: 'red' })).status, 422);
    const [{ id } = { id: '' }] = await sql<{ id: string }>(world, 'select id from app.resources');
    assert.match((await staff.get('/staff/dispatch')).text, /Night crew/);
    await staff.post(`/staff/dispatch/resources/${id}`, { name: 'Late crew', kind: 'crew', colour: '#aa3300' });
    await staff.get('/staff/dispatch/resources');
    assert.doesNotMatch((await staff.get('/staff/dispatch')).text, /(Night|Late) crew/);
    assert.deepEqual(await sql(world, 'select name, kind, colour, is_active from app.resources'), [{ name: 'Late crew', kind: 'crew', colour: '#aa3300', is_active: false }]);
  });

  it('S4-38 two that are renamed to one name at once: one is, the other’s form comes back and says why', async () => {
    const { world } = await signedInFamily('fieldservice');
    const staff = await asStaff(world);
    await staff.get('/staff/dispatch/resources');
    for (const name of ['Ann', 'Sal', 'Kim', 'Lee']) await staff.post('/staff/dispatch/resources', { name, kind: 'technician', colour: '#aa3300' });
    const all = await sql<{ id: string }>(world, 'select id from app.resources');
    const answers = await Promise.all(all.map(({ id }) => staff.post(`/staff/dispatch/resources/${id}`, { name: 'Alex', kind: 'technician', colour: '#aa3300', active: 'on' })));
    assert.deepEqual(answers.map(({ status }) => status).toSorted((one, other) => one - other), [303, 422, 422, 422]);
    assert.match(answers.find(({ status }) => status === 422)?.text ?? '', /value="Alex"[^]*Somebody has this name already/);
  });
});
