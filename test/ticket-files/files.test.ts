import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { request } from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { crc32, deflateSync, gzipSync } from 'node:zlib';
import { describe, it } from 'mocha';
import sharp from 'sharp';
import type { Response } from 'supertest';
import { sweepLooseFiles } from '../../server/ticket-files/keep-files.ts';
import { browse } from '../support/browser.ts';
import { testPortal } from '../support/portal.ts';
import type { Visitor } from '../support/visitor.ts';
import { signedInFamily, sql } from '../support/world.ts';
import { countOf, errorsOf, makeClient, open, staffOf, written } from '../tickets/ticket-story.ts';

interface Given {
  readonly name: string;
  readonly content: Buffer | string;
}

async function send(visitor: Visitor, files: readonly Given[], fields = written(), at = '/tickets/new'): Promise<Response> {
  const token = /name="_csrf" value="([^"]+)"/.exec((await visitor.get(at === '/tickets/new' ? at : at.replace(/\/messages$/, ''))).text)?.[1] ?? '';
  const form = visitor.send('post', at).field({ _csrf: token, ...fields });
  for (const { name, content } of files) form.attach('files', Buffer.from(content), name);
  return form;
}

const pdf = '%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n';
const picture = (format: 'png' | 'jpeg' | 'webp' | 'gif' = 'png') => sharp({ create: { width: 60, height: 30, channels: 3, background: '#b5501b' } }).toFormat(format).toBuffer();

/** A real PNG of so many pixels, all black, in a few kilobytes. */
function hugePng(side: number): Buffer {
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
    const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(data.length);
    sum.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, sum]);
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(side, 0);
  head.writeUInt32BE(side, 4);
  head[8] = 1;
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), chunk('IHDR', head), chunk('IDAT', deflateSync(Buffer.alloc(side * (Math.ceil(side / 8) + 1)))), chunk('IEND', Buffer.alloc(0))]);
}

const temporary = async () => (await readdir(os.tmpdir())).filter((name) => name.startsWith('upload-')).length;

/** What lies on the disk for this organization. */
async function filesOnDisk(tenantId: string): Promise<string[]> {
  const { outside } = await testPortal();
  const rows = await sql<{ storedAs: string }>({ id: tenantId, slug: '' }, `select stored_as as "storedAs" from app.files`);
  const there = await Promise.all(rows.map(async ({ storedAs }) => ((await outside.files.read(storedAs)) ? storedAs : '')));
  return there.filter(Boolean);
}

