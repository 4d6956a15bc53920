import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { checks, type Check } from '../../server/support/diagnose.ts';
import { staffVisitor } from '../support/staff-visit.ts';
import { lastLetter, lettersTo, linkIn } from '../support/letters.ts';
import { makeLogin, makeWorld, password, sql } from '../support/world.ts';
import { visit, type Visitor } from '../support/visitor.ts';
import { deskAndFamily } from './tester.ts';

type Desk = Awaited<ReturnType<typeof deskAndFamily>>;

const email = 'maria@example.test';
const oldBrowser = 'Mozilla/5.0 (Windows NT 6.1) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/49.0.2623.112 Safari/537.36';
const newBrowser = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/152.0.0.0 Safari/537.36';

async function stateOf(desk: Desk, check: Check): Promise<string> {
  const { text } = await desk.staff.get(`/staff/contacts/${desk.contactId}/doctor`);
  return new RegExp(`id="check-${check}" class="is-(\\w+)"`).exec(text)?.[1] ?? 'none';
}

async function fix(desk: Desk, check: Check, fields: Record<string, string> = {}): Promise<void> {
  const answer = await desk.staff.post(`/staff/contacts/${desk.contactId}/doctor`, { fix: check, ...fields });
  assert.equal(answer.status, 303, answer.text);
}

/** The line is not red, becomes red, is mended by its button, and has words for the telephone as long as it is red. */
async function redAndFixed(desk: Desk, check: Check, makeRed: () => Promise<unknown>, fields: Record<string, string> = {}): Promise<void> {
  assert.notEqual(await stateOf(desk, check), 'act', `${check} was red already`);
  await makeRed();
  const { text } = await desk.staff.get(`/staff/contacts/${desk.contactId}/doctor`);
  const line = new RegExp(`id="check-${check}" class="is-act"[^]*?</textarea>`).exec(text)?.[0] ?? assert.fail(`${check} did not become red`);
  assert.match(line, /<textarea[^>]*readonly[^>]*>[^<]{30,}/);
  await fix(desk, check, fields);
}

const signIn = async (world: Desk['world'], typed: string, device = newBrowser, login = email) => (await visit(world.slug)).send('post', '/login').set('User-Agent', device).type('form').send({ login, password: typed });
const age = (desk: Desk) => sql(desk.world, `update app.links set expires_at = now() - interval '1 minute', created_at = now() - interval '1 day'`);

