import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { browse } from '../support/browser.ts';
import { visit, type Visitor } from '../support/visitor.ts';
import { makeStaff, makeWorld, password, signedInFamily, sql, type World } from '../support/world.ts';

async function ownerOf(world: World): Promise<Visitor> {
  await makeStaff(world);
  const owner = await (await visit(world.slug)).signIn('owner@example.test', password, '/staff/login');
  await owner.get('/staff/faq/new');
  return owner;
}

const add = (owner: Visitor, question: string, isPublished = 'on') => owner.post('/staff/faq', { question, answer: `The answer to ${question}`, isPublished });
const questions = async (world: World) => (await sql<{ question: string }>(world, 'select question from app.faq_entries order by position, id')).map(({ question }) => question);
const idOf = async (world: World, question: string) => (await sql<{ id: string }>(world, 'select id from app.faq_entries where question = $1', [question]))[0]?.id ?? '';

describe('frequently asked questions', () => {
  it('S1-25 the owner adds, edits, orders, publishes and deletes them; customers see the published ones in that order', async () => {
    const { world, visitor } = await signedInFamily('studio');
    const owner = await ownerOf(world);
    for (const question of ['First', 'Second', 'Third']) assert.equal((await add(owner, question)).status, 303);
    await add(owner, 'Draft', '');
    await owner.post(`/staff/faq/${await idOf(world, 'Third')}/place`, { way: 'up' });
    await owner.post(`/staff/faq/${await idOf(world, 'First')}/place`, { way: 'up' });
    assert.deepEqual(await questions(world), ['First', 'Third', 'Second', 'Draft']);
    await owner.post(`/staff/faq/${await idOf(world, 'Second')}`, { question: 'Second <b>', answer: 'Changed', isPublished: 'on', version: '1' });
    const { text } = await visitor.get('/faq');
    assert.match(text, /<details class="fold">[^]*First[^]*The answer to First[^]*Third[^]*Second &lt;b&gt;[^]*Changed/);
    assert.doesNotMatch(text, /Draft/);
    await owner.post(`/staff/faq/${await idOf(world, 'First')}/removal`);
    assert.doesNotMatch((await visitor.get('/faq')).text, /First/);
  });

  it('S1-26 each folds out by itself, and "Expand All" and "Collapse All" do it for all, with no script', async () => {
    const { world } = await signedInFamily('studio');
    const owner = await ownerOf(world);
    for (const question of ['First', 'Second']) await add(owner, question);
    const tab = await browse(world.slug, { javaScriptEnabled: false });
    await tab.page.goto('/login');
    await tab.page.fill('[name=login]', 'maria@example.test');
    await tab.page.fill('[name=password]', password);
    await tab.page.click('main form .btn-primary');
    await tab.page.goto('/faq');
    const shown = (words: string) => tab.page.getByText(words).isVisible();
    assert.deepEqual([await shown('The answer to First'), await shown('The answer to Second')], [false, false]);
    await tab.page.click('summary:has-text("First")');
    assert.deepEqual([await shown('The answer to First'), await shown('The answer to Second')], [true, false]);
    await tab.page.click('text=Expand All');
    assert.deepEqual([await shown('The answer to First'), await shown('The answer to Second')], [true, true]);
    await tab.page.click('text=Collapse All');
    assert.deepEqual([await shown('The answer to First'), await shown('The answer to Second')], [false, false]);
    await tab.close();
  });

  it('bad input is said beside its field; of two who change one at once one is told', async () => {
    const world = await makeWorld('studio');
    const owner = await ownerOf(world);
    const refused = await owner.post('/staff/faq', { question: '', answer: 'Kept' });
    assert.equal(refused.status, 422);
    assert.match(refused.text, /id="question-error"[^]*Kept/);
    await add(owner, 'First');
    const path = `/staff/faq/${await idOf(world, 'First')}`;
    const answers = await Promise.all([1, 2, 3, 4].map((at) => owner.post(path, { question: `Number ${at}`, answer: 'x', version: '1' })));
    assert.deepEqual(answers.map(({ status }) => status).toSorted((a, b) => a - b), [303, 422, 422, 422]);
    const elsewhere = await ownerOf(await makeWorld('studio'));
    for (const step of ['', '/removal', '/place']) assert.equal((await elsewhere.post(`${path}${step}`, { question: 'x', answer: 'x', version: '2' })).status, 404);
  });

  it('moved twenty times at once, none is lost and no two stand in one place', async () => {
    const world = await makeWorld('studio');
    const owner = await ownerOf(world);
    for (const question of ['A', 'B', 'C', 'D']) await add(owner, question);
    const ids = await Promise.all(['A', 'B', 'C', 'D'].map((question) => idOf(world, question)));
    await Promise.all(Array.from({ length: 20 }, (_, at) => owner.post(`/staff/faq/${ids[at % 4] ?? ''}/place`, { way: at % 3 ? 'up' : 'down' })));
    assert.deepEqual(await sql(world, 'select count(distinct position)::int as places, count(*)::int as entries from app.faq_entries'), [{ places: 4, entries: 4 }]);
  });
});
