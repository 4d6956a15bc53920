import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { client, edit, formFields, ownedWorld, seenIn } from '../support/staff-visit.ts';
import { visit } from '../support/visitor.ts';
import { makeWorld, sql, type World } from '../support/world.ts';

const stored = async (world: World) => (await sql<{ version: number; draft: Record<string, unknown> | null }>(world, 'select version, draft from app.settings'))[0];

describe('publishing settings', () => {
  it('S4-3 a published display name stands at the top of the client’s next page', async () => {
    const { world, owner } = await ownedWorld('fieldservice');
    const visitor = await client(world, 'maria');
    assert.match((await visitor.get('/')).text, /Tallowbrook/);
    const answer = await edit(owner, 'portal', { 'portal.display_name': 'Harrow & Sons' }, 'publish');
    assert.equal(answer.status, 303);
    assert.match((await visitor.get('/')).text, /masthead-name">Harrow &amp; Sons</);
    assert.match((await (await visit(world.slug)).get('/login')).text, /Harrow &amp; Sons/);
  });

  it('a saved draft is seen by no client, survives, and is published as a whole', async () => {
    const { world, owner } = await ownedWorld('lawncare');
    const visitor = await client(world);
    await edit(owner, 'portal', { 'portal.display_name': 'Draft Lawns' });
    await edit(owner, 'contact', { 'contact.phone': '555 0199' });
    assert.doesNotMatch((await visitor.get('/')).text, /Draft Lawns|555 0199/);
    const overview = await owner.get('/staff/settings');
    assert.match(overview.text, /2 changes not published/);
    assert.match(overview.text, /Cloverfell Lawn Care[\s\S]*Draft Lawns/);
    assert.equal((await owner.post('/staff/settings/publication', { seen: seenIn(overview.text) })).status, 303);
    assert.match((await visitor.get('/')).text, /Draft Lawns[\s\S]*555 0199/);
    assert.deepEqual(await stored(world), { version: 2, draft: null });
  });

  it('discarding takes the draft back and leaves what is published', async () => {
    const { world, owner } = await ownedWorld('lawncare');
    await edit(owner, 'portal', { 'portal.display_name': 'Draft Lawns' });
    const overview = await owner.get('/staff/settings');
    assert.equal((await owner.post('/staff/settings/cancellation', { seen: seenIn(overview.text) })).status, 303);
    assert.doesNotMatch((await owner.get('/staff/settings/portal')).text, /Draft Lawns/);
    assert.deepEqual(await stored(world), { version: 1, draft: null });
  });

  it('every publication makes a version and says so in the portal log, once', async () => {
    const { world, owner } = await ownedWorld('studio');
    await sql(world, `update app.staff_users set name = 'Olivia Owner'`);
    await edit(owner, 'portal', { 'portal.type_label': 'Family Portal' }, 'publish');
    await edit(owner, 'portal', { 'portal.type_label': 'Family Portal' }, 'publish');
    const versions = await sql<{ version: number }>(world, 'select version from app.settings_versions order by version');
    assert.deepEqual(versions.map(({ version }) => version), [1, 2]);
    const lines = await sql<{ message: string; staff_name: string }>(world, `select message, staff_name from app.portal_log where kind = 'settings-published'`);
    assert.deepEqual(lines, [{ message: 'Settings published: version 2 by Olivia Owner', staff_name: 'Olivia Owner' }]);
  });

  it('a version is listed with who, when and what, and one press returns to it as a new version', async () => {
    const { world, owner } = await ownedWorld('studio');
    const visitor = await client(world);
    await edit(owner, 'portal', { 'portal.display_name': 'Second Name' }, 'publish');
    await edit(owner, 'contact', { 'contact.phone': '555 0123' });
    const list = await owner.get('/staff/settings/versions');
    assert.match(list.text, /Version 2[\s\S]*by The owner[\s\S]*Display name[\s\S]*Juniper Hollow Gymnastics[\s\S]*Second Name[\s\S]*Version 1/);
    assert.equal((await owner.post('/staff/settings/versions/1/publication')).status, 303);
    assert.match((await visitor.get('/')).text, /Juniper Hollow Gymnastics/);
    const { version, draft } = (await stored(world))!;
    assert.equal(version, 3);
    assert.deepEqual(draft, { 'contact.phone': '555 0123' });
    assert.equal((await owner.post('/staff/settings/versions/77/publication')).status, 404);
    assert.equal((await owner.post('/staff/settings/versions/x/publication')).status, 404);
  });

  it('another organization notices nothing', async () => {
    const { owner } = await ownedWorld('studio');
    const other = await makeWorld('studio');
    await edit(owner, 'portal', { 'portal.display_name': 'Only Here' }, 'publish');
    assert.doesNotMatch((await (await visit(other.slug)).get('/login')).text, /Only Here/);
    assert.deepEqual(await stored(other), { version: 1, draft: null });
  });

  it('the organization’s zone is that of its tenant, too, once it is published', async () => {
    const { world, owner } = await ownedWorld('studio');
    await edit(owner, 'portal', { 'tenant.timezone': 'America/Denver' });
    const zone = async () => (await sql<{ zone: string }>(world, 'select zone from app.tenants where id = app.tenant()'))[0]?.zone;
    assert.equal(await zone(), 'America/New_York');
    await edit(owner, 'portal', {}, 'publish');
    assert.equal(await zone(), 'America/Denver');
  });

  it('two owners: the second is told what the first has changed, and loses nothing', async () => {
    const { world, owner } = await ownedWorld('studio');
    const form = await owner.get('/staff/settings/portal');
    await edit(owner, 'portal', { 'portal.display_name': 'First', 'portal.website_url': 'https://first.example' });
    const mine = { ...formFields(form.text), 'portal.display_name': 'Second', 'portal.type_label': 'My Portal' };
    const refused = await owner.post('/staff/settings/portal', mine);
    assert.equal(refused.status, 422);
    assert.match(refused.text, /The owner changed these settings since you opened this page/);
    assert.match(refused.text, /Saved meanwhile: First/);
    const drawn = formFields(refused.text);
    assert.equal(drawn['portal.display_name'], 'Second');
    assert.equal(drawn['portal.type_label'], 'My Portal');
    assert.equal(drawn['portal.website_url'], 'https://first.example');
    assert.equal((await owner.post('/staff/settings/portal', drawn)).status, 303);
    assert.deepEqual((await stored(world))?.draft, { 'portal.display_name': 'Second', 'portal.type_label': 'My Portal', 'portal.website_url': 'https://first.example' });
  });

  it('two owners: nobody publishes or discards what was not on the page', async () => {
    const { world, owner } = await ownedWorld('studio');
    const seen = seenIn((await owner.get('/staff/settings')).text);
    await edit(owner, 'portal', { 'portal.display_name': 'Unseen' });
    for (const path of ['/staff/settings/publication', '/staff/settings/cancellation']) {
      const refused = await owner.post(path, { seen });
      assert.equal(refused.status, 422, path);
      assert.match(refused.text, /Changed since you opened this page[\s\S]*Unseen/);
    }
    assert.equal((await owner.post('/staff/settings/publication')).status, 422);
    assert.deepEqual(await stored(world), { version: 1, draft: { 'portal.display_name': 'Unseen' } });
  });

  it('twenty who save at the very same time: one is saved, the others are told and lose nothing', async () => {
    const { world, owner } = await ownedWorld('studio');
    const form = formFields((await owner.get('/staff/settings/contact')).text);
    const phones = Array.from({ length: 20 }, (_, at) => `555 01${at + 10}`);
    const answers = await Promise.all(phones.map((phone) => owner.post('/staff/settings/contact', { ...form, 'contact.phone': phone })));
    const saved = phones.filter((_, at) => answers[at]?.status === 303);
    assert.equal(saved.length, 1);
    assert.deepEqual((await stored(world))?.draft, { 'contact.phone': saved[0] });
    for (const [at, { status, text }] of answers.entries()) {
      if (status === 303) continue;
      assert.equal(status, 422);
      assert.match(text, new RegExp(`Saved meanwhile: ${saved[0]}`));
      assert.equal(formFields(text)['contact.phone'], phones[at]);
    }
  });

  it('a form that is sent twice is saved once, and nobody complains', async () => {
    for (const publish of ['', 'yes']) {
      const { owner } = await ownedWorld('studio');
      const form = { ...formFields((await owner.get('/staff/settings/contact')).text), 'contact.phone': '555 0001', publish };
      const answers = [await owner.post('/staff/settings/contact', form), await owner.post('/staff/settings/contact', form)];
      assert.deepEqual(answers.map(({ status }) => status), [303, 303]);
    }
  });
});
