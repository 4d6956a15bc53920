import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { before, describe, it } from 'mocha';
import { Client } from 'pg';
import { copyDatabase, type TestDatabase } from '../support/database.ts';

const program = path.join(import.meta.dirname, 'make-demo.ts');
let database: TestDatabase;

/** Makes the demo portals; killed without a warning as soon as it has said that. Returns what it said. */
async function makeDemo(killAt?: RegExp): Promise<string> {
  const child = spawn(process.execPath, [program, database.webUrl], { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
    if (killAt?.test(said)) child.kill('SIGKILL');
  });
  const [code] = (await once(child, 'close')) as [number | null];
  assert.equal(code, killAt ? null : 0, said);
  return said;
}

async function ask(text: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: database.adminUrl });
  await client.connect();
  const { rows } = await client.query<Record<string, unknown>>(text);
  await client.end();
  return rows;
}

const sizes = `select t.slug, t.is_complete, (select count(*) from app.invoices i where i.tenant_id = t.id)::int as invoices, (select count(*) from app.payments p where p.tenant_id = t.id)::int as payments,
  (select count(*) from app.credits c where c.tenant_id = t.id)::int as credits from app.tenants t order by t.slug`;

describe('the demo portals', function () {
  this.timeout(120_000);
  before(async () => {
    database = await copyDatabase(`portico_demo_${process.pid}`);
  });

  it('are all five made, also when the first start is killed half-way', async () => {
    await makeDemo(/billing: [\d,]+ rows\n/);
    const half = await ask('select is_complete, count(*)::int as found from app.tenants group by 1 order by 1');
    assert.deepEqual(half, [{ is_complete: false, found: 4 }, { is_complete: true, found: 1 }]);
    const said = await makeDemo();
    assert.doesNotMatch(said, /billing:/);
    const made = await ask(sizes);
    assert.deepEqual(made.map(({ slug, is_complete: isComplete }) => [slug, isComplete]), ['billing', 'cloud', 'fieldservice', 'lawncare', 'studio'].map((slug) => [slug, true]));
    assert.deepEqual(made.find(({ slug }) => slug === 'studio'), { slug: 'studio', is_complete: true, invoices: 1713, payments: 1557, credits: 19 });
  });

  it('are left alone from then on', async () => {
    assert.equal(await makeDemo(), '');
    await ask(`update app.tenants set status = 'suspended' where slug = 'cloud'`);
    assert.equal(await makeDemo(), '');
  });

  it('let the demo people in: signed in, locked, with saved cards of the sandbox, and staff', async () => {
    const people = await ask(`select t.slug, (select count(*) from app.logins l where l.tenant_id = t.id and l.login_id = 'mbestie@example.com' and l.password_hash is not null and l.locked_at is null)::int as open,
      (select count(*) > 0 from app.logins l where l.tenant_id = t.id and l.locked_at is not null) as locked, (select count(*) > 3 from app.payment_methods m where m.tenant_id = t.id and m.token ~ '^test_[a-z_]+:') as methods,
      (select string_agg(role, ' ' order by role) from app.staff_users s where s.tenant_id = t.id) as staff from app.tenants t order by 1`);
    for (const { slug, ...found } of people) assert.deepEqual(found, { open: 1, locked: true, methods: true, staff: 'front_desk owner' }, String(slug));
  });

  it('keep a double entry that sums to zero', async () => {
    assert.deepEqual(await ask('select tenant_id from app.ledger_entries group by tenant_id having sum(amount_cents) <> 0'), []);
  });
});
