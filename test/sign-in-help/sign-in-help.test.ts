import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { setUpTwoSteps } from '../support/authenticator.ts';
import { lastLetter } from '../support/letters.ts';
import { visit, type Visitor } from '../support/visitor.ts';
import { makeStaff, makeWorld, password, signedInFamily, sql, type World } from '../support/world.ts';

const login = 'maria@example.test';
const answers = { question1: 'first-pet', secretAnswer1: 'Señor Whiskers', question2: 'first-school', secretAnswer2: 'Maple Street', question3: 'first-job-city', secretAnswer3: 'Boston' };

async function staffOf(world: World, role: 'owner' | 'front_desk' = 'front_desk'): Promise<Visitor> {
  await makeStaff(world, role);
  const visitor = await visit(world.slug);
  await visitor.signIn(`${role}@example.test`, password, '/staff/login');
  return visitor;
}

describe('staff help with signing in', () => {
  it('ASVS 6.5.6 somebody without the phone gets in again when staff have taken the second step away', async () => {
    const { world, visitor, contactId } = await signedInFamily('studio');
    await setUpTwoSteps(visitor);
    const desk = await staffOf(world);
    const path = `/staff/contacts/${contactId}/sign-in-help`;
    assert.match((await desk.get(path)).text, /Lost the phone/);
    assert.equal((await desk.post(`${path}/second-steps`)).headers['location'], path);
    assert.equal((await visitor.get('/')).headers['location'], '/login');
    assert.equal((await (await visit(world.slug)).post('/login', { login, password })).headers['location'], '/');
    assert.match((await lastLetter(world, login)).text, /The front_desk of .* has removed two-step sign-in/);
    const [line] = await sql<{ message: string; staff: string }>(world, `select message, staff_name as staff from app.portal_log where kind = 'second-steps-removed'`);
    assert.deepEqual(line, { message: `Two-step sign-in and passkeys removed by staff for UserID: ${login}`, staff: 'The front_desk' });
  });

  it('S4-49 staff type the answer they hear, and learn only whether it is right', async () => {
    const { world, visitor, contactId } = await signedInFamily('fieldservice', { 'login.identifier': 'email' });
    await visitor.get('/account/security/questions');
    await visitor.post('/account/security/questions', { ...answers, currentPassword: password });
    const desk = await staffOf(world);
    const path = `/staff/contacts/${contactId}/sign-in-help`;
    assert.match((await desk.get(path)).text, /first pet/);
    const right = await desk.post(`${path}/answers`, { question: 'first-pet', secretAnswer: 'senor whiskers' });
    assert.equal(right.status, 303);
    assert.match((await desk.get(path)).text, /you are talking to Maria Bestie/);
    const wrong = await desk.post(`${path}/answers`, { question: 'first-pet', secretAnswer: 'Boston' });
    assert.deepEqual([wrong.status, /id="secretAnswer-error"/.test(wrong.text), /whiskers/i.test(wrong.text)], [422, true, false]);
    const lines = await sql<{ message: string }>(world, `select message from app.portal_log where kind = 'security-question-asked' order by id`);
    assert.deepEqual(lines.map(({ message }) => /answered (\w+)/.exec(message)?.[1]), ['rightly', 'wrongly']);
  });

  it('S4-49 guessing answers comes to an end', async () => {
    const { world, contactId } = await signedInFamily('fieldservice', { 'login.identifier': 'email', 'login.security_questions': 'optional' });
    const desk = await staffOf(world);
    await desk.get('/staff/my-account');
    const statuses: number[] = [];
    for (let at = 0; at < 102; at += 1) statuses.push((await desk.post(`/staff/contacts/${contactId}/sign-in-help/answers`, { question: 'first-pet', secretAnswer: 'no' })).status);
    assert.deepEqual([statuses[0], statuses.at(-1)], [422, 429]);
  });

  it('A16 colleagues are helped by whoever may manage staff, and owners by owners alone', async () => {
    const world = await makeWorld('studio');
    const ownerId = await makeStaff(world, 'owner', 'first@example.test');
    const manager = await visit(world.slug);
    await makeStaff(world, 'manager');
    await manager.signIn('manager@example.test', password, '/staff/login');
    assert.equal((await manager.get(`/staff/people/${ownerId}/sign-in-help`)).status, 403);
    await sql(world, `update app.staff_users set permissions = '{"staff": true}' where role = 'manager'`);
    assert.equal((await manager.get(`/staff/people/${ownerId}/sign-in-help`)).status, 200);
    assert.equal((await manager.post(`/staff/people/${ownerId}/sign-in-help/second-steps`)).status, 403);
    const owner = await staffOf(world, 'owner');
    await owner.get(`/staff/people/${ownerId}/sign-in-help`);
    assert.equal((await owner.post(`/staff/people/${ownerId}/sign-in-help/second-steps`)).status, 303);
  });

  it('A18 nobody else’s contact, and nobody who has no login, is helped', async () => {
    const world = await makeWorld('studio');
    const { contactId } = await signedInFamily('studio');
    const desk = await staffOf(world);
    for (const id of [contactId, '00000000-0000-4000-8000-000000000000', 'x']) assert.equal((await desk.get(`/staff/contacts/${id}/sign-in-help`)).status, 404);
  });
});
