import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { linksFeature } from '../../server/links/feature.ts';
import { testPortal } from '../support/portal.ts';
import { lastLetter, linkIn } from '../support/letters.ts';
import { makeCaller, open, opens, ownPassword, twice, type Caller } from '../support/door.ts';
import { inRounds } from '../support/rounds.ts';
import { visit } from '../support/visitor.ts';
import { makeWorld, sql } from '../support/world.ts';

async function askReset({ world, visitor, email }: Caller): Promise<string> {
  await visitor.post('/password/forgot', { login: email });
  return linkIn(await lastLetter(world, email), 'Click Here to Reset Your Password');
}

const states = (caller: Caller) =>
  sql<{ state: string }>(caller.world, `select case when used_at is not null then 'used' when replaced_at is not null then 'replaced' else 'living' end as state from app.links order by id`).then((rows) => rows.map(({ state }) => state));

describe('a link', () => {
  it('moves out of the address when it is opened, into a cookie of its own, and stores no session', async () => {
    const caller = await makeCaller('billing');
    const link = await askReset(caller);
    const opened = await (await visit(caller.world.slug)).get(link);
    assert.equal(opened.status, 303);
    assert.equal(opened.headers['location'], '/password/reset');
    assert.equal(opened.headers['referrer-policy'], 'no-referrer');
    const cookies = [opened.headers['set-cookie']].flat().join('\n');
    assert.match(cookies, /^link-reset=[\w-]{43}; Max-Age=3600;.*HttpOnly; SameSite=Lax$/m);
    assert.doesNotMatch(cookies, /portal=/);
  });

  it('is kept as a hash alone', async () => {
    const caller = await makeCaller('billing');
    const token = (await askReset(caller)).split('/').at(-1) ?? '';
    assert.equal(Buffer.from(token, 'base64url').length, 32);
    const [row] = await sql<{ row: string }>(caller.world, 'select row_to_json(k)::text as row from app.links k');
    assert.doesNotMatch(row?.row ?? '', new RegExp(token));
  });

  it('A5 opened by scanners it stays whole; used once it is used, and says so', async () => {
    const caller = await makeCaller('billing');
    const link = await askReset(caller);
    for (let scan = 0; scan < 3; scan += 1) await open(await visit(caller.world.slug), link);
    await open(caller.visitor, link);
    assert.equal((await caller.visitor.post('/password/reset', twice(ownPassword))).status, 303);
    const again = await open(await visit(caller.world.slug), link);
    assert.equal(again.status, 410);
    assert.match(again.text, /This link has been used/);
  });

  it('A5 of twenty uses at once one sets its password', async () => {
    await inRounds(async () => {
      const caller = await makeCaller('billing');
      await open(caller.visitor, await askReset(caller));
      const tries = Array.from({ length: 20 }, (_, at) => `purple kettle number ${at}`);
      const answers = await Promise.all(tries.map((password) => caller.visitor.post('/password/reset', twice(password))));
      assert.equal(answers.filter(({ headers }) => headers['location'] === '/password/ready').length, 1);
      const winner = tries.find((_, at) => answers[at]?.headers['location'] === '/password/ready');
      assert.ok(await opens(caller.world, caller.email, winner ?? ''));
      assert.deepEqual(await states(caller), ['used']);
    });
  });

  it('A5 a newer one replaces the older, which says so and sends a new one', async () => {
    const caller = await makeCaller('billing');
    const [older, newer] = [await askReset(caller), await askReset(caller)];
    const page = await open(caller.visitor, older);
    assert.equal(page.status, 410);
    assert.match(page.text, /This link was replaced/);
    assert.match(page.text, /<form method="post" action="\/password\/reset\/renewal">\s*<button[^>]*>Send me a new one/);
    assert.equal((await caller.visitor.post('/password/reset', twice(ownPassword))).status, 410);
    assert.equal((await open(await visit(caller.world.slug), newer)).status, 200);
    assert.equal((await caller.visitor.post('/password/reset/renewal')).headers['location'], '/links/sent');
    assert.deepEqual(await states(caller), ['replaced', 'replaced', 'living']);
  });

  it('A5 two requests answered at once leave one living link', async () => {
    await inRounds(async () => {
      const caller = await makeCaller('billing', {}, { login: 'maria@example.test' });
      await Promise.all(Array.from({ length: 4 }, () => caller.visitor.post('/password/forgot', { login: caller.email })));
      await lastLetter(caller.world, caller.email);
      assert.equal((await states(caller)).filter((state) => state === 'living').length, 1);
    });
  });

  it('A5 unknown, malformed, cut, lengthened, changed and foreign ones get one page that says what to do', async () => {
    const [caller, foreign] = [await makeCaller('billing'), await makeWorld('billing')];
    const link = await askReset(caller);
    const wrong = [`${link}x`, link.slice(0, -1), link.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A')), '/password/reset/x', '/password/reset/..%2F..', `/password/reset/${'a'.repeat(43)}`];
    for (const address of wrong) {
      const page = await open(await visit(caller.world.slug), address);
      assert.equal(page.status, 404, address);
      assert.match(page.text, /This link does not work/);
    }
    assert.equal((await open(await visit(foreign.slug), link)).status, 404);
    assert.equal((await (await visit(caller.world.slug)).get('/password/reset')).status, 404);
  });

  it('A5 does nothing for somebody who is blocked, becomes a lead or gets another address meanwhile', async () => {
    const changes: [string, number][] = [['update app.contacts set may_sign_in = false', 404], [`update app.accounts set stage = 'lead'`, 404], [`update app.contacts set email = 'new@example.test'`, 410], ['delete from app.contacts', 404]];
    for (const [change, status] of changes) {
      const caller = await makeCaller('billing');
      await open(caller.visitor, await askReset(caller));
      await sql(caller.world, change);
      assert.equal((await caller.visitor.post('/password/reset', twice(ownPassword))).status, status, change);
      assert.deepEqual(await sql(caller.world, 'select id from app.logins'), []);
    }
  });

  it('A5 arrays, objects and foreign fields instead of texts change nothing', async () => {
    const caller = await makeCaller('billing');
    await open(caller.visitor, await askReset(caller));
    const bodies = ['password=a&password=b&passwordAgain=a', 'password[]=seven+purple+kettles&passwordAgain[]=seven+purple+kettles', '', '__proto__[password]=x'];
    for (const body of bodies) assert.equal((await caller.visitor.send('post', '/password/reset').type('form').send(body)).status, 422, body);
    assert.equal((await caller.visitor.post('/password/reset', { ...twice(ownPassword), contactId: '1', email: 'thief@example.test', loginId: 'thief', login_ref: 'x' })).status, 303);
    const [login] = await sql<{ login: string }>(caller.world, `select login_id || ' ' || email as login from app.logins`);
    assert.equal(login?.login, 'maria@example.test maria@example.test');
  });

  it('A5 a new password ends the other links of its login', async () => {
    const caller = await makeCaller('studio', {}, { login: 'maria@example.test' });
    const link = await askReset(caller);
    await caller.visitor.signIn(caller.email, 'a-good-long-password');
    await caller.visitor.get('/account/password');
    await caller.visitor.post('/account/password', { currentPassword: 'a-good-long-password', ...twice(ownPassword) });
    assert.equal((await open(await visit(caller.world.slug), link)).status, 410);
  });

  it('is sent to one contact ten times an hour at most', async () => {
    const caller = await makeCaller('billing');
    for (let time = 0; time < 12; time += 1) await caller.visitor.post('/password/forgot', { login: caller.email });
    await lastLetter(caller.world, caller.email);
    assert.equal((await states(caller)).length, 10);
  });

  it('keeps nothing that waited in it a week after its end, and nothing at all after half a year', async () => {
    const caller = await makeCaller('cloud', {}, { login: 'maria@example.test' });
    await caller.visitor.post('/password/forgot', { login: caller.email, ...twice(ownPassword) });
    await lastLetter(caller.world, caller.email);
    const sweep = linksFeature.jobs?.((await testPortal()).outside)['sweep-links'];
    const left = async (age: string) => {
      await sql(caller.world, `update app.links set expires_at = now() - $1::interval`, [age]);
      await sweep?.({ tenantId: caller.world.id });
      return sql<{ waits: boolean }>(caller.world, `select payload <> '{}' as waits from app.links`).then((rows) => rows.map(({ waits }) => waits));
    };
    assert.deepEqual([await left('6 days'), await left('8 days'), await left('181 days')], [[true], [false], []]);
  });
});
