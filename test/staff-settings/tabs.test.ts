import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { client, edit, formFields, ownedWorld } from '../support/staff-visit.ts';
import { visit } from '../support/visitor.ts';
import { sql } from '../support/world.ts';

/** The labels in the navigation, from left to right. */
function tabsOf(html: string): string[] {
  const nav = /<nav class="(?:tabs|side-links)"[\s\S]*?<\/nav>/.exec(html)?.[0] ?? '';
  return [...nav.matchAll(/<span>([^<]*)<\/span>/g)].map(([, label]) => label ?? '');
}

describe('the tabs of a portal', () => {
  it('S1-2 S4-1 U-5 U-7 a tab that is switched off is gone, and its addresses answer 404, signed in or not; switched on it is back', async () => {
    const { world, owner } = await ownedWorld('lawncare');
    const [visitor, stranger] = [await client(world), await visit(world.slug)];
    assert.equal((await visitor.get('/invoices')).status, 200);
    await edit(owner, 'navigation', { 'tabs.invoices.enabled': 'off' }, 'publish');
    assert.doesNotMatch(tabsOf((await visitor.get('/')).text).join(), /Invoices/);
    for (const who of [visitor, stranger]) {
      const answer = await who.get('/invoices');
      assert.equal(answer.status, 404);
      assert.match(answer.text, /This is not offered here[\s\S]*hello@cloverfell\.example/);
    }
    await edit(owner, 'navigation', { 'tabs.invoices.enabled': 'on' }, 'publish');
    assert.equal((await visitor.get('/invoices')).status, 200);
    assert.equal((await stranger.get('/invoices')).status, 303);
  });

  it('S4-4 C-18 the client’s next page has the tabs as they are named and ordered, in the layout that is chosen', async () => {
    const { world, owner } = await ownedWorld('cloud');
    const visitor = await client(world);
    const before = tabsOf((await visitor.get('/')).text);
    assert.equal(before[1], 'Invoices');
    await edit(owner, 'navigation', { 'tabs.invoices.label': 'Bills & more', move: 'tabs.invoices down' });
    await edit(owner, 'navigation', { 'nav.layout': 'both' }, 'publish');
    const home = (await visitor.get('/')).text;
    assert.equal(tabsOf(home)[2], 'Bills &amp; more');
    assert.match(home, /class="portal has-both"/);
    await edit(owner, 'navigation', { 'tabs.invoices.label': '' }, 'publish');
    assert.equal(tabsOf((await visitor.get('/')).text)[2], 'Invoices');
  });

  it('moving a tab saves what else was typed, and brings the reader back to its row', async () => {
    const { world, owner } = await ownedWorld('cloud');
    const answer = await edit(owner, 'navigation', { 'tabs.invoices.label': 'Bills', move: 'tabs.invoices up' });
    assert.equal(answer.headers['location'], '/staff/settings/navigation#tabs.invoices');
    const [row] = await sql<{ tabs: { key: string; label?: string }[] }>(world, `select draft->'tabs' as tabs from app.settings`);
    assert.deepEqual(row?.tabs[0], { key: 'invoices', label: 'Bills', enabled: 'on' });
    assert.equal((await edit(owner, 'navigation', { move: 'tabs.invoices up' })).status, 303);
    assert.equal((await edit(owner, 'navigation', { move: '../../x sideways' })).headers['location'], '/staff/settings/navigation');
  });

  it('home and account cannot be switched off, and auto is only for tabs that know whether they have something to show', async () => {
    const { world, owner } = await ownedWorld('cloud');
    for (const [name, value] of [['tabs.home.enabled', 'off'], ['tabs.account.enabled', 'off'], ['tabs.invoices.enabled', 'auto'], ['tabs.invoices.enabled', 'maybe']] as const) {
      const refused = await edit(owner, 'navigation', { [name]: value }, 'publish');
      assert.equal(refused.status, 422, `${name} ${value}`);
      assert.match(refused.text, new RegExp(`href="#${name.replaceAll('.', '\\.')}"`));
      assert.match(refused.text, new RegExp(`id="${name.replaceAll('.', '\\.')}"`));
    }
    assert.equal((await (await client(world)).get('/account')).status, 200);
  });

  it('a label that is too long is refused beside its field and kept, with everything else that was typed', async () => {
    const { owner } = await ownedWorld('cloud');
    const refused = await edit(owner, 'navigation', { 'tabs.invoices.label': 'x'.repeat(31), 'tabs.billing.label': 'Money', 'tabs.order': 'account,billing,invoices' });
    assert.equal(refused.status, 422);
    assert.match(refused.text, /id="tabs\.invoices\.label-error"[\s\S]{0,2000}At most 30 characters/);
    const drawn = formFields(refused.text);
    assert.equal(drawn['tabs.invoices.label'], 'x'.repeat(31));
    assert.equal(drawn['tabs.billing.label'], 'Money');
    assert.match(String(drawn['tabs.order']), /^account,billing,invoices,/);
  });

  it('a form that changes nothing makes no draft, and tabs of a later release stay where they are', async () => {
    const { world, owner } = await ownedWorld('cloud');
    await edit(owner, 'navigation', {});
    const draft = async () => (await sql<{ draft: { tabs: { key: string }[] } | null }>(world, 'select draft from app.settings'))[0]?.draft;
    assert.equal(await draft(), null);
    await sql(world, `update app.settings set published = jsonb_set(published, '{tabs,1}', '{"key": "hovercraft", "enabled": "on"}')`);
    await edit(owner, 'navigation', { 'tabs.invoices.enabled': 'on' });
    assert.equal((await draft())?.tabs[1]?.key, 'hovercraft');
  });
});
