import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { withHashing } from '../../server/passwords/hash-password.ts';
import { globally, run } from '../../server/platform/database.ts';
import { makeCaller, open, opens, ownPassword, twice, type Caller } from '../support/door.ts';
import { lastLetter, linkIn } from '../support/letters.ts';
import { inRounds } from '../support/rounds.ts';
import { exhaust } from '../support/limits.ts';
import { visit } from '../support/visitor.ts';
import { makeLogin, makeStaff, makeWorld, password, sql } from '../support/world.ts';

const known = () => makeCaller('studio', {}, { login: 'maria@example.test' });

async function guess({ world }: Pick<Caller, 'world'>, times: number, login = 'maria@example.test'): Promise<void> {
  const visitor = await visit(world.slug);
  for (let time = 0; time < times; time += 1) {
    const answer = await visitor.post('/login', { login, password: `wrong ${time}` });
    assert.equal(answer.status, 422);
  }
}

const lockOf = ({ world }: Pick<Caller, 'world'>) => sql<{ tries: number; locked: boolean }>(world, 'select failed_attempts as tries, locked_at is not null as locked from app.logins').then(([row]) => row);

describe('the lock', () => {
  it('S1-104 five wrong passwords: from then on the right one is refused, too', async () => {
    const caller = await known();
    await guess(caller, 4);
    assert.deepEqual(await lockOf(caller), { tries: 4, locked: false });
    await guess(caller, 1);
    assert.equal(await opens(caller.world, caller.email, password), false);
    assert.deepEqual(await lockOf(caller), { tries: 5, locked: true });
  });

  it('S1-104 the counter belongs to the login of one organization', async () => {
    const [caller, other] = [await known(), await known()];
    await makeLogin(caller.world, 'neighbour@example.test');
    await guess(caller, 5);
    assert.equal(await opens(other.world, other.email, password), true);
    const [neighbour] = await sql<{ tries: number }>(caller.world, `select failed_attempts as tries from app.logins where login_id = 'neighbour@example.test'`);
    assert.equal(neighbour?.tries, 0);
  });

  it('S1-105 no time ends it: only a new password does', async () => {
    const caller = await known();
    await guess(caller, 5);
    await sql(caller.world, `update app.logins set locked_at = now() - interval '10 years'`);
    assert.equal(await opens(caller.world, caller.email, password), false);
    await caller.visitor.post('/password/forgot', { login: caller.email });
    await open(caller.visitor, linkIn(await lastLetter(caller.world, caller.email), 'Click Here to Reset Your Password'));
    await caller.visitor.post('/password/reset', twice(ownPassword));
    assert.equal(await opens(caller.world, caller.email, ownPassword), true);
  });

  it('S1-106 while locked, and for nobody at all, it says "Invalid user ID /password combination"', async () => {
    const caller = await known();
    await guess(caller, 5);
    const texts = [];
    for (const login of [caller.email, 'nobody@example.test']) {
      const answer = await (await visit(caller.world.slug)).post('/login', { login, password });
      assert.equal(answer.status, 422);
      assert.match(answer.text, /Invalid user ID \/password combination/);
      texts.push(answer.text.replaceAll(login, ''));
    }
    assert.equal(texts[0], texts[1]);
  });

  it('S1-107 the error window has a "reset your password" link, which leads to the reset mail', async () => {
    const caller = await known();
    const answer = await caller.visitor.post('/login', { login: caller.email, password: 'wrong' });
    assert.match(answer.text, /role="alert"[^]*?<a href="\/password\/forgot">reset your password<\/a>[^]*?<\/div>/);
    assert.equal((await caller.visitor.get('/password/forgot')).status, 200);
  });

  it('S1-108 staff end it with Reset Portal Password, and a reset by mail ends it, too', async () => {
    const caller = await known();
    await guess(caller, 5);
    await makeStaff(caller.world, 'front_desk');
    const staff = await (await visit(caller.world.slug)).signIn('front_desk@example.test', password, '/staff/login');
    await staff.get(`/staff/contacts/${caller.contactId}`);
    await staff.post(`/staff/contacts/${caller.contactId}/password`);
    assert.deepEqual(await lockOf(caller), { tries: 0, locked: false });
  });

  it('S1-109 a good login before the fifth failure begins the count anew', async () => {
    const caller = await known();
    await guess(caller, 4);
    assert.equal(await opens(caller.world, caller.email, password), true);
    await guess(caller, 4);
    assert.equal(await opens(caller.world, caller.email, password), true);
  });

  it('C-5 the number of tries and the minutes of a lock are the organization’s own', async () => {
    const caller = await makeCaller('studio', { 'login.max_attempts': 3, 'login.lock_until': 'minutes', 'login.lock_minutes': 30 }, { login: 'maria@example.test' });
    await guess(caller, 3);
    assert.equal(await opens(caller.world, caller.email, password), false);
    await sql(caller.world, `update app.logins set locked_at = now() - interval '29 minutes'`);
    assert.equal(await opens(caller.world, caller.email, password), false);
    await sql(caller.world, `update app.logins set locked_at = now() - interval '31 minutes'`);
    assert.equal(await opens(caller.world, caller.email, password), true);
    await guess(caller, 2);
    assert.equal((await lockOf(caller))?.locked, false);
  });

  it('A1 five wrong ones in a row lock, the right one is refused, a reset unlocks', async () => {
    const caller = await known();
    await guess(caller, 5);
    assert.equal(await opens(caller.world, caller.email, password), false);
    await caller.visitor.post('/password/forgot', { login: caller.email });
    await open(caller.visitor, linkIn(await lastLetter(caller.world, caller.email), 'Click Here to Reset Your Password'));
    await caller.visitor.post('/password/reset', twice(ownPassword));
    assert.deepEqual(await lockOf(caller), { tries: 0, locked: false });
  });

  it('A2 fifty wrong guesses at once are five guesses', async () => {
    await inRounds(async () => {
      const caller = await known();
      const answers = await Promise.all(Array.from({ length: 50 }, (_, at) => caller.visitor.post('/login', { login: caller.email, password: `wrong ${at}` })));
      const refused = answers.filter(({ status }) => status === 422).length;
      assert.equal(refused + answers.filter(({ status }) => status === 503).length, 50);
      assert.ok(refused >= 22);
      assert.deepEqual(await lockOf(caller), { tries: 5, locked: true });
    });
  });

  it('a sign-in for which there was no room counts neither against the login nor against the address', async () => {
    const caller = await known();
    await guess(caller, 1);
    const points = () => globally(() => run<{ points: number }>(`select points from app.limits where key like $1`, [`sign-in-address:${caller.world.id}%`])).then(([row]) => row?.points);
    const before = await points();
    let leave = () => undefined as void;
    const left = new Promise<void>((resolve) => (leave = resolve));
    const crowd = Array.from({ length: 22 }, () => withHashing(() => left));
    for (const path of ['/login', '/staff/login']) assert.equal((await caller.visitor.post(path, { login: caller.email, password })).status, 503);
    leave();
    await Promise.all(crowd);
    assert.deepEqual([before, await points(), (await lockOf(caller))?.tries], [1, 1, 1]);
    assert.equal(await opens(caller.world, caller.email, password), true);
  });

  it('A55 a stranger who locks somebody out is stopped by address, and the reset works meanwhile', async () => {
    const caller = await known();
    await caller.visitor.post('/login', { login: 'nobody@example.test', password: 'x' });
    await exhaust(caller.world, 'sign-in-address');
    assert.equal((await caller.visitor.post('/login', { login: caller.email, password: 'x' })).status, 429);
    assert.equal((await lockOf(caller))?.tries, 0);
    assert.equal((await caller.visitor.post('/password/forgot', { login: caller.email })).status, 303);
  });

  it('staff are locked out after five wrong passwords, too', async () => {
    const world = await makeWorld('studio');
    await makeStaff(world);
    const visitor = await visit(world.slug);
    for (let time = 0; time < 5; time += 1) await visitor.post('/staff/login', { login: 'owner@example.test', password: `wrong ${time}` });
    const answer = await visitor.post('/staff/login', { login: 'owner@example.test', password });
    assert.equal(answer.status, 422);
    assert.match(answer.text, /Invalid user ID \/password combination/);
  });
});
