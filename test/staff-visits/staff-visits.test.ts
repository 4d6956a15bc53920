import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import sharp from 'sharp';
import { asStaff } from '../dispatch/as-staff.ts';
import { signedInFamily, sql } from '../support/world.ts';
import { inDays, makeVisit } from '../visits/making.ts';

describe('visits as staff keep them', () => {
  it('S4-36 a new visit waits without a day; its customer sees it, but not what is noted for staff', async () => {
    const { world, accountId, visitor } = await signedInFamily('fieldservice');
    const [account] = await sql<{ number: string }>(world, 'select number from app.accounts where id = $1', [accountId]);
    const staff = await asStaff(world);
    await staff.get('/staff/visits/new');
    assert.equal((await staff.post('/staff/visits', { account: 'A-NONE', title: 'Leak' })).status, 422);
    const refused = await staff.post('/staff/visits', { account: account?.number, title: '', price: 'x', notes: 'Kept' });
    assert.equal(refused.status, 422);
    assert.match(refused.text, /Kept/);
    const made = await staff.post('/staff/visits', { account: account?.number, title: 'Leak search', notes: 'We call first.', internalNotes: 'Pays late', price: '89.50' });
    assert.equal(made.headers['location'], '/staff/visits/V-1001');
    const seen = (await visitor.get('/services/V-1001')).text;
    assert.match(seen, /Not scheduled yet.*We call first\..*\$89\.50/s);
    assert.doesNotMatch(seen, /Pays late/);
  });

  it('S2-22 a series is written down at once, each at the same time of the day', async () => {
    const { world, accountId } = await signedInFamily('lawncare');
    const [account] = await sql<{ number: string }>(world, 'select number from app.accounts where id = $1', [accountId]);
    const staff = await asStaff(world);
    await staff.get('/staff/visits/new');
    const series = { account: account?.number, title: 'Mowing', unit: 'week', every: '2', times: '3', starts: '09:00', minutes: '45' };
    assert.equal((await staff.post('/staff/visits', series)).status, 422);
    await staff.post('/staff/visits', { ...series, day: '2027-03-05' });
    assert.deepEqual(
      (await sql<{ at: string }>(world, `select to_char(starts_at at time zone 'America/Chicago', 'YYYY-MM-DD HH24:MI') as at from app.visits order by starts_at`)).map(({ at }) => at),
      ['2027-03-05 09:00', '2027-03-19 09:00', '2027-04-02 09:00'],
    );
    assert.deepEqual(await sql(world, 'select every, unit from app.visit_series'), [{ every: 2, unit: 'week' }]);
  });

  it('S4-35 photos are drawn anew and seen by the customer once the visit is done, not before', async () => {
    const { world, accountId, visitor } = await signedInFamily('fieldservice');
    const { number } = await makeVisit(world, accountId, { starts_at: inDays(0, 1) });
    const staff = await asStaff(world);
    await staff.get(`/staff/visits/${number}`);
    const picture = await sharp({ create: { width: 40, height: 30, channels: 3, background: '#a33' } }).withMetadata({ exif: { IFD0: { Copyright: 'secret place' } } }).jpeg().toBuffer();
    for (const [name, content] of [['a.jpg', ''], ['a.jpg', '<svg onload="x"/>'], ['a.jpg', picture.subarray(0, 200)]] as const) assert.equal((await staff.upload(`/staff/visits/${number}/photos`, 'file', name, content as string)).status, 422);
    assert.equal((await staff.upload(`/staff/visits/${number}/photos`, 'file', 'after.jpg', picture, { caption: 'The new valve' })).status, 303);
    const [photo] = await sql<{ id: string }>(world, 'select id from app.visit_photos');
    const address = `/services/${number}/photos/${photo?.id}`;
    assert.equal((await visitor.get(address)).status, 404);
    await staff.post(`/staff/visits/${number}/completion`);
    assert.match((await visitor.get(`/services/${number}`)).text, /The new valve/);
    const file = await visitor.get(address);
    assert.equal(file.headers['content-type'], 'image/jpeg');
    assert.ok(!(file.body as Buffer).includes('secret place'));
    await staff.post(`/staff/visits/${number}/photos/${photo?.id}/removal`);
    assert.equal((await visitor.get(address)).status, 404);
  });

  it('S4-35 done and cancelled at once is one of them; what is over stays', async () => {
    const { world, accountId } = await signedInFamily('fieldservice');
    const { number } = await makeVisit(world, accountId, { starts_at: inDays(1) });
    const staff = await asStaff(world);
    await staff.get(`/staff/visits/${number}`);
    await Promise.all(['completion', 'cancellation', 'completion', 'cancellation'].map((how) => staff.post(`/staff/visits/${number}/${how}`)));
    assert.deepEqual(await sql(world, `select version, status in ('done', 'cancelled') as over from app.visits`), [{ version: 2, over: true }]);
  });

  it('S4-34 of two who edit a visit the second is told, and what was typed is kept', async () => {
    const { world, accountId } = await signedInFamily('fieldservice');
    const { number } = await makeVisit(world, accountId);
    const staff = await asStaff(world);
    await staff.get(`/staff/visits/${number}`);
    await staff.post(`/staff/visits/${number}`, { version: 1, title: 'Boiler and pump' });
    const late = await staff.post(`/staff/visits/${number}`, { version: 1, title: 'Boiler alone' });
    assert.equal(late.status, 422);
    assert.match(late.text, /The front_desk has changed this visit meanwhile.*value="Boiler alone"/s);
    assert.deepEqual(await sql(world, 'select title from app.visits'), [{ title: 'Boiler and pump' }]);
  });

  it('S4-34 the list is filtered, goes on page by page, and is a file', async () => {
    const { world, accountId } = await signedInFamily('fieldservice');
    await sql(world, `insert into app.visits (account_id, number, title, status, starts_at, ends_at, currency) select $1, 'V-' || n, 'Job ' || n, 'done', now() - make_interval(days => n), now() - make_interval(days => n) + interval '1 hour', 'USD' from generate_series(1, 70) n`, [accountId]);
    await makeVisit(world, accountId, { title: '=HYPERLINK("x")' });
    const staff = await asStaff(world);
    const rows = (html: string) => html.match(/class="row-link"/g)?.length ?? 0;
    const first = (await staff.get('/staff/visits')).text;
    assert.equal(rows(first), 50);
    assert.equal(rows((await staff.get(/rel="next" href="([^"]+)"/.exec(first)?.[1]?.replaceAll('&amp;', '&') ?? '')).text), 21);
    assert.equal(rows((await staff.get('/staff/visits?status=waiting')).text), 1);
    assert.equal(rows((await staff.get('/staff/visits?q=Job%207')).text), 2);
    assert.match((await staff.get('/staff/visits.csv?status=waiting')).text, /"'=HYPERLINK/);
    assert.match((await staff.get('/staff/visits?from=x')).text, /class="error"/);
  });
});
