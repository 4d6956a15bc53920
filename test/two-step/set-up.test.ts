import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { mustUseTwoSteps } from '../../server/two-step/rule.ts';
import type { HolderRequest } from '../../server/sign-ins/holder.ts';
import { codeOf, secretIn, setUpTwoSteps } from '../support/authenticator.ts';
import { visit } from '../support/visitor.ts';
import { makeStaff, makeWorld, password, signedInFamily, sql } from '../support/world.ts';

const login = 'maria@example.test';
const path = '/account/security/two-step';

describe('setting up two-step sign-in', () => {
  it('ASVS 6.3.3 shows a QR code and the key, and is on only when the app has shown its first code', async () => {
    const { world, visitor } = await signedInFamily('studio');
    await visitor.get(path);
    assert.equal((await visitor.post(path)).status, 303);
    const { text } = await visitor.get(path);
    assert.match(text, /<img class="qr-code" src="data:image\/svg\+xml,/);
    const wrong = await visitor.post(`${path}/confirmation`, { code: '000000' });
    assert.deepEqual([wrong.status, /id="code-error"/.test(wrong.text)], [422, true]);
    assert.equal((await (await visit(world.slug)).post('/login', { login, password })).headers['location'], '/');
    const codes = await visitor.post(`${path}/confirmation`, { code: codeOf(secretIn(text)) });
    assert.equal([...codes.text.matchAll(/<li><code>/g)].length, 10);
    assert.match((await visitor.get('/account/security')).text, /Two-step sign-in<\/dt><dd>\s*<span class="status is-good">/);
  });

  it('ASVS 6.3.3 keeps the secret sealed and of recovery codes the hashes alone', async () => {
    const { world, visitor } = await signedInFamily('studio');
    const { secret, recoveryCodes } = await setUpTwoSteps(visitor);
    const [row] = await sql<{ all: string }>(world, 'select (select json_agg(t)::text from app.two_steps t) || (select json_agg(c)::text from app.recovery_codes c) as all');
    assert.ok(row && !row.all.includes(secret));
    for (const code of recoveryCodes) assert.ok(!row.all.includes(code) && !row.all.includes(code.replaceAll('-', '')));
  });

  it('A9 turning it on signs every other device out, mails the person, and writes the log', async () => {
    const { world, visitor } = await signedInFamily('studio');
    const other = await visit(world.slug);
    await other.signIn(login, password);
    await setUpTwoSteps(visitor);
    assert.equal((await other.get('/')).headers['location'], '/login');
    assert.equal((await visitor.get('/')).status, 200);
    const mails = await sql(world, `select to_address, subject from app.messages`);
    assert.deepEqual(mails.map(({ to_address: to }) => to), [login]);
    assert.match(String(mails[0]?.['subject']), /Two-step sign-in was turned on/);
    const lines = await sql<{ message: string }>(world, `select message from app.portal_log where kind = 'two-step-on'`);
    assert.deepEqual(lines, [{ message: `Two-step sign-in turned on for UserID: ${login}` }]);
  });

  it('ASVS 7.5.1 is turned off, or given new codes, by the current password alone', async () => {
    const { world, visitor } = await signedInFamily('studio');
    const { recoveryCodes } = await setUpTwoSteps(visitor);
    await sql(world, `update app.sign_ins set created_at = now() - interval '11 minutes'`);
    for (const form of ['recovery-codes', 'cancellation']) {
      const refused = await visitor.post(`${path}/${form}`, { currentPassword: 'not the password' });
      assert.deepEqual([refused.status, /id="currentPassword-error"/.test(refused.text)], [422, true], form);
      assert.doesNotMatch(refused.text, /not the password/);
    }
    const renewed = await visitor.post(`${path}/recovery-codes`, { currentPassword: password });
    assert.ok(!renewed.text.includes(recoveryCodes[0] ?? '?'));
    assert.equal((await visitor.post(`${path}/cancellation`, { currentPassword: password })).status, 303);
    assert.deepEqual(await sql(world, 'select id from app.two_steps'), []);
    assert.equal((await (await visit(world.slug)).post('/login', { login, password })).headers['location'], '/');
  });

  it('ASVS 6.3.3 where it is required, nothing else opens before it is set up, but signing out', async () => {
    const { visitor } = await signedInFamily('studio', { 'login.two_factor': 'required' });
    for (const page of ['/', '/invoices', '/account', '/account/security']) assert.equal((await visitor.get(page)).headers['location'], path, page);
    assert.match((await visitor.get(path)).text, /asks everybody/);
    await visitor.post(path);
    const secret = secretIn((await visitor.get(path)).text);
    assert.equal((await visitor.post('/account/choice')).headers['location'], path);
    await visitor.post(`${path}/confirmation`, { code: codeOf(secret) });
    assert.equal((await visitor.get('/')).status, 200);
    assert.equal((await visitor.post('/logout')).headers['location'], '/login');
  });

  it('ASVS 6.3.3 where it is off, it is not offered, and who has it keeps it', async () => {
    const { visitor } = await signedInFamily('studio', { 'login.two_factor': 'off' });
    assert.equal((await visitor.get(path)).status, 404);
    assert.equal((await visitor.post(path)).status, 404);
    assert.doesNotMatch((await visitor.get('/account/security')).text, /Two-step/);
    const { world, visitor: other } = await signedInFamily('studio');
    const { secret } = await setUpTwoSteps(other);
    await sql(world, `update app.settings set published = published || '{"login.two_factor":"off"}'`);
    const again = await visit(world.slug);
    await again.post('/login', { login, password });
    assert.equal((await again.get('/')).headers['location'], '/login/code');
    assert.equal((await again.post('/login/code', { code: codeOf(secret, 1) })).status, 303);
  });

  it('ASVS 6.3.3 owners have to use it in production; elsewhere as the setting says', async () => {
    const asked = (role: string, staffTwoFactor: string, production: boolean) =>
      mustUseTwoSteps({ staff: { role }, outside: { production }, tenant: { site: { staffTwoFactor } } } as unknown as HolderRequest);
    assert.deepEqual(['owner', 'manager', 'front_desk'].map((role) => asked(role, 'automatic', true)), [true, false, false]);
    assert.equal(asked('owner', 'automatic', false), false);
    assert.equal(asked('front_desk', 'everybody', false), true);
    assert.equal(asked('owner', 'optional', true), false);
  });

  it('ASVS 6.3.3 an owner who has to use it is led there from every staff page', async () => {
    const world = await makeWorld('studio', { 'login.staff_two_factor': 'owners' });
    await makeStaff(world);
    await makeStaff(world, 'front_desk');
    const owner = await visit(world.slug);
    await owner.post('/staff/login', { login: 'owner@example.test', password });
    assert.equal((await owner.get('/staff')).headers['location'], '/staff/my-account/two-step');
    assert.equal((await owner.get('/staff/settings')).headers['location'], '/staff/my-account/two-step');
    const desk = await visit(world.slug);
    await desk.post('/staff/login', { login: 'front_desk@example.test', password });
    assert.equal((await desk.get('/staff')).status, 200);
  });
});
