import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { open, ownPassword, twice } from '../support/door.ts';
import { lastLetter, linkIn } from '../support/letters.ts';
import { codeOf, setUpTwoSteps } from '../support/authenticator.ts';
import { inRounds } from '../support/rounds.ts';
import { visit, type Visitor } from '../support/visitor.ts';
import { makeWorld, makeStaff, password, signedInFamily, sql, type Family, type World } from '../support/world.ts';

const login = 'maria@example.test';
/** Sends a code without waiting for anything before. */
const send = async (visitor: Visitor | undefined, code: string) => visitor?.send('post', '/login/code').type('form').send({ code });

interface TwoStepFamily extends Family {
  readonly secret: string;
  readonly recoveryCodes: readonly string[];
}

async function familyWithTwoSteps(): Promise<TwoStepFamily> {
  const family = await signedInFamily('studio');
  return { ...family, ...(await setUpTwoSteps(family.visitor)) };
}

/** Somebody whose password was right and who has not given the code. */
async function half(world: World, user = login, door = '/login'): Promise<Visitor> {
  const visitor = await visit(world.slug);
  assert.equal((await visitor.post(door, { login: user, password })).status, 303);
  return visitor;
}

async function insideOf(world: World): Promise<number> {
  const [row] = await sql<{ inside: number }>(world, 'select count(*)::int as inside from app.sign_ins where second_step_at is not null');
  return row?.inside ?? 0;
}

