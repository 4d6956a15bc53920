import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { sql, type World } from '../support/world.ts';
import { countsOf, errorsOf, load, worldWithInvoices } from './files.ts';

const head = 'external_id,account,title,status,day,starts,ends,resource,price,invoice,series,repeats';
const rows = [
  'v-1,A,Boiler service,done,2026-09-30,09:00,11:30,Jo Ann,189.00,a-1,,',
  'v-2,B,Filter change,scheduled,2026-12-01,13:00,14:00,Sal,59.00,,s-1,2 weeks',
  'v-3,B,Filter change,scheduled,2026-12-15,13:00,14:00,Sal,59.00,,s-1,2 weeks',
  'v-4,A,Duct cleaning,,,,,,,,,',
];
const stored = (world: World) => sql(world, `select v.external_id as id, v.status, to_char(v.starts_at at time zone 'America/New_York', 'YYYY-MM-DD HH24:MI') as starts, v.minutes, r.name as resource, v.price_cents as cents, i.external_id as invoice, s.every || ' ' || s.unit as repeats
  from app.visits v left join app.resources r on r.id = v.resource_id left join app.invoices i on i.id = v.invoice_id left join app.visit_series s on s.id = v.series_id order by v.external_id`);

describe('an import of visits', () => {
  it('S4-35 S4-36 brings what is done, planned and waiting, with who comes and what comes again; a repeat changes nothing', async () => {
    const world = await worldWithInvoices();
    assert.equal(countsOf(await load(world, 'visits', [head, ...rows])), 'done: 4 created, 0 updated, 0 unchanged');
    const planned = { status: 'scheduled', minutes: 60, resource: 'Sal', cents: 5900, invoice: null, repeats: '2 week' };
    assert.deepEqual(await stored(world), [
      { id: 'v-1', status: 'done', starts: '2026-09-30 09:00', minutes: 150, resource: 'Jo Ann', cents: 18900, invoice: 'a-1', repeats: null },
      { ...planned, id: 'v-2', starts: '2026-12-01 13:00' }, { ...planned, id: 'v-3', starts: '2026-12-15 13:00' },
      { id: 'v-4', status: 'waiting', starts: null, minutes: 60, resource: null, cents: null, invoice: null, repeats: null },
    ]);
    assert.deepEqual(await sql(world, 'select count(*)::int as series from app.visit_series'), [{ series: 1 }]);
    assert.equal(countsOf(await load(world, 'visits', [head, ...rows])), 'done: 0 created, 0 updated, 4 unchanged');
  });

  it('moves what the file says otherwise, and leaves alone what staff have changed in the portal', async () => {
    const world = await worldWithInvoices();
    await load(world, 'visits', [head, ...rows]);
    await sql(world, `update app.visits set changed_at = now() where external_id = 'v-2'`);
    const moved = [2, 3].map((n) => `v-${n},B,Filter change,scheduled,2027-01-0${n},08:00,09:00,Jo Ann,59.00,,s-1,2 weeks`);
    assert.equal(countsOf(await load(world, 'visits', [head, ...moved])), 'done: 0 created, 1 updated, 1 unchanged');
    assert.deepEqual((await stored(world)).map(({ starts }) => starts).slice(1, 3), ['2026-12-01 13:00', '2027-01-03 08:00']);
  });

  const refused: readonly (readonly [why: string, row: string, error: string])[] = [
    ['an account that is not there', 'v-9,X,Leak,,,,,,,,,', 'account: No account'],
    ['an invoice of another account', 'v-9,A,Leak,,,,,,,b-1,,', 'invoice: Invoice b-1 is another account’s.'],
    ['another account than before', 'v-1,B,Boiler service,,,,,,,,,', 'account: v-1 is a visit of another account.'],
    ['a series of another account', 'v-9,A,Leak,,,,,,,,s-1,2 weeks', 'series: The series s-1 is another account’s.'],
    ['a series that never repeats', 'v-9,A,Leak,,,,,,,,s-9,', 'repeats: This cell may not be empty.'],
    ['a time that there is not', 'v-9,A,Leak,done,2026-09-30,24:00,25:00,,,,,', 'starts: Write a time like 08:30'],
    ['what is scheduled without a time', 'v-9,A,Leak,scheduled,2026-09-30,,,,,,,', 'starts: This cell may not be empty.'],
    ['what waits and has a day', 'v-9,A,Leak,waiting,2026-09-30,,,,,,,', 'day: What waits has no day'],
    ['an end before the beginning', 'v-9,A,Leak,done,2026-09-30,11:00,09:00,,,,,', 'ends: This ends before it begins'],
    ['a beginning that the changed clock moves behind the end', 'v-9,A,Leak,done,2026-03-08,02:30,03:00,,,,,', 'ends: This ends before it begins'],
  ];
  for (const [why, row, error] of refused) {
    it(`refuses ${why}`, async () => {
      const world = await worldWithInvoices();
      await load(world, 'visits', [head, ...rows]);
      const errors = errorsOf(await load(world, 'visits', [head, row]));
      assert.ok(errors.some((found) => found.startsWith(`2 ${error}`)), errors.join('\n'));
      assert.equal((await stored(world)).length, 4);
    });
  }
});
