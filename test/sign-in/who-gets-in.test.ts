import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { hashes, hashPassword } from '../../server/passwords/hash-password.ts';
import { withTenant } from '../../server/tenancy/tenant-transaction.ts';
import { makeCaller, open, opens, ownPassword, twice } from '../support/door.ts';
import { lastLetter, lettersTo, linkIn } from '../support/letters.ts';
import { ofThePage, statementsOf } from '../support/statements.ts';
import { visit } from '../support/visitor.ts';
import { makeAccount, makeContact, makeLogin, makeWorld, password, sql, type World } from '../support/world.ts';

const reset = 'Click Here to Reset Your Password';
const logOf = (world: World) => sql<{ message: string; login: string | null }>(world, 'select message, login_id as login from app.portal_log order by at, id');

/** Of one sign-in: hashes, statements by text, transactions, and what the visitor is told. */
async function costOf(world: World, login: string, typed: string) {
  let hashed = 0;
  const count = () => (hashed += 1);
  hashes.subscribe(count);
  const visitor = await visit(world.slug);
  let told: unknown;
  const statements = await statementsOf(async () => {
    const { status, headers, text } = await visitor.post('/login', { login, password: typed });
    told = { status, text: text.replaceAll(login, ''), headers: Object.keys(headers).filter((name) => !['content-length'].includes(name)).join() };
  });
  hashes.unsubscribe(count);
  return { hashed, told, asked: ofThePage(statements).map(({ text }) => text), transactions: statements.filter(({ text }) => /^begin/i.test(text)).length };
}

