import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { ofThePage, statementsOf } from '../support/statements.ts';
import { publish } from '../support/publish.ts';
import { visit, type Visitor } from '../support/visitor.ts';
import { makeAccount, makeContact, makeInvoice, makeLogin, password, signedInFamily } from '../support/world.ts';
import { makeUsage, makeUsages } from './making.ts';

const headings = (html: string) => [...html.replace(/<figure.*?<\/figure>/gs, '').matchAll(/<th class="[^"]*" scope="col">([^<]*)</g)].map(([, word]) => word);
const tabs = (html: string) => [...html.matchAll(/href="(\/[a-z-]*)"[^>]*>/g)].map(([, path]) => path);
const idsIn = (html: string) => [...html.matchAll(/<strong>(U-\d+)<\/strong>/g)].map(([, id]) => id);
const six = ['Usage ID', 'Description', 'Date', 'Quantity', 'Unit of measure', 'Invoiced'];

async function walkPages(visitor: Visitor, from: string): Promise<string[][]> {
  const pages: string[][] = [];
  for (let path: string | undefined = from; path;) {
    const { text } = await visitor.get(path);
    pages.push(idsIn(text) as string[]);
    path = /rel="next" href="([^"]+)"/.exec(text)?.[1]?.replaceAll('&amp;', '&');
  }
  return pages;
}

