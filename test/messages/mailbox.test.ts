import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import request from 'supertest';
import { queueMail } from '../../server/messages/mail.ts';
import { findTenant } from '../../server/tenancy/tenant.ts';
import { withTenant } from '../../server/tenancy/tenant-transaction.ts';
import { testPortal } from '../support/portal.ts';
import { makeWorld } from '../support/world.ts';

describe('the development mailbox', () => {
  it('shows a letter with its secret and its link', async () => {
    const { app, outside } = await testPortal();
    const world = await makeWorld('studio');
    const tenant = await findTenant(world.slug);
    assert.ok(tenant);
    const blocks = [{ link: 'Set your password', url: 'http://studio.localhost:3000/password/reset/abc', isSecret: true }];
    const mail = { type: 'Portal Password' as const, to: 'maria@example.test', recipient: 'Maria', subject: '<b>Hello</b>', blocks };
    const id = await withTenant(world.id, () => queueMail(outside, tenant, mail));
    const list = await request(app).get('/').set('Host', 'mail.localhost:3000').expect(200);
    assert.match(list.text, new RegExp(`href="/${world.slug}/${id}"`));
    const letter = await request(app).get(`/${world.slug}/${id}`).set('Host', 'mail.localhost:3000').expect(200);
    assert.match(letter.text, /<a href="http:\/\/studio\.localhost:3000\/password\/reset\/abc">/);
    assert.doesNotMatch(letter.text, /<b>Hello/);
  });

  it('does not exist for other methods, other addresses and unknown portals', async () => {
    const { app } = await testPortal();
    const mailbox = (path: string) => request(app).get(path).set('Host', 'mail.localhost:3000');
    await mailbox('/nobody/00000000-0000-4000-8000-000000000000').expect(404);
    await mailbox('/login').expect(404);
    await request(app).post('/').set('Host', 'mail.localhost:3000').expect(404);
  });
});
