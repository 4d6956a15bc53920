import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { before, describe, it } from 'mocha';
import { Client } from 'pg';
import { copyDatabase, type TestDatabase } from '../support/database.ts';

const program = path.join(import.meta.dirname, '../../server/tasks/tenant.ts');
let database: TestDatabase;
let folder: string;

/** What the command says and how it ends, as at a terminal, on a database of its own. */
function tenant(...args: string[]): Promise<{ code: number | null; said: string; errors: string }> {
  const env = { ...process.env, DATABASE_URL: database.webUrl, DATABASE_OWNER_URL: database.ownerUrl, DATABASE_WORKER_URL: database.workerUrl, DATA_DIR: folder, PORT: '3000', BASE_DOMAIN: 'localhost' };
  const child = spawn(process.execPath, [program, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  let errors = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  return new Promise((resolve) => {
    child.once('close', (code) => resolve({ code, said, errors }));
  });
}

async function fails(args: readonly string[], sentence: RegExp): Promise<void> {
  const { code, errors } = await tenant(...args);
  assert.equal(code, 1, errors);
  assert.match(errors, sentence);
  assert.doesNotMatch(errors, /\n +at |node:internal/, 'a stack trace');
}

async function ask<Row>(slug: string, text: string): Promise<Row[]> {
  const client = new Client({ connectionString: database.adminUrl });
  await client.connect();
  const { rows } = await client.query(text, [slug]);
  await client.end();
  return rows as Row[];
}

describe('npm run tenant', function () {
  this.timeout(120_000);
  before(async () => {
    database = await copyDatabase(`portico_command_${process.pid}`);
    folder = await mkdtemp(path.join(process.env['TEST_FOLDER'] ?? os.tmpdir(), 'command-'));
  });

  it('creates a working portal and says how to get in, once', async () => {
    const { code, said, errors } = await tenant('create', 'acme', '--pack', 'lawncare', '--owner', 'me@acme.com', '--name', 'Acme Lawn');
    assert.equal(code, 0, errors);
    assert.match(said, /Acme Lawn is at http:\/\/acme\.localhost:3000\n/);
    assert.match(said, /signs in at http:\/\/acme\.localhost:3000\/staff as me@acme\.com with the password \w{5}-\w{5}-\w{5}\n/);
    const owners = await ask('acme', `select u.role, u.password_hash like '$argon2id$%' as hashed, t.name, t.is_demo from app.staff_users u join app.tenants t on t.id = u.tenant_id where t.slug = $1`);
    assert.deepEqual(owners, [{ role: 'owner', hashed: true, name: 'Acme Lawn', is_demo: false }]);
    assert.match((await tenant('list')).said, /^Name +Organization +State[^]*\nacme +Acme Lawn +active +\d{4}-\d\d-\d\d +http:\/\/acme\.localhost:3000\n$/);
  });

  it('gives a Stripe account to one organization for good', async () => {
    await tenant('create', 'acct-one', '--pack', 'lawncare', '--owner', 'me@acme.com');
    await tenant('create', 'acct-two', '--pack', 'lawncare', '--owner', 'me@acme.com');
    for (let time = 0; time < 2; time += 1) assert.match((await tenant('stripe-account', 'acct-one', 'acct_1')).said, /acct_1 belongs to acct-one/);
    await fails(['stripe-account', 'acct-two', 'acct_1'], /acct_1 belongs to "acct-one" already/);
    await fails(['stripe-account', 'nobody', 'acct_2'], /no portal "nobody"/);
    await fails(['stripe-account', 'acct-two', '4242'], /not an account of Stripe/);
  });

  it('suspends and reactivates', async () => {
    assert.match((await tenant('suspend', 'acme')).said, /^acme is suspended/);
    assert.deepEqual(await ask('acme', 'select status from app.tenants where slug = $1'), [{ status: 'suspended' }]);
    assert.match((await tenant('reactivate', 'acme')).said, /^acme is active/);
    assert.match((await tenant('reactivate', 'acme')).said, /^acme was active already/);
  });

  it('loads a folder of files in the right order, and again without a change', async () => {
    const sample = path.join(import.meta.dirname, '../../tenants/lawncare/sample');
    const first = await tenant('import', 'acme', sample);
    assert.equal(first.code, 0, first.errors);
    assert.match(first.said, /^accounts\.csv: 79 rows in \d+\.\d s: 79 added, 0 changed, 0 as before\ncontacts\.csv[^]*\ninvoices\.csv[^]*\ninvoice_lines\.csv[^]*\npayments\.csv[^]*\ncredits\.csv: [^\n]*\nvisits\.csv: [^\n]*\n$/);
    assert.match((await tenant('import', 'acme', sample)).said, /payments\.csv: 1,215 rows in \d+\.\d s: 0 added, 0 changed, 1,215 as before/);
  });

  it('tells errors by file, line and column, keeps nothing of that file and reads none after it', async () => {
    await writeFile(path.join(folder, 'accounts.csv'), 'external_id,name\nN-1,North\n');
    await writeFile(path.join(folder, 'invoices.csv'), 'external_id,account,issued_on,due_on,total\nn-1,N-1,2026-10-01,soon,5.00\nn-2,N-1,2026-10-01,,5.00\n');
    await writeFile(path.join(folder, 'payments.csv'), 'external_id,account,paid_on,method,amount\nn-1,N-1,2026-10-02,cash,5.00\n');
    await writeFile(path.join(folder, 'houses.csv'), 'x\n');
    const { code, said, errors } = await tenant('import', 'acme', folder);
    assert.equal(code, 1);
    assert.match(said, /Not read, because they have another name: houses\.csv\.\naccounts\.csv: 1 rows/);
    assert.equal(errors, 'invoices.csv:2 column due_on: "soon" is not a day. Write it like 2026-11-09\ninvoices.csv was not imported (1 error), and no file after it was read.\n');
    const kept = await ask<{ found: string }>('acme', `select count(*) as found from app.invoices i join app.tenants t on t.id = i.tenant_id where t.slug = $1 and i.external_id like 'n-%'`);
    assert.equal(Number(kept[0]?.found), 0);
  });

  it('answers wrong input with a sentence', async () => {
    await fails(['creat'], /^There is no command "creat"\.\nUsage:/);
    await fails(['create', 'acme'], /^"create" needs --pack and --owner\./);
    await fails(['create', 'acme', '--pack', 'lawncare', '--owner', 'me@acme.com'], /^There is a portal "acme" already\.\n$/);
    await fails(['create', 'www', '--pack', 'lawncare', '--owner', 'me@acme.com'], /^"www" is kept for other uses/);
    await fails(['create', 'b', '--pack', '../studio', '--owner', 'me@acme.com'], /^There is no pack "\.\.\/studio"\. The packs are billing, cloud/);
    await fails(['import', 'nobody', folder], /^There is no portal "nobody"/);
    await fails(['import', 'acme', path.join(folder, 'none')], /^There is no folder/);
    await fails(['list', '--all'], /^Unknown option '--all'\.\nUsage:/);
  });
});
