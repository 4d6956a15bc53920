import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { deviceInWords } from '../../server/sign-ins/device.ts';
import { visit } from '../support/visitor.ts';
import { makeStaff, makeWorld, password, signedInFamily, sql } from '../support/world.ts';

const login = 'maria@example.test';
const phone = 'Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.0 Mobile/15E148 Safari/604.1';

async function onPhone(slug: string) {
  const visitor = await visit(slug);
  await visitor.send('post', '/login').set('User-Agent', phone).type('form').send({ login, password });
  return visitor;
}

describe('the list of own sign-ins', () => {
  it('ASVS 7.5.2 names each device in words, and which one this is', async () => {
    const { world, visitor } = await signedInFamily('studio');
    await onPhone(world.slug);
    const { text } = await visitor.get('/account/security');
    assert.match(text, /Safari on iPhone/);
    assert.equal([...text.matchAll(/This device/g)].length, 1);
  });

  it('ASVS 7.5.2 ends one of them, and the cookie of that device is worth nothing', async () => {
    const { world, visitor } = await signedInFamily('studio');
    const other = await onPhone(world.slug);
    assert.equal((await other.get('/')).status, 200);
    const signIn = /name="signIn" value="([0-9a-f-]{36})"/.exec((await visitor.get('/account/security')).text)?.[1];
    assert.equal((await visitor.post('/account/security/sign-outs', { signIn })).status, 303);
    assert.match((await visitor.get('/account/security')).text, /That device is signed out/);
    assert.equal((await other.get('/')).headers['location'], '/login');
    assert.equal((await visitor.get('/')).status, 200);
  });

  it('ASVS 7.4.3 signs out everywhere, this device too', async () => {
    const { world, visitor } = await signedInFamily('studio');
    const other = await onPhone(world.slug);
    await visitor.get('/account/security');
    assert.equal((await visitor.post('/account/security/sign-outs', { signIn: 'everywhere' })).headers['location'], '/login');
    for (const one of [visitor, other]) assert.equal((await one.get('/')).headers['location'], '/login');
  });

  it('A18 ends nobody else’s sign-in: a neighbour’s, a member of staff’s, or none at all', async () => {
    const { world, visitor } = await signedInFamily('studio');
    await makeStaff(world);
    const staff = await visit(world.slug);
    await staff.signIn('owner@example.test', password, '/staff/login');
    const [foreign] = await sql<{ id: string }>(world, 'select id from app.sign_ins where staff_id is not null');
    await visitor.get('/account/security');
    for (const signIn of [foreign?.id, '00000000-0000-4000-8000-000000000000', 'x', '']) {
      await visitor.post('/account/security/sign-outs', { signIn });
      assert.match((await visitor.get('/account/security')).text, /signed out already/);
    }
    assert.equal((await staff.get('/staff')).status, 200);
  });

  it('ASVS 7.5.2 staff have it, too', async () => {
    const world = await makeWorld('studio');
    await makeStaff(world);
    const [here, there] = [await visit(world.slug), await visit(world.slug)];
    for (const one of [here, there]) await one.signIn('owner@example.test', password, '/staff/login');
    const { text } = await here.get('/staff/my-account');
    assert.equal([...text.matchAll(/This device/g)].length, 1);
    await here.post('/staff/my-account/sign-outs', { signIn: /name="signIn" value="([0-9a-f-]{36})"/.exec(text)?.[1] });
    assert.equal((await there.get('/staff')).headers['location'], '/staff/login');
    assert.equal((await here.post('/staff/my-account/sign-outs', { signIn: 'everywhere' })).headers['location'], '/staff/login');
  });

  it('ASVS 7.3.2 a sign-in ends after the hours that the organization has set, however busy it is', async () => {
    const { world, visitor } = await signedInFamily('studio', { 'login.session_absolute_hours': 3 });
    const [row] = await sql<{ hours: number }>(world, 'select round(extract(epoch from expires_at - created_at) / 3600)::int as hours from app.sign_ins');
    assert.equal(row?.hours, 3);
    await sql(world, 'update app.sign_ins set expires_at = now()');
    assert.equal((await visitor.get('/')).headers['location'], '/login');
  });

  it('A9 a cookie opens nothing after sign-out, block, lock, a lead, or the last contact is gone', async () => {
    const changes = [
      `update app.logins set locked_at = now()`,
      `update app.contacts set may_sign_in = false`,
      `update app.accounts set stage = 'lead'`,
      `update app.contacts set login_ref = null`,
      `update app.sign_ins set ended_at = now()`,
    ];
    for (const change of changes) {
      const { world, visitor } = await signedInFamily('studio');
      await sql(world, change);
      const answer = await visitor.get('/account/security');
      assert.deepEqual([answer.status, answer.headers['location']], [303, '/login'], change);
    }
  });

  it('device names are those people know', () => {
    const words = (agent: string) => deviceInWords(agent, (key, values) => `${key} ${Object.values(values ?? {}).join(' / ')}`.trim());
    assert.equal(words('Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0'), 'sign-ins.device Edge / Windows');
    assert.equal(words('Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0'), 'sign-ins.device Firefox / Linux');
    assert.equal(words('Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36'), 'sign-ins.device Chrome / Android');
    assert.equal(words(''), 'sign-ins.device-unknown');
  });
});
