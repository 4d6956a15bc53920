import assert from 'node:assert/strict';
import { before, describe, it } from 'mocha';
import type { Response } from 'supertest';
import { fileJob } from '../../server/exports/make-file.ts';
import { makeHistoryCsv } from '../../server/history-files/history-exports.ts';
import { staffOf } from '../refunds/refunding.ts';
import { drain } from '../support/drain.ts';
import { testPortal } from '../support/portal.ts';
import { readPdf, wordsOf } from '../support/read-pdf.ts';
import { visit, type Visitor } from '../support/visitor.ts';
import { makeAccount, makeContact, makeLogin, password, signedInFamily, sql, type Family, type World } from '../support/world.ts';
import { makeLongHistory } from '../transactions/long-history.ts';

/** The bytes of a file, whatever its type. */
const bytesOf = (visitor: Visitor, path: string): Promise<Response> => visitor.send('get', path).buffer(true).parse((res, done) => {
  const chunks: Buffer[] = [];
  res.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => done(null, Buffer.concat(chunks)));
});

/** From the offer over the press to the export's own page. */
async function ask(visitor: Visitor, path: string): Promise<string> {
  assert.match((await visitor.get(path)).text, /in the background[^]*Make the file/, path);
  const answer = await visitor.post(path);
  assert.equal(answer.status, 303, path);
  return answer.headers['location'] ?? '';
}

const linesOf = (answer: Response) => String(answer.body as Buffer).trimEnd().split('\r\n');
const waiting = (world: World) => sql<{ id: string; done: number; total: number }>(world, 'select id, rows_done as done, rows_total as total from app.exports order by id');

