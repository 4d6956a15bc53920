import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { visit, type Visitor } from '../support/visitor.ts';
import { makeStaff, makeWorld, password, signedInFamily, type World } from '../support/world.ts';

async function ownerOf(world: World): Promise<Visitor> {
  await makeStaff(world);
  return (await visit(world.slug)).signIn('owner@example.test', password, '/staff/login');
}

describe('sharing the portal', () => {
  it('S1-3 S1-90 the link page shows the address, a button as code and, at its bottom, a green box that warns of embedding', async () => {
    const world = await makeWorld('studio', { 'portal.type_label': 'Parents & "Portal"' });
    const { text } = await (await ownerOf(world)).get('/staff/link');
    assert.match(text, new RegExp(`<input[^>]* readonly value="http://${world.slug}\\.localhost:\\d+/"`));
    assert.match(text, /<textarea[^>]*readonly[^>]*>&lt;a href=&#34;http:[^<]*&amp;#38; &amp;#34;Portal[^<]*&lt;\/a&gt;<\/textarea>/);
    assert.match(text, /<section class="green-box"[^]*Do not embed the portal[^]*<\/section>\s*<\/main>/);
  });

  it('S1-4 the sign-in page tells Facebook what it is; other pages do not', async () => {
    const world = await makeWorld('studio');
    const visitor = await visit(world.slug);
    assert.match((await visitor.get('/login')).text, /<meta property="og:title" content="Juniper Hollow Gymnastics &amp; Dance Parent Portal">[^]*<meta property="og:url" content="http:/);
    assert.doesNotMatch((await visitor.get('/password/forgot')).text, /og:/);
    assert.match((await (await ownerOf(world)).get('/staff/link')).text, /facebook\.com\/sharer\/sharer\.php\?u=http%3A/);
  });

  it('S1-89 no page may be framed; a browser that asks for a frame gets a link to a new window, and nothing of the portal', async () => {
    const { visitor } = await signedInFamily('studio');
    const whole = await visitor.get('/');
    assert.match(whole.headers['content-security-policy'] ?? '', /frame-ancestors 'none'/);
    for (const path of ['/', '/login', '/account', '/staff']) {
      const framed = await visitor.send('get', path).set('Sec-Fetch-Dest', 'iframe');
      assert.equal(framed.status, 200);
      assert.match(framed.headers['content-security-policy'] ?? '', /default-src 'none'.*frame-ancestors \*/);
      assert.match(framed.text, /<a [^>]*href="http:[^"]*" target="_blank"[^>]*>Open in a new window<\/a>/);
      assert.doesNotMatch(framed.text, /Bestie|<form/);
    }
  });

  it('S2-38 S1-28 anybody reads how to sign up, by the ways that are open here; the film is a link where there is one', async () => {
    const lawncare = await visit((await makeWorld('lawncare', { 'portal.video_url': 'https://video.example/tour' })).slug);
    const page = await lawncare.get('/instructions');
    assert.match(page.text, /How to sign up for the Customer Portal[^]*"Sign Up"|&#34;Sign Up&#34;/);
    assert.match(page.text, /href="https:\/\/video\.example\/tour"[^]*data-print/);
    const cloud = await visit((await makeWorld('cloud')).slug);
    assert.match((await cloud.get('/instructions')).text, /invitation that we have emailed to you/);
    assert.doesNotMatch((await cloud.get('/instructions')).text, /Watch the introduction/);
  });
});