describe('usages', () => {
  it('S3-19 C-19 the tab set to auto is there only while the account has usages', async () => {
    const { world, accountId, visitor } = await signedInFamily('cloud');
    assert.ok(!tabs((await visitor.get('/')).text).includes('/usages'));
    const empty = await visitor.get('/usages');
    assert.equal(empty.status, 200);
    assert.match(empty.text, /No usage yet/);
    await makeUsage(world, accountId);
    assert.ok(tabs((await visitor.get('/')).text).includes('/usages'));
  });

  it('C-19 a tab that is switched off answers 404 even with usages', async () => {
    const { world, accountId, visitor } = await signedInFamily('cloud', { tabs: [{ key: 'home', enabled: 'on' }] });
    await makeUsage(world, accountId);
    for (const path of ['/usages', '/usages/export']) assert.equal((await visitor.get(path)).status, 404);
  });

  it('S3-20 the six columns show, and a usage counts as invoiced only by an invoice that can be seen', async () => {
    const { world, accountId, visitor } = await signedInFamily('cloud');
    const sent = await makeInvoice(world, accountId, { number: 'NW-1' });
    const unsent = await makeInvoice(world, accountId, { number: 'NW-2', status: 'unsent' });
    await makeUsage(world, accountId, { number: 'U-1', description: 'Block storage', used_on: '2026-11-03', quantity: '12.500000', unit: 'GB-months', invoice_id: sent });
    await makeUsage(world, accountId, { number: 'U-2', invoice_id: unsent, used_on: '2026-11-02' });
    await visitor.post('/usages', { columns: ['number', 'description', 'used_on', 'quantity', 'unit', 'invoiced', 'invoice'] });
    const { text } = await visitor.get('/usages');
    assert.deepEqual(headings(text), [...six, 'Invoice ID']);
    assert.deepEqual(idsIn(text), ['U-1', 'U-2']);
    const [first = '', second = ''] = text.split('<tbody>').at(-1)?.split('</tr>') ?? [];
    for (const shown of [/Block storage/, /2026-11-03/, /\b12\.5\b/, /GB-months/, /Yes/, /href="\/invoices\/NW-1"/]) assert.match(first, shown);
    assert.match(second, /No/);
    assert.doesNotMatch(text, /NW-2/);
  });

  it('S3-21 Filter finds by text, days, invoiced and quantity, and says what is wrong with it', async () => {
    const { world, accountId, visitor } = await signedInFamily('cloud');
    const invoice = await makeInvoice(world, accountId, {});
    await makeUsage(world, accountId, { number: 'U-1', description: 'Compute 100%', used_on: '2026-10-01', quantity: '5', invoice_id: invoice });
    await makeUsage(world, accountId, { number: 'U-2', description: 'Backup', product: 'Snapshots', used_on: '2026-10-15', quantity: '50' });
    await makeUsage(world, accountId, { number: 'U-3', description: 'Requests', used_on: '2026-11-01', quantity: '500' });
    const found: Readonly<Record<string, readonly string[]>> = {
      'text=100%25': ['U-1'], 'text=SNAP': ['U-2'], 'text=_': [], 'from=2026-10-15': ['U-3', 'U-2'], 'to=2026-10-15': ['U-2', 'U-1'],
      'invoiced=yes': ['U-1'], 'invoiced=no': ['U-3', 'U-2'], 'least=50': ['U-3', 'U-2'], 'most=49.9': ['U-1'], 'invoiced=no&most=50&text=back': ['U-2'],
    };
    for (const [query, ids] of Object.entries(found)) {
      const { text } = await visitor.get(`/usages?${query}`);
      assert.deepEqual(idsIn(text), ids, query);
      if (!ids.length) assert.match(text, /No usage matches/);
    }
    for (const query of ['from=2026-02-30', 'least=many', 'invoiced=perhaps', 'text[]=a', `text=${'x'.repeat(101)}`, 'most=1e3', 'least=-1']) {
      const answer = await visitor.get(`/usages?${query}`);
      assert.equal(answer.status, 200, query);
      assert.deepEqual(idsIn(answer.text), ['U-3', 'U-2', 'U-1'], query);
    }
    assert.match((await visitor.get('/usages?least=many')).text, /Write the quantity like 12\.5/);
  });

  it('pages follow each other without a gap or a repeat, and keep the filter', async () => {
    const { world, accountId, visitor } = await signedInFamily('cloud');
    await makeUsages(world, accountId, 60);
    const pages = await walkPages(visitor, '/usages');
    assert.deepEqual(pages.map(({ length }) => length), [25, 25, 10]);
    assert.deepEqual(pages.flat(), Array.from({ length: 60 }, (_, at) => `U-${60 - at}`));
    assert.deepEqual((await walkPages(visitor, '/usages?most=30')).map(({ length }) => length), [25, 5]);
    assert.equal((await visitor.get('/usages?after=nonsense')).status, 200);
  });

  it('S3-22 S3-23 columns are switched on and off behind three dots, without script, and remembered for this login alone', async () => {
    const { world, accountId, visitor } = await signedInFamily('cloud');
    await makeLogin(world, 'leo@example.test').then((login) => makeContact(world, accountId, { email: 'leo@example.test', login_ref: login, is_primary: false }));
    await makeUsage(world, accountId, { product: 'Object storage', amount_cents: 1234, unit_price_cents: 4, currency: 'EUR', reference: 'PO-77' });
    const before = (await visitor.get('/usages')).text;
    assert.match(before, /<details class="menu view-menu">\s*<summary class="icon-btn" aria-label="Edit Usages View"/);
    assert.deepEqual(headings(before), six);
    const saved = await visitor.post('/usages?text=a&from=2026-01-01', { columns: ['amount', 'number', 'product', 'unit_price', 'reference', 'recorded_on'] });
    assert.deepEqual([saved.status, saved.headers['location']], [303, '/usages?text=a&from=2026-01-01']);
    const after = (await visitor.get('/usages')).text;
    assert.deepEqual(headings(after), ['Usage ID', 'Product', 'Unit price', 'Amount', 'Reference', 'Recorded']);
    for (const shown of [/Object storage/, /€12\.34/, /€0\.04/, /PO-77/]) assert.match(after, shown);
    const again = await (await visit(world.slug)).signIn('maria@example.test', password);
    assert.equal(headings((await again.get('/usages')).text).length, 6);
    assert.match((await again.get('/usages')).text, /Reference/);
    const leo = await (await visit(world.slug)).signIn('leo@example.test', password);
    assert.deepEqual(headings((await leo.get('/usages')).text), six);
    await visitor.post('/usages', { usual: 'yes' });
    assert.deepEqual(headings((await visitor.get('/usages')).text), six);
  });

  it('S3-23 a view without columns or with unknown ones is refused, and the filter stays', async () => {
    const { world, accountId, visitor } = await signedInFamily('cloud');
    await makeUsages(world, accountId, 3);
    await visitor.get('/usages');
    const none = await visitor.post('/usages?least=2');
    assert.equal(none.status, 422);
    assert.match(none.text, /Choose at least one column/);
    assert.deepEqual(idsIn(none.text), ['U-3', 'U-2']);
    assert.equal((await visitor.post('/usages', { columns: ['number', 'password_hash'] })).status, 422);
    assert.deepEqual(headings((await visitor.get('/usages')).text), six);
  });

  it('S3-20 S3-22 usage.columns_default and usage.columns_extra decide what people see and may add', async () => {
    const { world, accountId, visitor } = await signedInFamily('cloud', { 'usage.columns_default': ['number', 'quantity'], 'usage.columns_extra': ['product'] });
    await makeUsage(world, accountId);
    const { text } = await visitor.get('/usages');
    assert.deepEqual(headings(text), ['Usage ID', 'Quantity']);
    assert.deepEqual([...text.matchAll(/name="columns" value="(\w+)"/g)].map(([, name]) => name), ['number', 'description', 'used_on', 'quantity', 'unit', 'invoiced', 'product']);
    await visitor.post('/usages', { columns: ['product', 'amount'] });
    assert.deepEqual(headings((await visitor.get('/usages')).text), ['Product']);
    await publish(world, { 'usage.columns_extra': [] });
    assert.deepEqual(headings((await visitor.get('/usages')).text), ['Usage ID', 'Quantity']);
  });

  it('nobody sees the usages of another account', async () => {
    const { world, accountId, visitor } = await signedInFamily('cloud');
    await makeUsage(world, accountId, { number: 'U-1' });
    await makeUsage(world, await makeAccount(world), { number: 'U-2' });
    assert.deepEqual(idsIn((await visitor.get('/usages')).text), ['U-1']);
  });

  it('the list asks at most three named statements, on the first page and on the next', async () => {
    const { world, accountId, visitor } = await signedInFamily('cloud');
    await makeUsages(world, accountId, 40);
    const next = /rel="next" href="([^"]+)"/.exec((await visitor.get('/usages')).text)?.[1]?.replaceAll('&amp;', '&') ?? '';
    for (const path of ['/usages', next, '/usages?text=storage']) {
      const asked = ofThePage(await statementsOf(() => visitor.get(path)));
      assert.ok(asked.length <= 3 && asked.every(({ name }) => name), `${path}: ${JSON.stringify(asked)}`);
    }
  });
});
