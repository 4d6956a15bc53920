import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { Response } from 'supertest';
import { drain } from '../support/drain.ts';
import { lastLetter, lettersTo, linkIn, type Letter } from '../support/letters.ts';
import { testPortal } from '../support/portal.ts';
import { visit, type Visitor } from '../support/visitor.ts';
import { makeAccount, makeContact, makeInvoice, makeLogin, password, signedInFamily, sql, type World } from '../support/world.ts';
import { makeUsage, makeUsages } from '../usages/making.ts';
import { readXlsx, unzip } from './read-xlsx.ts';

const maria = 'maria@example.test';

async function exportFor({ world, visitor }: { world: World; visitor: Visitor }, query = ''): Promise<{ link: string; file: Buffer; answer: Response }> {
  await visitor.get(`/usages/export${query}`);
  assert.equal((await visitor.post(`/usages/export${query}`)).status, 303);
  const link = linkIn(await lastLetter(world, maria), 'Download the Excel file');
  const answer = await download(visitor, link);
  return { link, file: answer.body as Buffer, answer };
}

async function download(visitor: Visitor, link: string): Promise<Response> {
  return visitor.send('get', link).buffer(true).parse((res, done) => {
    const chunks: Buffer[] = [];
    res.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => done(null, Buffer.concat(chunks)));
  });
}

const signedIn = async (world: World, login = maria) => (await visit(world.slug)).signIn(login, password);
const expire = (world: World) => sql(world, `update app.exports set expires_at = now() - interval '1 second'`);

async function family(login = maria) {
  const made = await signedInFamily('cloud');
  await sql(made.world, 'update app.logins set email = $1', [login]);
  return { ...made, visitor: await signedIn(made.world) };
}

