import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import sharp from 'sharp';
import { drawSample } from '../../server/brand/sample.ts';
import { edit, ownedWorld } from '../support/staff-visit.ts';
import { makeStaff, makeWorld, password, sql } from '../support/world.ts';
import { visit } from '../support/visitor.ts';

type Format = 'png' | 'jpeg' | 'webp' | 'gif' | 'tiff';
const picture = (format: Format, width = 200, height = 60) => sharp({ create: { width, height, channels: 3, background: '#a8326e' } }).withExif({ IFD0: { Copyright: 'Secret place' } }).toFormat(format).toBuffer();
const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script>alert(1)</script></svg>';

describe('the brand of a portal', () => {
  it('a logo is saved as a draft, shown to clients once published, and kept for ever by browsers', async () => {
    const { world, owner } = await ownedWorld('studio');
    assert.equal((await owner.upload('/staff/settings/portal/logo', 'picture', 'logo.png', await picture('png'))).status, 303);
    const page = (await owner.get('/staff/settings/portal')).text;
    const address = /src="(\/brand\/[0-9a-f]{64}-200x60\.webp)"/.exec(page)?.[1] ?? '';
    const stranger = await visit(world.slug);
    assert.doesNotMatch((await stranger.get('/login')).text, /masthead-logo/);
    await edit(owner, 'portal', {}, 'publish');
    assert.ok((await stranger.get('/login')).text.includes(`<img class="masthead-logo" src="${address}" width="200" height="60" alt="">`));
    const { status, headers } = await stranger.get(address);
    assert.deepEqual([status, headers['content-type'], headers['cache-control']], [200, 'image/webp', 'public, max-age=31536000, immutable']);
  });

  it('PNG, JPEG and WebP are drawn anew: smaller where they are too large, and without what travelled in them', async () => {
    const { owner } = await ownedWorld('studio');
    for (const format of ['png', 'jpeg', 'webp'] as const) {
      await owner.upload('/staff/settings/portal/banner', 'picture', 'any.name', await picture(format, 4000, 1000));
      const address = /src="(\/brand\/[^"]+-1600x400\.webp)"/.exec((await owner.get('/staff/settings/portal')).text)?.[1] ?? format;
      const served = (await owner.send('get', address).buffer(true).parse((res, done) => {
        const parts: Buffer[] = [];
        res.on('data', (part: Buffer) => parts.push(part)).on('end', () => done(null, Buffer.concat(parts)));
      })).body as Buffer;
      assert.equal((await sharp(served).metadata()).format, 'webp');
      assert.ok(!served.includes('Secret place'));
    }
  });

  it('anything else is refused beside its field, whatever it is called, and nothing is saved', async () => {
    const { world, owner } = await ownedWorld('studio');
    const png = await picture('png');
    const bad = [svg, await picture('gif'), await picture('tiff'), '%PDF-1.7', '', png.subarray(0, 60), Buffer.concat([png.subarray(0, 8), Buffer.from(svg)]), await picture('png', 2, 2)];
    for (const content of bad) {
      const refused = await owner.upload('/staff/settings/portal/logo', 'picture', 'logo.png', content);
      assert.equal(refused.status, 422);
      assert.match(refused.text, /id="portal\.logo-error"[^]*?Choose a/);
    }
    assert.equal((await owner.post('/staff/settings/portal/logo')).status, 422);
    assert.equal((await owner.upload('/staff/settings/portal/logo', 'picture', 'logo.png', Buffer.alloc(4_100_000))).status, 413);
    assert.deepEqual(await sql(world, 'select draft from app.settings'), [{ draft: null }]);
  });

  it('it can be removed again', async () => {
    const { world, owner } = await ownedWorld('studio');
    await owner.upload('/staff/settings/portal/logo', 'picture', 'logo.png', await picture('png'));
    await owner.post('/staff/settings/portal/logo/removal');
    assert.deepEqual(await sql(world, 'select draft from app.settings'), [{ draft: null }]);
  });

  it('a picture belongs to its organization: elsewhere there is none at its address', async () => {
    const { owner } = await ownedWorld('studio');
    await owner.upload('/staff/settings/portal/logo', 'picture', 'logo.png', await picture('png'));
    const address = /\/brand\/[^"]+\.webp/.exec((await owner.get('/staff/settings/portal')).text)?.[0] ?? '';
    const other = await visit((await makeWorld('cloud')).slug);
    assert.equal((await other.get(address)).status, 404);
    for (const odd of ['/brand/x.webp', '/brand/..%2f..%2fsecret.webp', `/brand/${'0'.repeat(64)}-1x1.webp`]) assert.equal((await other.get(odd)).status, 404);
  });

  it('only who may change settings may change it', async () => {
    const world = await makeWorld('studio');
    await makeStaff(world, 'front_desk');
    const desk = await (await visit(world.slug)).signIn('front_desk@example.test', password, '/staff/login');
    assert.equal((await desk.upload('/staff/settings/portal/logo', 'picture', 'logo.png', await picture('png'))).status, 403);
    assert.equal((await desk.get('/staff/settings/portal/sample.svg')).status, 403);
  });

  it('the sample is drawn in the colour that is asked for, else in the saved one', async () => {
    const { owner } = await ownedWorld('studio');
    const sample = async (query: string) => String((await owner.get(`/staff/settings/portal/sample.svg${query}`)).body);
    assert.match(await sample('?colour=%23123456'), /fill="#123456"/);
    for (const odd of ['', '?colour=red', '?colour=%22%3E%3Cscript', '?colour[]=%23123456']) assert.match(await sample(odd), /fill="#a8326e"/);
    assert.doesNotMatch(drawSample('#123456', { name: '<script>', button: '&', link: '"' }), /<script>|>&</);
  });
});