describe('the second step', () => {
  it('ASVS 6.3.3 follows the password once it is set up, and leads to the page that was asked for', async () => {
    const { world, secret } = await familyWithTwoSteps();
    const visitor = await visit(world.slug);
    const answer = await visitor.post('/login?next=%2Finvoices', { login, password });
    assert.equal((await visitor.get(answer.headers['location'] ?? '')).headers['location'], '/login/code?next=%2Finvoices');
    assert.match((await visitor.get('/login/code?next=%2Finvoices')).text, /Enter your code/);
    const inside = await visitor.post('/login/code?next=%2Finvoices', { code: codeOf(secret, 1) });
    assert.deepEqual([inside.status, inside.headers['location']], [303, '/invoices']);
    assert.equal((await visitor.get('/invoices')).status, 200);
  });

  it('A14 a half sign-in opens nothing: every page leads to the code, every form is refused', async () => {
    const { world } = await familyWithTwoSteps();
    const visitor = await half(world);
    for (const path of ['/', '/invoices', '/account', '/account/security', '/account/security/two-step']) {
      const answer = await visitor.get(path);
      assert.deepEqual([answer.status, answer.headers['location']?.split('?')[0]], [303, '/login/code'], path);
    }
    for (const path of ['/account/security/two-step/cancellation', '/account/security/sign-outs', '/account/choice']) {
      const answer = await visitor.post(path, { signIn: 'everywhere' });
      assert.ok([303, 403].includes(answer.status), path);
    }
    const [row] = await sql<{ on: number }>(world, 'select count(*)::int as on from app.two_steps where confirmed_at is not null');
    assert.equal(row?.on, 1);
  });

  it('A14 a wrong code is refused beside its field, and the code is not typed back', async () => {
    const { world } = await familyWithTwoSteps();
    const answer = await (await half(world)).post('/login/code', { code: '000000' });
    assert.equal(answer.status, 422);
    assert.match(answer.text, /id="code-error"/);
    assert.doesNotMatch(answer.text, /value="000000"/);
  });

  it('A14 a code that was used opens nothing a second time, in the same or in another sign-in', async () => {
    const { world, secret } = await familyWithTwoSteps();
    const code = codeOf(secret, 1);
    assert.equal((await (await half(world)).post('/login/code', { code })).status, 303);
    assert.equal((await (await half(world)).post('/login/code', { code })).status, 422);
  });

  it('A14 of twenty uses of one code at the same time one gets in', async () => {
    await inRounds(async () => {
      const { world, secret } = await familyWithTwoSteps();
      const visitors = await Promise.all(Array.from({ length: 2 }, () => half(world)));
      const code = codeOf(secret, 1);
      await Promise.all(Array.from({ length: 20 }, (_, at) => send(visitors[at % 2], code)));
      assert.equal(await insideOf(world), 2, 'the one that set it up, and one');
    });
  });

  it('A14 of twenty uses of one recovery code at the same time one gets in', async () => {
    await inRounds(async () => {
      const { world, recoveryCodes } = await familyWithTwoSteps();
      const visitors = await Promise.all(Array.from({ length: 2 }, () => half(world)));
      await Promise.all(Array.from({ length: 20 }, (_, at) => send(visitors[at % 2], recoveryCodes[3] ?? '')));
      assert.equal(await insideOf(world), 2, 'the one that set it up, and one');
    });
  });

  it('A14 fifty wrong codes at once are five guesses, and then the right one has to wait', async () => {
    await inRounds(async () => {
      const { world, secret } = await familyWithTwoSteps();
      const visitors = await Promise.all(Array.from({ length: 2 }, () => half(world)));
      await Promise.all(Array.from({ length: 50 }, (_, at) => send(visitors[at % 2], '123123')));
      const [row] = await sql<{ tries: number }>(world, 'select failed_tries as tries from app.two_steps');
      assert.equal(row?.tries, 5);
      const answer = await (await half(world)).post('/login/code', { code: codeOf(secret, 1) });
      assert.deepEqual([answer.status, /Too many codes/.test(answer.text)], [422, true]);
    });
  });

  it('A14 after too many wrong codes there is one more each quarter of an hour', async () => {
    const { world, secret } = await familyWithTwoSteps();
    await sql(world, `update app.two_steps set failed_tries = 5, tried_at = now() - interval '14 minutes'`);
    assert.equal((await (await half(world)).post('/login/code', { code: codeOf(secret, 1) })).status, 422);
    await sql(world, `update app.two_steps set tried_at = now() - interval '16 minutes'`);
    assert.equal((await (await half(world)).post('/login/code', { code: codeOf(secret, 1) })).status, 303);
  });

  it('A14 each recovery code lets in once, also while codes of the app have to wait', async () => {
    const { world, recoveryCodes } = await familyWithTwoSteps();
    await sql(world, 'update app.two_steps set failed_tries = 9, tried_at = now()');
    const [code = ''] = recoveryCodes;
    assert.equal(recoveryCodes.length, 10);
    const visitor = await half(world);
    assert.equal((await visitor.post('/login/code', { code: ` ${code.toUpperCase()} ` })).status, 303);
    assert.match((await visitor.get('/')).text, /9 recovery codes left/);
    assert.equal((await (await half(world)).post('/login/code', { code })).status, 422);
  });

  it('A14 a half sign-in is over after ten minutes', async () => {
    const { world, secret } = await familyWithTwoSteps();
    const visitor = await half(world);
    const [row] = await sql<{ minutes: number }>(world, `select round(extract(epoch from expires_at - now()) / 60)::int as minutes from app.sign_ins where second_step_due`);
    assert.equal(row?.minutes, 10);
    await sql(world, `update app.sign_ins set expires_at = now() where second_step_due`);
    assert.equal((await visitor.post('/login/code', { code: codeOf(secret, 1) })).headers['location'], '/login');
    assert.equal((await visitor.get('/')).headers['location'], '/login');
  });

  it('ASVS 6.4.3 a new password by reset does not get round it', async () => {
    const { world, visitor, secret } = await familyWithTwoSteps();
    await visitor.post('/logout');
    await visitor.post('/password/forgot', { login });
    await open(visitor, linkIn(await lastLetter(world, login), 'Click Here to Reset Your Password'));
    assert.equal((await visitor.post('/password/reset', twice(ownPassword))).status, 303);
    assert.equal((await visitor.get('/invoices')).status, 303);
    const again = await visit(world.slug);
    await again.post('/login', { login, password: ownPassword });
    assert.equal((await again.get('/')).headers['location'], '/login/code');
    assert.equal((await again.post('/login/code', { code: codeOf(secret, 1) })).headers['location'], '/');
  });

  it('ASVS 6.3.4 no way in can forget it: the database makes every new sign-in of such a person a half one', async () => {
    const { world } = await familyWithTwoSteps();
    await sql(world, `insert into app.sign_ins (login_ref, idle_minutes, expires_at) select id, 30, now() + interval '1 day' from app.logins`);
    const [newest] = await sql<{ due: boolean; soon: boolean }>(world, `select second_step_due as due, expires_at < now() + interval '11 minutes' as soon from app.sign_ins order by created_at desc limit 1`);
    assert.deepEqual(newest, { due: true, soon: true });
  });

  it('A8 the session id from before the code is worth nothing after it', async () => {
    const { world, secret } = await familyWithTwoSteps();
    const visitor = await half(world);
    const before = await sql<{ sid: string }>(world, 'select sid from app.sessions');
    await visitor.post('/login/code', { code: codeOf(secret, 1) });
    const after = await sql<{ sid: string }>(world, 'select sid from app.sessions');
    assert.equal((await visitor.get('/')).status, 200);
    assert.equal(after.filter(({ sid }) => before.some((old) => old.sid === sid)).length, before.length - 1);
  });

  it('A14 the log says "Login successful" only when the second step is done, and names wrong codes without the code', async () => {
    const { world, secret } = await familyWithTwoSteps();
    const lines = async () => (await sql<{ message: string }>(world, 'select message from app.portal_log order by id desc')).map(({ message }) => message);
    const before = (await lines()).filter((message) => message.startsWith('Login successful')).length;
    const visitor = await half(world);
    await visitor.post('/login/code', { code: '000000' });
    assert.equal((await lines())[0], `Incorrect sign-in code for UserID: ${login}`);
    await visitor.post('/login/code', { code: codeOf(secret, 1) });
    assert.equal((await lines()).filter((message) => message.startsWith('Login successful')).length, before + 1);
  });

  it('A14 somebody else may start over, and the half sign-in has ended', async () => {
    const { world } = await familyWithTwoSteps();
    const visitor = await half(world);
    assert.equal((await visitor.post('/login/code/cancellation')).headers['location'], '/login');
    assert.equal((await visitor.get('/login')).status, 200);
    assert.deepEqual(await sql(world, 'select id from app.sign_ins where second_step_due and ended_at is null'), []);
  });

  it('ASVS 6.3.3 staff have it, too, and a code of one door opens not the other', async () => {
    const world = await makeWorld('studio');
    await makeStaff(world);
    const owner = await visit(world.slug);
    await owner.signIn('owner@example.test', password, '/staff/login');
    const { secret } = await setUpTwoSteps(owner, '/staff/my-account');
    const visitor = await half(world, 'owner@example.test', '/staff/login');
    assert.equal((await visitor.get('/staff')).headers['location'], '/staff/login/code');
    assert.equal((await visitor.post('/login/code', { code: codeOf(secret, 1) })).headers['location'], '/login');
    assert.equal((await visitor.post('/staff/login/code', { code: codeOf(secret, 1) })).headers['location'], '/staff');
    assert.equal((await visitor.get('/staff/my-account')).status, 200);
  });
});