describe('exports of usages', () => {
  it('S3-25 Export Usage Records leads to a page with Send, which says what is sent where', async () => {
    const { world, accountId, visitor } = await family();
    await makeUsages(world, accountId, 3);
    assert.match((await visitor.get('/usages?least=2')).text, /href="\/usages\/export\?least=2">[\s\S]{0,200}Export Usage Records/);
    const { text } = await visitor.get('/usages/export?least=2');
    assert.match(text, /<button class="btn btn-primary">Send</);
    for (const said of [/maria@example\.test/, /Quantity at least 2/, /Usage ID, Description, Date, Quantity, Unit of measure, Invoiced/, /up to 1,000/]) assert.match(text, said);
    const sent = await visitor.post('/usages/export?least=2');
    assert.equal(sent.headers['location'], '/usages?least=2');
    assert.match((await visitor.get('/usages?least=2')).text, /We are making your Excel file\. The email with the link goes to maria@example\.test/);
    assert.equal((await visitor.post('/usages/export?least=many')).status, 422);
  });

  it('S3-24 1,000 records are exported whole, and of 1,001 the newest 1,000, newest first', async () => {
    for (const count of [1000, 1001]) {
      const made = await family();
      await makeUsages(made.world, made.accountId, count);
      const [head, ...rows] = readXlsx((await exportFor(made)).file);
      assert.deepEqual(head, ['Usage ID', 'Description', 'Date', 'Quantity', 'Unit of measure', 'Invoiced']);
      assert.deepEqual(rows.map(([id]) => id), Array.from({ length: 1000 }, (_, at) => `U-${count - at}`));
    }
  });

  it('S3-24 usage.export_max takes fewer', async () => {
    const made = await signedInFamily('cloud', { 'usage.export_max': 2 });
    await makeUsages(made.world, made.accountId, 3);
    assert.deepEqual(readXlsx((await exportFor(made)).file).slice(1).map(([id]) => id), ['U-3', 'U-2']);
  });

  it('S3-22 S3-26 the file is an .xlsx with the chosen columns and the filter, figures as figures, and texts never as formulas', async () => {
    const made = await family();
    const { world, accountId, visitor } = made;
    const invoice = await makeInvoice(world, accountId, { number: 'NW-9' });
    await makeUsage(world, accountId, { number: 'U-1', description: '=HYPERLINK("http://evil.example","x")', product: '+1', reference: '@SUM(A1)', used_on: '2026-11-02', quantity: '12.5', amount_cents: 123456, currency: 'EUR', invoice_id: invoice });
    await makeUsage(world, accountId, { number: 'U-2', description: 'Größe & <b>', product: '-2+3', used_on: '2026-11-01', quantity: '7', amount_cents: 500, currency: 'JPY' });
    await makeUsage(world, accountId, { number: 'U-3', description: 'left out', used_on: '2026-01-01' });
    await visitor.get('/usages');
    await visitor.post('/usages', { columns: ['description', 'used_on', 'quantity', 'invoiced', 'product', 'amount', 'reference', 'invoice'] });
    const { file, answer } = await exportFor(made, '?from=2026-11-01');
    assert.equal(answer.headers['content-type'], 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet');
    assert.match(String(answer.headers['content-disposition']), /^attachment; filename="usage-records-\d{4}-\d\d-\d\d\.xlsx"/);
    const day = String((Date.parse('2026-11-02') - Date.parse('1899-12-30')) / 86_400_000);
    assert.deepEqual(readXlsx(file), [
      ['Description', 'Date', 'Quantity', 'Invoiced', 'Invoice ID', 'Product', 'Amount', 'Reference'],
      ['\'=HYPERLINK("http://evil.example","x")', day, '12.5', 'Yes', 'NW-9', "'+1", '1234.56', "'@SUM(A1)"],
      ['Größe & <b>', String(Number(day) - 1), '7', 'No', '', "'-2+3", '500'],
    ]);
    assert.doesNotMatch(unzip(file).get('xl/worksheets/sheet1.xml') ?? '', /<f>/);
  });

  it('S3-26 the mail goes to the signed-in person’s own address, once, and its link leads through the sign-in to the file', async () => {
    const made = await family('own@example.test');
    const { world, accountId, visitor } = made;
    await makeUsages(world, accountId, 3);
    await visitor.get('/usages/export');
    await visitor.post('/usages/export');
    const letters = await lettersTo(world, 'own@example.test');
    assert.equal(letters.length, 1);
    assert.equal(letters[0]?.type, 'Usage Export');
    assert.match(letters[0]?.text ?? '', /3 usage records of Bestie/);
    assert.deepEqual(await lettersTo(world, maria), []);
    const link = linkIn(letters[0], 'Download the Excel file');
    const stranger = await visit(world.slug);
    const door = (await stranger.get(link)).headers['location'] as string;
    assert.equal(door, `/login?next=${encodeURIComponent(link)}`);
    assert.equal((await (await signedIn(world)).get(link)).status, 200);
  });

  it('S3-26 a second run of the job makes no second file and no second mail', async () => {
    const made = await family();
    await makeUsages(made.world, made.accountId, 3);
    const { link } = await exportFor(made);
    const { outside } = await testPortal();
    const { usagesFeature } = await import('../../server/usages/feature.ts');
    await usagesFeature.jobs?.(outside)['export-usages']?.({ tenantId: made.world.id, exportId: link.split('/').at(-1) ?? '' });
    assert.equal((await lettersTo(made.world, maria)).length, 1);
    assert.equal((await sql(made.world, 'select id from app.files')).length, 1);
  });

  it('S3-26 the link is another login’s 404, of the same account or of another, and of another portal', async () => {
    const made = await family();
    const { world, accountId } = made;
    await makeUsages(world, accountId, 3);
    const { link } = await exportFor(made);
    await makeContact(world, accountId, { email: 'leo@example.test', login_ref: await makeLogin(world, 'leo@example.test'), is_primary: false });
    await makeContact(world, await makeAccount(world), { email: 'eve@example.test', login_ref: await makeLogin(world, 'eve@example.test') });
    for (const login of ['leo@example.test', 'eve@example.test']) {
      const other = await signedIn(world, login);
      assert.equal((await other.get(link)).status, 404, login);
      assert.equal((await other.post(link)).status, 404, login);
    }
    assert.equal((await (await signedInFamily('cloud')).visitor.get(link)).status, 404);
    for (const wrong of ['/usages/exports/1', '/usages/exports/00000000-0000-7000-8000-000000000000']) assert.equal((await made.visitor.get(wrong)).status, 404);
    await sql(world, `update app.contacts set may_sign_in = false where email = 'maria@example.test' and account_id = $1`, [accountId]);
    assert.notEqual((await made.visitor.get(link)).status, 200);
  });

  it('S3-26 the link expires after usage.export_link_ttl_hours, says so, and offers a new one', async () => {
    const made = await signedInFamily('cloud', { 'usage.export_link_ttl_hours': 2 });
    const { world, visitor, accountId } = made;
    await makeUsages(world, accountId, 3);
    const { link } = await exportFor(made, '?least=2');
    const [kept] = await sql<{ hours: number }>(world, 'select extract(epoch from expires_at - ready_at)::int / 3600 as hours from app.exports');
    assert.equal(kept?.hours, 2);
    await expire(world);
    const late = await visitor.get(link);
    assert.equal(late.status, 410);
    assert.match(late.text, /This file is no longer here[\s\S]*Send me a new one/);
    assert.equal((await visitor.post(link)).status, 303);
    const letters = await lettersTo(world, maria);
    assert.equal(letters.length, 2);
    const fresh = await download(visitor, linkIn(letters[1] as Letter, 'Download the Excel file'));
    assert.deepEqual(readXlsx(fresh.body as Buffer).slice(1).map(([id]) => id), ['U-3', 'U-2']);
  });

  it('S3-26 expired files are deleted by a job, and those that still work are not', async () => {
    const made = await family();
    const { world, visitor } = made;
    await makeUsages(world, made.accountId, 3);
    const old = await exportFor(made);
    await expire(world);
    const young = await exportFor(made);
    const { outside } = await testPortal();
    const stored = await sql<{ stored_as: string }>(world, 'select stored_as from app.files order by id');
    const { exportsFeature } = await import('../../server/exports/feature.ts');
    await exportsFeature.jobs?.(outside)['remove-expired-exports-everywhere']?.({});
    await drain(world);
    assert.equal(await outside.files.read(stored[0]!.stored_as), null);
    assert.ok(await outside.files.read(stored[1]!.stored_as));
    assert.equal((await sql(world, 'select id from app.files')).length, 1);
    assert.equal((await visitor.get(old.link)).status, 410);
    assert.equal((await visitor.get(young.link)).status, 200);
  });

  it('until the file is made its link says so, and one that was never made can be asked for again', async () => {
    const { world, accountId, visitor } = await family();
    await makeUsages(world, accountId, 3);
    await visitor.get('/usages/export');
    await visitor.post('/usages/export');
    const [waiting] = await sql<{ id: string }>(world, 'select id from app.exports');
    const link = `/usages/exports/${waiting?.id}`;
    const soon = await visitor.get(link);
    assert.equal(soon.status, 200);
    assert.match(soon.text, /We are making your Excel file/);
    await sql(world, `update app.exports set created_at = now() - interval '25 hours'`);
    assert.equal((await visitor.get(link)).status, 410);
  });

  it('a login asks for twenty exports an hour at the most', async () => {
    const { world, accountId, visitor } = await family();
    await makeUsages(world, accountId, 1);
    await visitor.get('/usages/export');
    const { outside } = await testPortal();
    const [login] = await sql<{ id: string }>(world, 'select id from app.logins');
    // In tests as on a developer's machine every limit is ten times as high.
    for (let at = 0; at < 199; at += 1) await outside.limits.take('usage-exports', `${world.id} ${login?.id}`);
    assert.equal((await visitor.post('/usages/export')).status, 303);
    assert.equal((await visitor.post('/usages/export')).status, 429);
  });

  it('who has no address is told so, and nothing is sent', async () => {
    const { world, accountId, visitor } = await signedInFamily('cloud');
    await sql(world, 'update app.logins set email = null');
    await sql(world, 'update app.contacts set email = null');
    await makeUsages(world, accountId, 1);
    assert.match((await visitor.get('/usages/export')).text, /no email address on file/);
    assert.equal((await visitor.post('/usages/export')).status, 422);
    assert.equal(await drain(world), 0);
  });

  it('the mail and the file speak the reader’s language', async () => {
    const { world, accountId, visitor } = await family();
    await sql(world, `update app.logins set locale = 'es-US'`);
    await makeUsages(world, accountId, 2);
    await visitor.get('/usages/export');
    await visitor.post('/usages/export');
    const letter = await lastLetter(world, maria);
    assert.match(letter.text, /2 registros de consumo de Bestie/);
    const file = (await download(visitor, linkIn(letter, 'Descargar el archivo de Excel'))).body as Buffer;
    assert.equal(readXlsx(file)[0]?.[0], 'ID de consumo');
  });
});
