import assert from 'node:assert/strict';
import { before, describe, it } from 'mocha';
import { stretch } from '../../server/platform/bounded-search.ts';
import { searchLog, type LogFilter } from '../../server/staff-log/search-log.ts';
import { drain } from '../support/drain.ts';
import { testPortal } from '../support/portal.ts';
import { staffVisitor } from '../support/staff-visit.ts';
import { Client } from 'pg';
import type { Visitor } from '../support/visitor.ts';
import { makeAccount, makeWorld, type World } from '../support/world.ts';
import { planned } from '../transactions/plans.ts';
import { allPages, linesOf, report } from './reading.ts';

/** The whole form of this proof has a million lines: LOG_LINES=1000000. */
const lines = Number(process.env['LOG_LINES'] ?? 60_000);

async function fill(world: World, accountId: string): Promise<void> {
  const client = new Client({ connectionString: (await testPortal()).database.adminUrl });
  await client.connect();
  await client.query('select app.enter($1, null, $2, false)', [world.id, 'system']);
  await client.query(
    `insert into app.portal_log (tenant_id, at, kind, message, account_id, account_name, login_id)
     select $1, now() - make_interval(secs => n), (array['sign-in', 'sign-in-refused', 'payment', 'billing'])[1 + n % 4], case when n = $3 then 'Needle' else 'Line ' || n end,
            case when n % 1000 = 0 then $2::uuid end, 'Family ' || n % 1000, 'user' || n % 1000 || '@email.com' from generate_series(1, $3::int) n`,
    [world.id, accountId, lines],
  );
  await client.query('analyze app.portal_log');
  await client.end();
}

describe('a long portal log', function () {
  this.timeout(300_000);
  let world: World;
  let staff: Visitor;
  before(async () => {
    world = await makeWorld('studio');
    await fill(world, await makeAccount(world, { number: 'F-1', name: 'Family 0' }));
    staff = await staffVisitor(world, 'front_desk');
  });

  const rowsFor = (filter: LogFilter, after?: readonly [string, string]) =>
    planned({ world, accountId: '' }, () => searchLog({ filter, ...(after ? { after } : {}) }, 'America/New_York', 50)).then(({ portal_log: rows = 0 }) => rows);

  it('S1-37 S1-38 costs a page of lines and no more where an index finds them, on the first page as in the depth', async () => {
    const deep = [String((Date.now() - lines * 900) * 1000), '01a200e4-51e6-7f9f-9b01-943a145bff3e'] as const;
    assert.ok((await rowsFor({})) <= 60);
    assert.ok((await rowsFor({}, deep)) <= 60);
    assert.ok((await rowsFor({ from: '2020-01-01', to: '2030-01-01' })) <= 60);
    assert.ok((await rowsFor({ kind: 'sign-in-refused' })) <= 60);
    assert.ok((await rowsFor({ login: 'USER7@email.com' })) <= 60);
    assert.ok((await rowsFor({ account: 'family 7' })) <= 60);
  });

  it('S1-39 a search by words looks through a bounded stretch, whatever else is asked for, and offers to search further back', async () => {
    assert.ok((await rowsFor({ q: 'needle' })) <= stretch + 1);
    assert.ok((await rowsFor({ kind: 'sign-in', q: 'needle' })) <= stretch + 1);
    assert.ok((await rowsFor({ q: 'line' })) <= 60, 'what is found soon costs little');
    const first = await staff.get(`${report}?q=needle`);
    assert.equal(linesOf(first.text).length, 0);
    assert.match(first.text, /Looked back to [^<]+\.<[^]*Search further back/);
    if (lines <= 60_000) assert.deepEqual((await allPages(staff, `${report}?q=needle`)).map(({ message }) => message), ['Needle']);
  });

  it('S1-37 is exported: a short one at once with its seven columns, a long one in the background with progress', async () => {
    const short = await staff.get(`${report}.csv?account=F-1&q=line`);
    assert.match(String(short.headers['content-disposition']), /attachment; filename="portal-log-/);
    const [head, ...rows] = short.text.trimEnd().split('\r\n');
    assert.equal(head, '\ufeffDate/Time (Local),Family/Acct,Contact,Portal User ID,Contact Email,Message,Staff');
    if (lines > 60_000) return;
    assert.equal(rows.length, 59);
    const path = `${report}.csv?kind=payment&q=line`;
    assert.match((await staff.get(path)).text, /in the background/);
    const place = (await staff.post(path)).headers['location'] ?? '';
    assert.match((await staff.get(place)).text, /<progress/);
    await drain(world);
    assert.match((await staff.get(place)).text, /is ready/);
    const file = await staff.get(`${place}/file`);
    assert.equal(file.text.trimEnd().split('\r\n').length, 15_001);
    const other = await staffVisitor(world, 'manager');
    assert.equal((await other.get(place)).status, 404);
  });
});
