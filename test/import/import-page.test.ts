import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import os from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, it } from 'mocha';
import { folderOfRun } from '../../server/import/runs/run-import.ts';
import { makeStaff, makeWorld, password, sql, type World } from '../support/world.ts';
import { visit, type Visitor } from '../support/visitor.ts';

const accounts = 'external_id,name\nA,Ash\nB,Birch\n';

async function staffIn(role: 'owner' | 'manager' | 'front_desk' = 'owner'): Promise<{ world: World; visitor: Visitor }> {
  const world = await makeWorld('studio');
  await makeStaff(world, role);
  const visitor = await visit(world.slug);
  await visitor.signIn(`${role}@example.test`, password, '/staff/login');
  return { world, visitor };
}

/** Uploads a file and waits until its page says what became of it. */
async function upload(visitor: Visitor, noun: string, content: string): Promise<{ path: string; text: string }> {
  await visitor.get('/staff/import');
  const answer = await visitor.upload('/staff/import', 'file', `${noun}.csv`, content, { noun });
  assert.equal(answer.status, 303, answer.text);
  const path = answer.headers['location'] as string;
  for (;;) {
    const { text } = await visitor.get(path);
    if (!/hx-trigger/.test(text)) return { path, text };
    await delay(50);
  }
}

const uploads = () => readdirSync(os.tmpdir()).filter((name) => name.startsWith('upload-')).length;

describe('the import page', () => {
  it('loads a file in the background and says what became of it', async () => {
    const { world, visitor } = await staffIn();
    assert.match((await visitor.get('/staff/import')).text, /Nothing has been imported yet/);
    const before = uploads();
    const { path, text } = await upload(visitor, 'accounts', accounts);
    assert.match(text, /Imported/);
    assert.match(text, /Added<\/dt><dd>2</);
    assert.deepEqual(await sql(world, 'select name from app.accounts order by name'), [{ name: 'Ash' }, { name: 'Birch' }]);
    assert.match((await visitor.get('/staff/import')).text, /accounts\.csv[^]*The owner[^]*Imported/);
    assert.ok(uploads() <= before && !existsSync(folderOfRun(path.split('/').at(-1) ?? '')), 'the uploaded file has gone');
  });

  it('lists the errors by line and column, in the reader’s language and as CSV', async () => {
    const { visitor } = await staffIn();
    const { path, text } = await upload(visitor, 'accounts', 'external_id,name,stage\nA,=1+1,gone\n,Birch,lead\n');
    assert.match(text, /2 errors, so nothing of this file was imported/);
    assert.match(text, />2<[^]*<code>stage<\/code>[^]*&#34;gone&#34; is none of lead, active, suspended, closed\./);
    const csv = await visitor.get(`${path}/errors.csv`);
    assert.equal(csv.headers['content-disposition']?.includes('accounts-errors.csv'), true);
    assert.match(csv.text, /accounts\.csv,3,external_id,This cell may not be empty\./);
  });

  it('shows a run that is under way with its progress, and starts no second one', async () => {
    const { world, visitor } = await staffIn();
    const [run] = await sql<{ id: string }>(world, `insert into app.import_runs (noun, file_name, status, rows_seen, bytes_seen, bytes_total) values ('invoices', 'big.csv', 'checking', 1200, 40000, 90000) returning id`);
    const page = await visitor.get(`/staff/import/${run?.id}`);
    assert.match(page.text, /1,200 rows so far/);
    assert.match(page.text, /<progress value="40" max="90"/);
    assert.match(page.text, /<noscript><meta http-equiv="refresh"/);
    await visitor.get('/staff/import');
    const second = await visitor.upload('/staff/import', 'file', 'a.csv', accounts, { noun: 'accounts' });
    assert.equal(second.status, 422);
    assert.match(second.text, /Another import is under way/);
  });

  it('marks a run whose process has gone as stopped', async () => {
    const { world, visitor } = await staffIn();
    const [run] = await sql<{ id: string }>(world, `insert into app.import_runs (noun, file_name, status, beat_at) values ('invoices', 'big.csv', 'checking', now() - interval '1 minute') returning id`);
    assert.match((await visitor.get(`/staff/import/${run?.id}`)).text, /interrupted by a restart, and nothing of this file was imported/);
    assert.deepEqual(await sql(world, 'select status, ended_at is not null as ended from app.import_runs'), [{ status: 'failed', ended: true }]);
    assert.match((await upload(visitor, 'accounts', accounts)).text, /Imported/);
  });

  it('pages through earlier runs, newest first', async () => {
    const { world, visitor } = await staffIn();
    await sql(world, `insert into app.import_runs (noun, file_name, status, created_at, ended_at) select 'accounts', 'file-' || n || '.csv', 'done', now() - n * interval '1 hour', now() from generate_series(1, 30) n`);
    const first = await visitor.get('/staff/import');
    assert.match(first.text, /file-25\.csv/);
    assert.doesNotMatch(first.text, /file-26\.csv/);
    const next = /rel="next" href="([^"]+)"/.exec(first.text)?.[1] ?? '';
    assert.match((await visitor.get(next)).text, /file-26\.csv[^]*file-30\.csv/);
  });

  it('asks for a file and for what is in it', async () => {
    const { visitor } = await staffIn();
    await visitor.get('/staff/import');
    const nothing = await visitor.upload('/staff/import', 'other', 'a.csv', '', { noun: 'houses' });
    assert.ok([400, 422].includes(nothing.status));
    const noFile = await visitor.post('/staff/import', { noun: 'accounts' });
    assert.equal(noFile.status, 422);
    assert.match(noFile.text, /Choose a CSV file/);
  });

  it('refuses a file that is too large, and keeps nothing of it', async () => {
    const { world, visitor } = await staffIn();
    await visitor.get('/staff/import');
    const before = uploads();
    const answer = await visitor.upload('/staff/import', 'file', 'big.csv', Buffer.alloc(50_000_001, 'a'), { noun: 'accounts' });
    assert.equal(answer.status, 413);
    await delay(100);
    assert.ok(uploads() <= before);
    assert.deepEqual(await sql(world, 'select 1 from app.import_runs'), []);
  });

  it('lets the owner and managers in, and not the front desk', async () => {
    const { visitor } = await staffIn('front_desk');
    assert.equal((await visitor.get('/staff/import')).status, 403);
    await visitor.get('/staff');
    const before = uploads();
    assert.equal((await visitor.upload('/staff/import', 'file', 'accounts.csv', accounts, { noun: 'accounts' })).status, 403);
    await delay(100);
    assert.ok(uploads() <= before);
    assert.equal((await (await staffIn('manager')).visitor.get('/staff/import')).status, 200);
  });

  it('takes no upload without the form’s token, and none from another site', async () => {
    const { world, visitor } = await staffIn();
    const attach = () => visitor.send('post', '/staff/import').field({ noun: 'accounts' }).attach('file', Buffer.from(accounts), 'accounts.csv');
    assert.equal((await attach()).status, 403);
    assert.equal((await attach().set('Sec-Fetch-Site', 'cross-site')).status, 403);
    assert.deepEqual(await sql(world, 'select 1 from app.import_runs'), []);
  });

  it('shows nobody another organization’s run', async () => {
    const [one, other] = [await staffIn(), await staffIn()];
    const { path } = await upload(one.visitor, 'accounts', accounts);
    assert.equal((await other.visitor.get(path)).status, 404);
    assert.equal((await other.visitor.get(`${path}/errors.csv`)).status, 404);
    assert.equal((await other.visitor.get('/staff/import/nonsense')).status, 404);
  });
});