describe('long files', function () {
  this.timeout(60_000);
  let family: Family;
  let staff: Visitor;
  before(async () => {
    family = await signedInFamily('lawncare');
    const { world, accountId } = family;
    await makeLongHistory(family, 2600);
    await sql(world, `insert into app.invoices (account_id, number, issued_on, currency, total_cents) select $1, 'D-' || n, '2025-01-01', 'USD', 100 from generate_series(1, 2500) n`, [accountId]);
    await sql(world, `insert into app.payments (account_id, number, state, amount_cents, currency, paid_on) select $1, 'DP-' || n, 'declined', 100, 'USD', '2025-01-01' from generate_series(1, 2500) n`, [accountId]);
    staff = await staffOf(family.world);
  });

  it('S0-5 a history of more than 5,000 lines is made in the background, and downloaded by whoever asked, signed in', async () => {
    const { world, visitor } = family;
    await visitor.get('/billing/transactions');
    const place = await ask(visitor, '/billing/transactions.csv');
    assert.match((await visitor.get(place)).text, /<progress aria-label="Making the file"/);
    assert.equal((await visitor.get(`${place}/file`)).headers['location'], place);
    assert.equal((await visitor.post('/billing/transactions.csv')).headers['location'], place);
    await sql(world, `update app.exports set rows_done = 3000, rows_total = 5180`);
    assert.match((await visitor.get(place)).text, /<progress value="3000" max="5180"/);

    await drain(world);
    assert.match((await visitor.get(place)).text, new RegExp(`is ready\\. Until [^<]*<[^]*href="${place}/file"`));
    const answer = await bytesOf(visitor, `${place}/file`);
    assert.match(String(answer.headers['content-disposition']), /^attachment; filename="[\w-]+\.csv"/);
    const [head = '', ...lines] = linesOf(answer);
    assert.equal(lines.length, 5180);
    assert.match(head, /^\ufeffDate,/);
    assert.match(lines[0] ?? '', /L-2600.*,200\.00,USD$/);
    assert.match(lines.at(-1) ?? '', /L-1,.*,10\.00,USD$/);
    assert.equal(new Set(lines).size, 5180);
    assert.deepEqual((await waiting(world)).map(({ done, total }) => [done, total]), [[5180, 5180]]);
  });

  it('lists of more than 5,000 invoices and payments are made for staff', async () => {
    for (const [path, count, part] of [['/staff/invoices.csv', 5100, 'L-77,'], ['/staff/payments/export.csv', 5080, 'LP-77,']] as const) {
      await staff.get('/staff/invoices');
      const place = await ask(staff, path);
      assert.match(place, /^\/staff\/exports\//);
      await drain(family.world);
      const [, ...lines] = linesOf(await bytesOf(staff, `${place}/file`));
      assert.equal(lines.length, count, path);
      assert.ok(lines.some((line) => line.startsWith(part)), part);
    }
    const filtered = linesOf(await bytesOf(staff, '/staff/invoices.csv?q=L-77'));
    assert.ok(filtered.length > 1 && filtered.length < 200);
  });

  it('S2-1 a history and a statement of more than 500 lines are drawn in the background; of more than 4,000 a shorter time is asked for', async () => {
    const { world, visitor } = family;
    await visitor.get('/billing/transactions');
    assert.match((await visitor.get('/billing/transactions.pdf')).text, /id="from-error"[^]*4,000 lines/);
    for (const path of ['/billing/transactions.pdf?from=2026-09-25', '/billing/statement.pdf?from=2026-09-25&to=2026-11-01']) {
      const place = await ask(visitor, path);
      await drain(world);
      const pdf = await bytesOf(visitor, `${place}/file`);
      assert.equal(pdf.headers['content-type'], 'application/pdf', path);
      const words = wordsOf(readPdf(pdf.body as Buffer).pages);
      for (const part of ['L-2600', 'LP-2400']) assert.ok(words.includes(part), `${path} ${part}`);
    }
  });

  it('somebody else’s file is a 404: another login of the account, another account, staff without the area, and the other side', async () => {
    const { world, accountId } = family;
    const [mine] = await sql<{ id: string }>(world, `select id from app.exports where noun = 'history-csv' limit 1`);
    const [ours] = await sql<{ id: string }>(world, `select id from app.exports where noun = 'invoices-csv' limit 1`);
    const joined = await makeLogin(world, 'other@example.test');
    await makeContact(world, accountId, { login_ref: joined, email: 'other@example.test' });
    await makeContact(world, await makeAccount(world, { name: 'Neighbour' }), { login_ref: joined, email: 'other@example.test' });
    const other = await (await visit(world.slug)).signIn('other@example.test', password);
    const manager = await staffOf(world, 'manager');
    for (const end of ['', '/file']) {
      assert.equal((await other.get(`/exports/${mine?.id}${end}`)).status, 404);
      assert.equal((await other.get(`/exports/${ours?.id}${end}`)).status, 404);
      assert.equal((await manager.get(`/staff/exports/${ours?.id}${end}`)).status, 404);
      assert.equal((await staff.get(`/staff/exports/${mine?.id}${end}`)).status, 404);
      assert.equal((await (await visit(world.slug)).get(`/exports/${mine?.id}${end}`)).status, 303);
    }
    await sql(world, `update app.staff_users set permissions = '{"invoices": false}' where role = 'manager'`);
    assert.equal((await manager.get(`/staff/exports/${ours?.id}`)).status, 404);
  });

  it('a second run of the job makes no second file; when its time is over the file is deleted, and the page says so', async () => {
    const { world, visitor } = family;
    const { outside } = await testPortal();
    const [mine] = await sql<{ id: string; file: string }>(world, `select e.id, f.stored_as as file from app.exports e join app.files f on f.id = e.file_id where noun = 'history-csv' limit 1`);
    await fileJob(outside, makeHistoryCsv)({ tenantId: world.id, exportId: mine?.id ?? '' });
    assert.equal((await sql(world, `select 1 from app.files where stored_as = $1`, [mine?.file])).length, 1);
    await sql(world, `update app.exports set expires_at = now() - interval '1 second'`);
    const gone = await visitor.get(`/exports/${mine?.id}`);
    assert.deepEqual([gone.status, /This file was kept for a limited time/.test(gone.text)], [410, true]);
    assert.equal((await visitor.get(`/exports/${mine?.id}/file`)).status, 303);
    const { exportsFeature } = await import('../../server/exports/feature.ts');
    await exportsFeature.jobs?.(outside)['remove-expired-exports']?.({ tenantId: world.id });
    assert.equal(await outside.files.read(mine?.file ?? ''), null);
  });
});