describe('files of tickets', () => {
  it('S4-18 S4-40 photos and PDFs go with a ticket by the paper clip, and are kept and served safely', async () => {
    const { visitor, world } = await makeClient();
    assert.match((await visitor.get('/tickets/new')).text, /<label class="label" for="files"><svg[^>]*><use href="#i-paperclip"\/><\/svg>Attachments/);
    const answer = await send(visitor, [{ name: 'Küche "links".PNG', content: await picture() }, { name: 'quote.pdf', content: pdf }]);
    assert.equal(answer.status, 303, errorsOf(answer).join());
    const at = answer.headers['location'] as string;
    const text = (await visitor.get(at)).text;
    assert.match(text, /Küche _links_\.PNG/);
    const [photo = '', paper = ''] = [...text.matchAll(/href="(\/tickets\/[\w-]+\/files\/[\w-]+)"/g)].map(([, href]) => href);
    const shown = await visitor.get(photo);
    assert.deepEqual([shown.headers['content-type'], shown.headers['x-content-type-options']], ['image/png', 'nosniff']);
    assert.match(shown.headers['content-disposition'] ?? '', /^inline; filename="K_che__links_\.PNG"/);
    assert.match(shown.headers['content-security-policy'] ?? '', /default-src 'none'/);
    const kept = await visitor.get(paper);
    assert.match(kept.headers['content-disposition'] ?? '', /^attachment; filename="quote\.pdf"/);
    assert.equal((kept.body as Buffer).toString(), pdf);
    assert.equal((await filesOnDisk(world.id)).length, 2);
  });

  it('S4-18 pictures are drawn anew: upright, without place and time, and without what hangs behind them', async () => {
    const { visitor, world } = await makeClient();
    const photo = await sharp({ create: { width: 60, height: 30, channels: 3, background: '#b5501b' } }).withExif({ IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '40/1 26/1 46/1' }, IFD0: { Copyright: 'Here I live' } }).withMetadata({ orientation: 6 }).jpeg().toBuffer();
    assert.ok(photo.includes('Exif'));
    const polyglot = Buffer.concat([photo, Buffer.from('PK\x03\x04<script>alert(1)</script>')]);
    assert.equal((await send(visitor, [{ name: 'a.jpg', content: polyglot }])).status, 303);
    const [stored] = await filesOnDisk(world.id);
    const content = await (await testPortal()).outside.files.read(stored ?? '');
    assert.ok(content);
    assert.ok(!content.includes('script') && !content.includes('Exif') && !content.includes('Here I live'));
    const { width, height, exif } = await sharp(content).metadata();
    assert.deepEqual([width, height, exif], [30, 60, undefined]);
  });

  it('A32 S4-18 what is empty, broken, too large or of another kind is refused beside its field, the text is kept, and nothing else', async () => {
    const { visitor, world } = await makeClient({ 'tickets.attachments.max_mb': 1, 'tickets.attachments.max_files': 2 });
    const before = await temporary();
    const png = await picture();
    const cases: [string, readonly Given[], RegExp][] = [
      ['0 bytes', [{ name: 'a.png', content: '' }], /a\.png is empty/],
      ['a program named as a picture', [{ name: 'a.png', content: 'MZ\x90\x00 this is a program' }], /a\.png is not a type that can be attached: JPEG/],
      ['SVG with a script', [{ name: 'a.svg', content: '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>' }], /not a type that can be attached/],
      ['SVG that calls itself a PNG', [{ name: 'a.png', content: '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>' }], /not a type that can be attached/],
      ['HTML', [{ name: 'a.pdf', content: '<html><script>alert(1)</script>' }], /not a type that can be attached/],
      ['a bomb', [{ name: 'a.pdf', content: gzipSync(Buffer.alloc(50_000_000)) }], /not a type that can be attached/],
      ['half a picture', [{ name: 'a.png', content: png.subarray(0, png.length - 20) }], /a\.png cannot be read/],
      ['a PDF that is an archive, too', [{ name: 'a.pdf', content: `${pdf}PK\x05\x06${'\0'.repeat(18)}` }], /a\.pdf cannot be read/],
      ['half a PDF', [{ name: 'a.pdf', content: '%PDF-1.7\n1 0 obj' }], /a\.pdf cannot be read/],
      ['20,000 x 20,000 pixels', [{ name: 'a.png', content: hugePng(20_000) }], /a\.png has too many pixels/],
      ['one that is too large', [{ name: 'a.pdf', content: pdf + ' '.repeat(1_000_001) }], /larger than 1 MB/],
      ['too many', [1, 2, 3].map((n) => ({ name: `${n}.pdf`, content: pdf })), /Attach at most 2 files/],
      ['a good one and a bad one', [{ name: 'a.pdf', content: pdf }, { name: 'b.pdf', content: 'x' }], /b\.pdf is not a type/],
    ];
    for (const [what, files, expected] of cases) {
      const refused = await send(visitor, files, written({ body: 'This text is kept' }));
      assert.equal(refused.status, 422, what);
      assert.match(errorsOf(refused).join('|'), expected, what);
      assert.match(refused.text, /This text is kept/, what);
    }
    const both = await send(visitor, [{ name: 'a.pdf', content: pdf }], written({ body: '' }));
    assert.match(errorsOf(both).join('|'), /Choose the files again/);
    assert.deepEqual([await countOf(world, 'tickets'), await countOf(world, 'files'), await countOf(world, 'ticket_files')], [0, 0, 0]);
    await wait(50);
    assert.ok((await temporary()) <= before, 'temporary files are gone');
  });

  it('A32 names with paths, line ends and other tricks end nowhere but in a plain name', async () => {
    const { visitor, world } = await makeClient();
    for (const name of ['../../../etc/passwd.pdf', 'a\u202Efdp.exe', '..', '.htaccess', 'x'.repeat(300), 'con.pdf"; filename="evil.html', '<img src=x onerror=alert(1)>.pdf']) {
      const answer = await send(visitor, [{ name, content: pdf }]);
      assert.equal(answer.status, 303, name);
    }
    const rows = await sql<{ name: string; storedAs: string }>(world, 'select name, stored_as as "storedAs" from app.files');
    for (const { name, storedAs } of rows) {
      assert.match(name, /^[^/\\:*?"<>|\p{C}]{1,130}\.pdf$/u);
      assert.match(storedAs, /^tickets\/[0-9a-f-]{36}\/[0-9a-f-]{36}$/);
    }
    // '..' is no name at all: as if no file had been chosen.
    assert.equal(rows.length, 6);
  });

  it('A32 an upload that is broken off leaves no ticket, no row and no file', async () => {
    const { visitor, world } = await makeClient();
    const tab = await browse(world.slug);
    await tab.page.goto('/login');
    await tab.page.fill('[name=login]', 'maria@example.test');
    await tab.page.fill('[name=password]', 'a-good-long-password');
    await tab.page.press('[name=password]', 'Enter');
    await tab.page.waitForURL('**/');
    const cookie = (await tab.context.cookies()).map(({ name, value }) => `${name}=${value}`).join('; ');
    const port = Number(new URL(tab.page.url()).port);
    await tab.close();
    const before = await temporary();
    const boundary = 'x'.repeat(20);
    const part = (name: string, value: string) => `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
    const sending = request({ host: '127.0.0.1', port, method: 'POST', path: '/tickets/new', headers: { 'host': `${world.slug}.localhost:${port}`, cookie, 'sec-fetch-site': 'same-origin', 'content-type': `multipart/form-data; boundary=${boundary}`, 'content-length': 900_000 } });
    sending.on('error', () => undefined);
    sending.write(`${part('body', 'Half')}--${boundary}\r\nContent-Disposition: form-data; name="files"; filename="a.pdf"\r\nContent-Type: application/pdf\r\n\r\n${pdf}${' '.repeat(200_000)}`);
    for (let n = 0; n < 50 && (await temporary()) <= before; n += 1) await wait(20);
    assert.ok((await temporary()) > before, 'it is under way');
    sending.destroy();
    for (let n = 0; n < 100 && (await temporary()) > before; n += 1) await wait(20);
    assert.equal(await temporary(), before);
    assert.deepEqual([await countOf(world, 'tickets'), await countOf(world, 'files')], [0, 0]);
    assert.ok(visitor);
  });

  it('S4-18 what an organization does not take is not offered and not taken', async () => {
    const { visitor } = await makeClient({ 'tickets.attachments.types': ['pdf'] });
    assert.match((await visitor.get('/tickets/new')).text, /accept="application\/pdf"/);
    assert.match(errorsOf(await send(visitor, [{ name: 'a.png', content: await picture() }])).join(), /not a type that can be attached: PDFs/);
    const none = await makeClient({ 'tickets.attachments.types': [] });
    assert.doesNotMatch((await none.visitor.get('/tickets/new')).text, /type="file"/);
    assert.equal((await send(none.visitor, [{ name: 'a.pdf', content: pdf }])).status, 422);
  });

  it('S4-16 files alone may be added to a ticket, and one form sent many times at once keeps them once', async () => {
    const { visitor, world } = await makeClient();
    const at = `/tickets/${await open(visitor)}`;
    const message = { body: '', requestKey: randomUUID() };
    const gif = await picture('gif');
    const answers = await Promise.all(Array.from({ length: 8 }, () => send(visitor, [{ name: 'a.gif', content: gif }], message as never, `${at}/messages`)));
    assert.deepEqual([...new Set(answers.map(({ status }) => status))], [303]);
    assert.deepEqual([await countOf(world, 'ticket_entries'), await countOf(world, 'ticket_files'), await countOf(world, 'files'), (await filesOnDisk(world.id)).length], [1, 1, 1, 1]);
    assert.match((await visitor.get(at)).text, />a\.png</);
  });

  it('A18 files of another account’s ticket are not there; staff see them; nobody does by another ticket’s address', async () => {
    const { visitor, world } = await makeClient();
    const at = (await send(visitor, [{ name: 'a.pdf', content: pdf }])).headers['location'] as string;
    const file = /files\/[\w-]+/.exec((await visitor.get(at)).text)?.[0] ?? '';
    assert.equal((await visitor.get(`${at}/${file}`)).status, 200);
    assert.equal((await visitor.get(`/tickets/${await open(visitor)}/${file}`)).status, 404);
    assert.equal((await (await signedInFamily('fieldservice')).visitor.get(`${at}/${file}`)).status, 404);
    assert.equal((await (await staffOf(world, 'owner')).get(`/staff${at}/${file}`)).status, 200);
  });

  it('S4-18 files that hang on no ticket are swept away after a day, and no others', async () => {
    const { visitor, world } = await makeClient();
    await send(visitor, [{ name: 'a.pdf', content: pdf }]);
    const { outside } = await testPortal();
    const lay = async (name: string, age: string) => {
      await outside.files.put(`tickets/${world.id}/${name}`, Buffer.from(pdf));
      await sql(world, `insert into app.files (purpose, name, type, bytes, sha256, stored_as, created_at) values ('ticket attachment', $1, 'application/pdf', 1, '', $2, now() - $3::interval)`, [name, path.posix.join('tickets', world.id, name), age]);
    };
    await lay('lost', '25 hours');
    await lay('under-way', '1 hour');
    await sql(world, `update app.files set created_at = now() - interval '3 days' where name = 'a.pdf'`);
    await sweepLooseFiles(outside, world.id);
    assert.deepEqual((await sql<{ name: string }>(world, 'select name from app.files order by name')).map(({ name }) => name), ['a.pdf', 'under-way']);
    assert.equal(await outside.files.read(`tickets/${world.id}/lost`), null);
  });
});
