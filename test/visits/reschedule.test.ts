import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { asStaff } from '../dispatch/as-staff.ts';
import { signedInFamily, sql } from '../support/world.ts';
import { inDays, makeVisit } from './making.ts';

const day = (days: number) => inDays(days).slice(0, 10);

describe('another time for a visit', () => {
  it('S4-34 is asked for, becomes a task of staff, and shows its state; moved, both are done', async () => {
    const { world, accountId, visitor } = await signedInFamily('fieldservice');
    const { number } = await makeVisit(world, accountId, { title: 'Leak search', starts_at: inDays(5) });
    assert.match((await visitor.get(`/services/${number}`)).text, /Ask for another time/);
    await visitor.get(`/services/${number}/reschedule`);
    assert.equal((await visitor.post(`/services/${number}/reschedule`, { day: day(8), part: 'morning', message: 'We are away.' })).status, 303);
    const asked = await visitor.get(`/services/${number}`);
    assert.match(asked.text, /We are looking at it.*in the morning.*We are away\./s);
    assert.doesNotMatch(asked.text, /Ask for another time/);
    const staff = await asStaff(world);
    assert.match((await staff.get('/staff/tasks')).text, new RegExp(`href="/staff/visits/${number}">Another time is asked for visit ${number}`));
    await staff.get(`/staff/dispatch/moves/${number}`);
    await staff.post(`/staff/dispatch/moves/${number}`, { version: 1, to: 'board', day: day(8), starts: '09:00' });
    assert.match((await visitor.get(`/services/${number}`)).text, /Moved/);
    assert.deepEqual(await sql(world, 'select state, done_at is not null as done from app.reschedule_requests, app.staff_tasks'), [{ state: 'moved', done: true }]);
  });

  it('S4-34 is declined with words, or withdrawn', async () => {
    const { world, accountId, visitor } = await signedInFamily('fieldservice');
    const { number } = await makeVisit(world, accountId, { starts_at: inDays(5) });
    await visitor.get(`/services/${number}/reschedule`);
    await visitor.post(`/services/${number}/reschedule`, { day: day(8) });
    const staff = await asStaff(world);
    await staff.get(`/staff/visits/${number}`);
    assert.equal((await staff.post(`/staff/visits/${number}/declining`, { answer: '' })).status, 422);
    await staff.post(`/staff/visits/${number}/declining`, { answer: 'The part comes only then.' });
    assert.match((await visitor.get(`/services/${number}`)).text, /Not possible.*The part comes only then\./s);
    await visitor.post(`/services/${number}/reschedule`, { day: day(9) });
    await visitor.post(`/services/${number}/reschedule/withdrawal`);
    assert.match((await visitor.get(`/services/${number}`)).text, /Withdrawn/);
    assert.deepEqual(await sql(world, 'select count(*)::int as open from app.staff_tasks where done_at is null'), [{ open: 0 }]);
  });

  it('S4-1 S4-34 cannot be asked for too late, too often, for a day that is over, or where nobody may', async () => {
    const { world, accountId, visitor } = await signedInFamily('fieldservice', { 'services.reschedule_max': 1 });
    const soon = await makeVisit(world, accountId, { starts_at: new Date(Date.now() + 23 * 3_600_000).toISOString() });
    const later = await makeVisit(world, accountId, { starts_at: inDays(5) });
    await visitor.get(`/services/${later.number}/reschedule`);
    const ask = (number: string, wanted = day(8)) => visitor.post(`/services/${number}/reschedule`, { day: wanted });
    assert.match((await ask(soon.number)).text, /can no longer be asked for/);
    assert.equal((await ask(later.number, '2026-01-01')).status, 422);
    const answers = await Promise.all(Array.from({ length: 20 }, () => ask(later.number)));
    assert.equal(answers.filter(({ status }) => status === 303).length, 1);
    await visitor.post(`/services/${later.number}/reschedule/withdrawal`);
    assert.equal((await ask(later.number)).status, 422);
    assert.deepEqual(await sql(world, 'select (select count(*)::int from app.reschedule_requests) as asked, (select count(*)::int from app.staff_tasks) as tasks'), [{ asked: 1, tasks: 1 }]);
    const other = await signedInFamily('lawncare', { 'services.reschedule': false });
    const theirs = await makeVisit(other.world, other.accountId, { starts_at: inDays(5) });
    assert.doesNotMatch((await other.visitor.get(`/services/${theirs.number}`)).text, /Ask for another time/);
    assert.equal((await other.visitor.post(`/services/${theirs.number}/reschedule`, { day: day(8) })).status, 404);
  });
});