describe('the login doctor', () => {
  it('S1-86 B-1 email: red without one that can be one, and corrected on the spot, with the Login ID', async () => {
    const desk = await deskAndFamily();
    await redAndFixed(desk, 'email', () => sql(desk.world, `update app.contacts set email = 'maria at example'`), { email: 'new@example.test' });
    assert.equal(await stateOf(desk, 'email'), 'good');
    await fix(desk, 'blocked');
    assert.equal((await desk.staff.post(`/staff/contacts/${desk.contactId}/doctor`, { fix: 'email', email: 'nothing' })).status, 422);
  });

  it('B-1 account: a lead has no portal, and is made active', async () => {
    const desk = await deskAndFamily();
    await redAndFixed(desk, 'stage', () => sql(desk.world, `update app.accounts set stage = 'lead'`));
    assert.equal(await stateOf(desk, 'stage'), 'good');
    assert.equal((await signIn(desk.world, password)).status, 303);
  });

  it('B-1 portal access: a blocked contact is unblocked, and gets in', async () => {
    const desk = await deskAndFamily();
    await redAndFixed(desk, 'blocked', () => sql(desk.world, 'update app.contacts set may_sign_in = false'));
    assert.equal(await stateOf(desk, 'blocked'), 'good');
    assert.equal((await signIn(desk.world, password)).status, 303);
    assert.match((await desk.staff.get('/staff/reports/portal-log')).text, /Portal access allowed by staff/);
  });

  it('B-1 password: without one a link is sent, and whoever uses it gets in', async () => {
    const desk = await deskAndFamily();
    await redAndFixed(desk, 'portal', () => sql(desk.world, 'update app.logins set password_hash = null'));
    const visitor = await visit(desk.world.slug);
    await choose(visitor, linkIn(await lastLetter(desk.world, email), 'Click Here to Reset Your Password'));
    assert.equal(await stateOf(desk, 'portal'), 'good');
    assert.equal(await stateOf(desk, 'link'), 'good');
  });

  it('S1-104 S1-105 B-1 wrong attempts: n of 5, locked at five, unlocked with a reset link in the mail', async () => {
    const desk = await deskAndFamily();
    for (const _ of Array.from({ length: 4 })) await signIn(desk.world, 'wrong');
    assert.match((await desk.staff.get(`/staff/contacts/${desk.contactId}/doctor`)).text, /Not locked: 4 wrong attempts of 5/);
    await redAndFixed(desk, 'locked', () => signIn(desk.world, 'wrong'));
    assert.equal(await stateOf(desk, 'locked'), 'good');
    assert.match((await lastLetter(desk.world, email)).text, /\/password\/reset\//);
    assert.equal((await signIn(desk.world, password)).status, 303);
  });

  it('S1-38 S1-51 B-1 last attempts: each with its reason, never the password; a reset link ends it', async () => {
    const desk = await deskAndFamily();
    await redAndFixed(desk, 'tries', () => signIn(desk.world, 'not-her-secret'));
    const { text } = await desk.staff.get(`/staff/contacts/${desk.contactId}/doctor`);
    assert.match(text, /wrong password[^]*Chrome on Windows/);
    assert.doesNotMatch(text, /not-her-secret/);
    await signIn(desk.world, password);
    assert.equal(await stateOf(desk, 'tries'), 'good');
  });

  it('B-1 last attempts: also those with the address where the Login ID is another, and with every reason', async () => {
    const desk = await deskAndFamily();
    await sql(desk.world, `update app.logins set login_id = 'maria.b'`);
    await sql(desk.world, `insert into app.portal_log (kind, message, login_id, reason) select 'sign-in-refused', 'x', $1, reason from unnest(array['unknown', 'locked', 'no-password', 'no-access', 'temporary-over']) reason`, [email]);
    const { text } = await desk.staff.get(`/staff/contacts/${desk.contactId}/doctor`);
    for (const words of ['nobody has this Login ID', 'locked, so', 'no password was ever', 'right password, but', 'temporary password, used']) assert.ok(text.includes(words), words);
  });

  it('S1-91 B-1 last reset mail: refused or sent to an older address, and sent again', async () => {
    const desk = await deskAndFamily();
    await fix(desk, 'mail');
    await lettersTo(desk.world, email);
    await redAndFixed(desk, 'mail', () => sql(desk.world, `update app.messages set status = 'failed', error = '550 no such mailbox'`));
    assert.notEqual(await stateOf(desk, 'mail'), 'act');
    await sql(desk.world, `update app.messages set to_address = 'older@example.test', status = 'complete'`);
    assert.equal(await stateOf(desk, 'mail'), 'act');
    assert.match((await desk.staff.get(`/staff/contacts/${desk.contactId}/doctor`)).text, /went to older@example\.test, which is no longer/);
  });

  it('B-1 link: expired, opened or not, and a new one is sent', async () => {
    const desk = await deskAndFamily();
    await fix(desk, 'link');
    await redAndFixed(desk, 'link', () => age(desk));
    assert.equal(await stateOf(desk, 'link'), 'quiet');
    await (await visit(desk.world.slug)).get(linkIn(await lastLetter(desk.world, email), 'Click Here to Reset Your Password'));
    assert.match((await desk.staff.get(`/staff/contacts/${desk.contactId}/doctor`)).text, /last link was opened on/);
  });

  it('S1-88 B-1 browser: too old by the last attempt, until a newer one comes; the words are mailed in the reader’s language', async () => {
    const desk = await deskAndFamily();
    await sql(desk.world, `update app.logins set locale = 'es-US'`);
    await redAndFixed(desk, 'browser', () => signIn(desk.world, 'wrong', oldBrowser));
    assert.match((await lastLetter(desk.world, email)).text, /Su navegador es demasiado antiguo/);
    assert.match((await desk.staff.get(`/staff/contacts/${desk.contactId}/doctor`)).text, /Chrome 49[^]*lang="es"[^]*Su navegador/);
    await signIn(desk.world, password, newBrowser);
    assert.equal(await stateOf(desk, 'browser'), 'good');
  });

  it('S1-89 B-1 website: framed, by whom, and forgotten once it is a link', async () => {
    const desk = await deskAndFamily();
    const frame = async (referer: string) => (await visit(desk.world.slug)).send('get', '/login').set('Sec-Fetch-Dest', 'iframe').set('Referer', referer);
    await redAndFixed(desk, 'framed', () => frame('https://www.juniper-hollow.example/parents'));
    assert.equal(await stateOf(desk, 'framed'), 'good');
    await Promise.all(Array.from({ length: 20 }, () => frame('https://www.juniper-hollow.example/parents')));
    for (let at = 0; at < 60; at += 1) await frame(`https://s${at}.example/`);
    const [kept] = await sql<{ count: number }>(desk.world, 'select count(*)::int as count from app.framings');
    assert.equal(kept?.count, 50);
  });

  it('S1-107 B-1 stands on the contact page with how much is in the way, and is found by a typed Login ID', async () => {
    const desk = await deskAndFamily();
    await sql(desk.world, 'update app.contacts set may_sign_in = false');
    assert.match((await desk.staff.get(`/staff/contacts/${desk.contactId}`)).text, /Why can’t they log in\?[^]*1 thing stands in the way/);
    const found = await desk.staff.get('/staff/support?login=MARIA@example.test');
    assert.deepEqual([found.status, found.headers['location']], [303, `/staff/contacts/${desk.contactId}/doctor`]);
    await signIn(desk.world, 'x', newBrowser, 'mria@example.test');
    assert.match((await desk.staff.get('/staff/support?login=mria@example.test')).text, /Nobody has mria@example\.test[^]*It was tried 1 time/);
  });

  it('B-1 refuses what is no cure, what cannot be sent, another organization’s contact and whoever lacks the area', async () => {
    const desk = await deskAndFamily();
    const path = `/staff/contacts/${desk.contactId}/doctor`;
    await desk.staff.get(path);
    assert.equal((await desk.staff.post(path, { fix: 'everything' })).status, 422);
    await sql(desk.world, 'update app.contacts set may_sign_in = false');
    const blocked = await desk.staff.post(path, { fix: 'mail' });
    assert.equal(blocked.status, 422);
    assert.match(blocked.text, /blocked from the portal/);
    const other = await staffVisitor(await makeWorld('studio'));
    for (const address of [path, path.replace('doctor', 'view')]) assert.equal((await other.get(address)).status, 404);
    assert.equal((await other.post(path, { fix: 'blocked' })).status, 404);
    await sql(desk.world, `update app.staff_users set permissions = '{"support": false}'`);
    for (const check of checks) assert.equal((await desk.staff.post(path, { fix: check })).status, 403);
  });

  it('B-1 of twenty presses at once one unlocks and sends one mail', async () => {
    const desk = await deskAndFamily();
    await makeLogin(desk.world, 'somebody-else@example.test');
    await sql(desk.world, 'update app.logins set locked_at = now(), failed_attempts = 5');
    await desk.staff.get(`/staff/contacts/${desk.contactId}/doctor`);
    await Promise.all(Array.from({ length: 20 }, () => desk.staff.post(`/staff/contacts/${desk.contactId}/doctor`, { fix: 'locked' })));
    assert.equal((await lettersTo(desk.world, email)).length, 1);
    assert.deepEqual(await sql(desk.world, 'select count(*)::int as locked from app.logins where locked_at is not null'), [{ locked: 1 }]);
  });
});

async function choose(visitor: Visitor, path: string): Promise<void> {
  const form = await visitor.get((await visitor.get(path)).headers['location'] ?? path);
  assert.equal(form.status, 200);
  assert.equal((await visitor.post('/password/reset', { password: 'seven purple kettles sing', passwordAgain: 'seven purple kettles sing' })).status, 303);
}
