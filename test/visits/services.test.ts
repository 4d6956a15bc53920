import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { publish } from '../support/publish.ts';
import { makeAccount, makeInvoice, signedInFamily, sql } from '../support/world.ts';
import { inDays, makeResource, makeVisit, section } from './making.ts';

const titles = (html: string) => [...html.matchAll(/href="\/services\/V-[\w-]+">([^<]+)<\/a>/g)].map(([, title]) => title);

describe('services', () => {
  it('S4-34 S4-36 S4-37 scheduled jobs stand first, at the left, the waiting list after them, at the right', async () => {
    const { world, accountId, visitor } = await signedInFamily('fieldservice');
    const resource_id = await makeResource(world);
    await makeVisit(world, accountId, { title: 'Furnace inspection', starts_at: inDays(3), resource_id, address: '12 Orchard Hill Rd' });
    await makeVisit(world, accountId, { title: 'Leak search', starts_at: inDays(2) });
    await makeVisit(world, accountId, { title: 'Duct cleaning' });
    const { text } = await visitor.get('/services');
    assert.deepEqual(titles(section(text, 'scheduled')), ['Leak search', 'Furnace inspection']);
    assert.deepEqual(titles(section(text, 'waiting')), ['Duct cleaning']);
    assert.match(section(text, 'scheduled'), /Jo Ann · 12 Orchard Hill Rd/);
    assert.match(text, /Waiting List/);
    assert.ok(text.indexOf('id="scheduled"') < text.indexOf('id="waiting"'));
  });

  it('S4-35 S2-22 past services stand below, the latest first, and are found by word, state and day', async () => {
    const { world, accountId, visitor } = await signedInFamily('lawncare');
    await makeVisit(world, accountId, { title: 'Mowing', status: 'done', starts_at: '2026-05-04T14:00:00Z', price_cents: 5200 });
    await makeVisit(world, accountId, { title: 'Grub control', status: 'cancelled', starts_at: '2026-06-08T14:00:00Z' });
    const upcoming = await makeVisit(world, accountId, { title: 'Leaf cleanup', starts_at: inDays(4) });
    const history = async (query = '') => titles(section((await visitor.get(`/services${query}`)).text, 'history'));
    assert.deepEqual(await history(), ['Grub control', 'Mowing']);
    assert.deepEqual(await history('?state=done'), ['Mowing']);
    assert.deepEqual(await history('?q=grub'), ['Grub control']);
    assert.deepEqual(await history('?from=2026-06-08&to=2026-06-08'), ['Grub control']);
    assert.deepEqual(await history('?q=nothing'), []);
    const home = await visitor.get('/services');
    assert.match(section(home.text, 'history'), /\$52\.00/);
    assert.match((await visitor.get(`/services/${upcoming.number}`)).text, /Leaf cleanup/);
    assert.match((await visitor.get('/services?from=2026-13-01')).text, /class="error"/);
  });

  it('S4-35 the history goes on page by page, and as a file', async () => {
    const { world, accountId, visitor } = await signedInFamily('fieldservice');
    await sql(world, `insert into app.visits (account_id, number, title, status, starts_at, ends_at, currency) select $1, 'V-' || n, 'Job ' || n, 'done', now() - make_interval(days => n / 2), now() - make_interval(days => n / 2) + interval '1 hour', 'USD' from generate_series(1, 60) n`, [accountId]);
    const seen: (string | undefined)[] = [];
    for (let path: string | undefined = '/services'; path;) {
      const { text } = await visitor.get(path);
      seen.push(...titles(section(text, 'history')));
      path = /rel="next" href="([^"]+)"/.exec(text)?.[1]?.replaceAll('&amp;', '&');
    }
    assert.equal(seen.length, 60);
    assert.equal(new Set(seen).size, 60);
    const file = await visitor.get('/services.csv?q=Job%205');
    assert.match(file.headers['content-disposition'] ?? '', /services-.*\.csv/);
    assert.equal(file.text.trim().split('\r\n').length, 1 + 11);
  });

  it('S4-34 the details say when, who, where, what it costs, how it is paid and on which invoice', async () => {
    const { world, accountId, visitor } = await signedInFamily('fieldservice');
    const invoice_id = await makeInvoice(world, accountId, { number: 'INV-77' });
    const unsent = await makeInvoice(world, accountId, { number: 'INV-78', status: 'unsent' });
    const one = { resource_id: await makeResource(world), address: '5 Station Rd', notes: 'Clear the driveway.', internal_notes: 'Gate code 4711', price_cents: 18900, currency: 'USD', category: 'Plumbing' };
    const { number } = await makeVisit(world, accountId, { ...one, status: 'done', starts_at: '2026-01-14T14:00:00Z', invoice_id });
    const { text } = await visitor.get(`/services/${number}`);
    for (const said of [/Jan 14, 2026, 9:00/, /Jo Ann/, /5 Station Rd/, /Clear the driveway\./, /\$189\.00/, /Plumbing/, /href="\/invoices\/INV-77"/, /is not charged automatically/]) assert.match(text, said);
    assert.doesNotMatch(text, /4711/);
    await sql(world, 'update app.visits set invoice_id = $1', [unsent]);
    assert.doesNotMatch((await visitor.get(`/services/${number}`)).text, /INV-78/);
  });

  it('S4-34 a recurring service stands once, with its next visit and the days of the others', async () => {
    const { world, accountId, visitor } = await signedInFamily('lawncare');
    const [series] = await sql<{ id: string }>(world, `insert into app.visit_series (account_id, every, unit) values ($1, 2, 'week') returning id`, [accountId]);
    for (const days of [30, 2, 16]) await makeVisit(world, accountId, { title: 'Mowing', starts_at: inDays(days), series_id: series?.id });
    const left = section((await visitor.get('/services')).text, 'scheduled');
    assert.equal(left.match(/<h3>/g)?.length, 1);
    assert.match(left, /Every 2 weeks/);
    assert.match(left, /2 more visits until/);
    assert.equal(left.match(/href="\/services\/V-/g)?.length, 3);
  });

  it('S4-1 S4-34 S4-35 S4-36 each part is shown only where the setting services.show has it', async () => {
    const { world, accountId, visitor } = await signedInFamily('fieldservice', { 'services.show': ['scheduled'] });
    const waiting = await makeVisit(world, accountId, { title: 'Duct cleaning' });
    await makeVisit(world, accountId, { title: 'Leak search', starts_at: inDays(2) });
    const { text } = await visitor.get('/services');
    assert.match(text, /Leak search/);
    assert.doesNotMatch(text, /Duct cleaning|id="waiting"|id="history"/);
    for (const path of [`/services/${waiting.number}`, '/services.csv']) assert.equal((await visitor.get(path)).status, 404);
    assert.doesNotMatch((await visitor.get('/')).text, /not scheduled yet/);
    await publish(world, { 'services.show': ['waiting', 'history'] });
    assert.doesNotMatch((await visitor.get('/services')).text, /Leak search/);
  });

  it('S4-11 the home page lists the next services beside what is past due, with the way to their details', async () => {
    const { world, accountId, visitor } = await signedInFamily('fieldservice');
    await makeInvoice(world, accountId, { number: 'INV-9', due_on: '2026-01-05' });
    const { number } = await makeVisit(world, accountId, { title: 'Furnace inspection', starts_at: inDays(1) });
    await makeVisit(world, accountId, { title: 'Duct cleaning' });
    const { text } = await visitor.get('/');
    const panels = [...text.matchAll(/<section class="panel[^"]*">.*?<\/section>/gs)].map(([panel]) => panel);
    assert.match(panels[0] ?? '', /INV-9.*Pay Now/s);
    assert.match(panels[1] ?? '', new RegExp(`href="/services".*More details.*href="/services/${number}">Furnace inspection<.*Tomorrow, `, 's'));
    assert.match(panels[1] ?? '', /1 service is not scheduled yet/);
  });

  it('A18 a visit of another account, or of another organization, does not exist; nor does the tab where it is off', async () => {
    const { world, accountId, visitor } = await signedInFamily('fieldservice');
    const neighbour = await makeAccount(world, { name: 'Neighbour' });
    const { number } = await makeVisit(world, neighbour, { title: 'Their leak', starts_at: inDays(2) });
    await makeVisit(world, accountId, { title: 'Own leak', starts_at: inDays(2) });
    assert.equal((await visitor.get(`/services/${number}`)).status, 404);
    assert.doesNotMatch((await visitor.get('/services')).text, /Their leak/);
    const other = await signedInFamily('fieldservice');
    assert.equal((await other.visitor.get(`/services/${number}`)).status, 404);
    await publish(world, { tabs: [{ key: 'home', enabled: 'on' }] });
    for (const path of ['/services', '/services.csv', `/services/${number}`]) assert.equal((await visitor.get(path)).status, 404);
  });

  it('C-17 a window is shown in the organization’s zone, in the night the clock is changed, too', async () => {
    const { world, accountId, visitor } = await signedInFamily('fieldservice');
    await makeVisit(world, accountId, { title: 'Night shift', status: 'done', starts_at: '2025-11-02T05:30:00Z', ends_at: '2025-11-02T07:30:00Z' });
    await makeVisit(world, accountId, { title: 'Late shift', status: 'done', starts_at: '2026-07-02T03:00:00Z', ends_at: '2026-07-02T04:00:00Z' });
    const { text } = await visitor.get('/services');
    assert.match(text, /Nov 2, 2025, 1:30\sAM EDT – 2:30\sAM EST/);
    assert.match(text, /Jul 1, 2026, 11:00\sPM/);
    assert.doesNotMatch(text, /Jul 2, 2026/);
  });

  it('S4-34 an account without services is told what will be here', async () => {
    const { visitor } = await signedInFamily('fieldservice');
    const { text } = await visitor.get('/services');
    for (const said of [/Nothing is scheduled\./, /Nothing waits for a day\./, /What has been done will be here\./]) assert.match(text, said);
    const spanish = await signedInFamily('fieldservice', { 'tenant.locale': 'es-US' });
    assert.match((await spanish.visitor.get('/services')).text, /Lista de espera/);
  });
});