describe('who gets in', () => {
  it('S1-19 contacts with an email address get in unless they are blocked', async () => {
    const { world, contactId } = await makeCaller('studio', {}, { login: 'maria@example.test' });
    assert.ok(await opens(world, 'maria@example.test', password));
    await sql(world, 'update app.contacts set may_sign_in = false where id = $1', [contactId]);
    assert.equal(await opens(world, 'maria@example.test', password), false);
  });

  it('S1-20 families in the lead file do not', async () => {
    const { world, visitor } = await makeCaller('studio', {}, { login: 'maria@example.test', account: { stage: 'lead' } });
    const answer = await visitor.post('/login', { login: 'maria@example.test', password });
    assert.equal(answer.status, 422);
    assert.match(answer.text, /Invalid user ID \/password combination/);
    await visitor.post('/password/forgot', { login: 'maria@example.test' });
    assert.deepEqual(await lettersTo(world, 'maria@example.test'), []);
  });

  it('S1-21 a contact without a valid email address does not', async () => {
    for (const email of [null, 'none', 'maria@home', 'a b@example.test']) {
      const { world } = await makeCaller('studio', {}, { login: 'maria@example.test', contact: { email } });
      assert.equal(await opens(world, 'maria@example.test', password), false, String(email));
    }
  });

  it('S1-22 S1-24 every portal has a sign-in page of its own, and shows what its settings say', async () => {
    const [studio, cloud] = [await visit((await makeWorld('studio')).slug), await visit((await makeWorld('cloud')).slug)];
    assert.match((await studio.get('/login')).text, /Juniper Hollow[^]*Reset Password/);
    assert.match((await cloud.get('/login')).text, /Nimbuswick[^]*Forgot Password/);
  });

  it('S1-31 families log in with their email address, in any letter case', async () => {
    const { world } = await makeCaller('studio', {}, { login: 'Maria@Example.test' });
    assert.ok(await opens(world, ' maria@example.TEST ', password));
  });

  it('S1-32 they choose a password for their login; without one nothing opens', async () => {
    const { world } = await makeCaller('studio');
    assert.equal(await opens(world, 'maria@example.test', password), false);
    await makeContact(world, await makeAccount(world), { email: 'pilar@example.test', login_ref: await makeLogin(world, 'pilar@example.test', { password_hash: null }) });
    assert.equal(await opens(world, 'pilar@example.test', ''), false);
  });

  it('S1-50 "Login successful for UserID: …" stands in the portal log', async () => {
    const { world } = await makeCaller('studio', {}, { login: 'maria@example.test' });
    await opens(world, 'MARIA@example.test', password);
    assert.deepEqual(await logOf(world), [{ message: 'Login successful for UserID: maria@example.test', login: 'maria@example.test' }]);
  });

  it('S1-51 "Incorrect Password for UserID: …" stands there, for ids that nobody has, too', async () => {
    const { world } = await makeCaller('studio', {}, { login: 'maria@example.test' });
    for (const login of ['maria@example.test', 'nobody@example.test']) await opens(world, login, 'wrong');
    assert.deepEqual((await logOf(world)).map(({ message }) => message), ['Incorrect Password for UserID: maria@example.test', 'Incorrect Password for UserID: nobody@example.test']);
  });

  it('S1-51 a password is never logged, not even one that is typed where the id belongs', async () => {
    const { world } = await makeCaller('billing', {}, { login: 'islandmere' });
    for (const login of ['BestTraining1', 'seven purple kettles', 'islandmere\tx', 'maria@example.test BestTraining1']) await opens(world, login, 'hunter2hunter2');
    await opens(world, 'p@ss.word', 'p@ss.word');
    await opens(world, 'islandmere', 'hunter2hunter2');
    const text = JSON.stringify(await logOf(world));
    assert.doesNotMatch(text, /BestTraining1|purple|hunter2|p@ss/);
    assert.match(text, /Incorrect Password for UserID: islandmere/);
  });

  it('C-2 where either will do, the email address of one person opens that person’s login', async () => {
    const { world } = await makeCaller('billing', {}, { login: 'islandmere' });
    assert.ok(await opens(world, 'maria@example.test', password));
    await makeContact(world, await makeAccount(world), { login_ref: await makeLogin(world, 'threebarres') });
    assert.equal(await opens(world, 'maria@example.test', password), false);
    assert.ok(await opens(world, 'islandmere', password));
    const names = await makeCaller('fieldservice', {}, { login: 'islandmere' });
    assert.equal(await opens(names.world, 'maria@example.test', password), false);
  });

  it('C-24 where only the invited get in, nobody else is sent a link, and a reset is as silent as ever', async () => {
    const { world, contactId, visitor } = await makeCaller('studio', { 'access.default': 'invited_only' });
    await visitor.post('/password/forgot', { login: 'maria@example.test' });
    assert.deepEqual(await lettersTo(world, 'maria@example.test'), []);
    await sql(world, 'update app.contacts set invited_at = now() where id = $1', [contactId]);
    await visitor.post('/password/forgot', { login: 'maria@example.test' });
    assert.equal((await lettersTo(world, 'maria@example.test')).length, 1);
  });

  it('C-30 A3 known, unknown, locked, blocked, lead, no address and other organizations: same text, status, headers, hashes and statements', async () => {
    const { world } = await makeCaller('studio', {}, { login: 'known@example.test' });
    await makeCaller('studio', {}, { login: 'elsewhere@example.test' });
    const others: [string, Record<string, unknown>, Record<string, unknown>][] = [['blocked@example.test', { may_sign_in: false }, {}], ['lead@example.test', {}, { stage: 'lead' }], ['noaddress@example.test', { email: null }, {}]];
    for (const [login, contact, account] of others) await makeContact(world, await makeAccount(world, account), { login_ref: await makeLogin(world, login), ...contact });
    await makeLogin(world, 'locked@example.test', { locked_at: new Date(), failed_attempts: 5 });
    await costOf(world, 'warm@example.test', password);
    const costs = [await costOf(world, 'known@example.test', 'wrong')];
    for (const login of ['nobody@example.test', 'locked@example.test', 'elsewhere@example.test', ...others.map(([one]) => one)]) costs.push(await costOf(world, login, password));
    const alike = costs.map(({ hashed, told, asked }) => JSON.stringify({ hashed, told, asked }));
    assert.equal(new Set(alike).size, 1, alike.join('\n'));
    assert.equal(costs[0]?.hashed, 1);
  });

  it('a sign-in costs one hash and two short transactions, and no hash is computed while one is open', async () => {
    const { world } = await makeCaller('studio', {}, { login: 'maria@example.test' });
    await costOf(world, 'maria@example.test', password);
    const cost = await costOf(world, 'maria@example.test', password);
    assert.deepEqual([cost.hashed, cost.transactions], [1, 2]);
    await assert.rejects(withTenant(world.id, () => hashPassword(password)), /inside a transaction/);
  });

  it('A8 a cookie from before the sign-in is worthless after it', async () => {
    const { world, visitor } = await makeCaller('studio', {}, { login: 'maria@example.test' });
    await visitor.signIn('maria@example.test', password);
    const before = [(await visitor.post('/login', { login: 'maria@example.test', password })).headers['set-cookie']].flat().join();
    await visitor.signIn('maria@example.test', password);
    const thief = await visit(world.slug);
    const answer = await thief.send('get', '/').set('Cookie', before.split(';')[0] ?? '');
    assert.equal(answer.status, 303);
    assert.equal((await (await visit(world.slug)).send('get', '/').set('Cookie', 'portal=s%3Achosen-by-a-thief.x')).status, 303);
  });

  it('A9 a cookie ends with sign-out, a new password, a block, a lock, the contact and the account', async () => {
    const ends: [string, (world: World) => Promise<unknown>][] = [
      ['block', (world) => sql(world, 'update app.contacts set may_sign_in = false')],
      ['removal', (world) => sql(world, 'delete from app.contacts')],
      ['lead', (world) => sql(world, `update app.accounts set stage = 'lead'`)],
      ['closing', (world) => sql(world, `update app.accounts set stage = 'closed'`)],
      ['lock', async (world) => {
        const other = await visit(world.slug);
        for (let time = 0; time < 5; time += 1) await other.post('/login', { login: 'maria@example.test', password: 'wrong' });
      }],
      ['reset', async (world) => {
        const other = await visit(world.slug);
        await other.post('/password/forgot', { login: 'maria@example.test' });
        await open(other, linkIn(await lastLetter(world, 'maria@example.test'), reset));
        await other.post('/password/reset', twice(ownPassword));
      }],
    ];
    for (const [name, end] of ends) {
      const { world, visitor } = await makeCaller('studio', {}, { login: 'maria@example.test' });
      await visitor.signIn('maria@example.test', password);
      assert.equal((await visitor.get('/')).status, 200);
      await end(world);
      assert.equal((await visitor.get('/')).status, 303, name);
    }
  });

  it('A9 after signing out the old cookie opens nothing', async () => {
    const { world, visitor } = await makeCaller('studio', {}, { login: 'maria@example.test' });
    const cookie = [(await visitor.post('/login', { login: 'maria@example.test', password })).headers['set-cookie']].flat().join().split(';')[0] ?? '';
    const kept = await visit(world.slug);
    assert.equal((await kept.send('get', '/').set('Cookie', cookie)).status, 200);
    await visitor.get('/');
    await visitor.post('/logout');
    assert.equal((await kept.send('get', '/').set('Cookie', cookie)).status, 303);
  });

  it('A10 a cookie of one organization is nobody at another', async () => {
    const [one, other] = [await makeCaller('studio', {}, { login: 'maria@example.test' }), await makeCaller('studio', {}, { login: 'maria@example.test' })];
    await one.visitor.signIn('maria@example.test', password);
    assert.equal((await one.visitor.on(other.world.slug).get('/')).headers['location'], '/login');
  });

  it('A20 whatever "next" says, a sign-in leads to a page of this portal', async () => {
    const { world } = await makeCaller('studio', {}, { login: 'maria@example.test' });
    const foreign = ['//e', '/\\e', '/%5Ce', '/%5ce', 'https:e', 'https://e', 'http://acme.example.com@e', '/%2F%2Fe', '/%2f/e', '/\te', '/\ne', '\t//e', 'javascript:alert(1)', ' //e', '///e', '////e', '/.//e', '/..//e', 'e', 'e.example', '\\\\e', '/\\/e', '/@e/..//e', 'data:text/html,x', '//e%2f..', '/%09/e', '/%0a/e', '/%00', '/%252f%252fe', '/a/../..//e', '\u3000//e', '/\u2028/e'];
    assert.ok(foreign.length >= 30);
    for (const next of foreign) {
      const answer = await (await visit(world.slug)).post(`/login?${new URLSearchParams({ next }).toString()}`, { login: 'maria@example.test', password });
      assert.equal(answer.status, 303);
      assert.equal(answer.headers['location'], '/', JSON.stringify(next));
    }
    const own = await (await visit(world.slug)).post('/login?next=%2Finvoices%3Fstatus%3Dpaid', { login: 'maria@example.test', password });
    assert.equal(own.headers['location'], '/invoices?status=paid');
  });

  it('A24 a form of another site, of a sibling, or without its token is refused; a GET changes nothing', async () => {
    const { world, visitor } = await makeCaller('studio', {}, { login: 'maria@example.test' });
    const host = `http://${world.slug}.localhost:3000`;
    const forged: Record<string, string>[] = [{ Origin: 'null' }, { Origin: 'https://evil.example' }, { Origin: `http://sibling.localhost:3000` }, { 'Sec-Fetch-Site': 'same-site', Origin: host }, { 'Sec-Fetch-Site': 'cross-site' }];
    for (const path of ['/login', '/password/forgot', '/password/reset', '/password/reset/renewal']) {
      for (const headers of forged) assert.equal((await visitor.send('post', path).unset('Sec-Fetch-Site').set(headers).type('form').send({ login: 'maria@example.test', password })).status, 403, `${path} ${JSON.stringify(headers)}`);
    }
    await visitor.signIn('maria@example.test', password);
    for (const token of ['', 'foreign', undefined]) assert.equal((await visitor.post('/account/password', { _csrf: token, currentPassword: password, ...twice(ownPassword) })).status, 403);
    assert.equal((await visitor.send('post', '/account/password').type('text/plain').send(`currentPassword=${password}`)).status, 403);
    assert.equal((await visitor.get('/logout')).status, 404);
    assert.ok(await opens(world, 'maria@example.test', password));
  });
});
