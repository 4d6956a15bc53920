import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { makeAccount, makeWorld, signedInFamily, sql } from '../support/world.ts';
import { define, logOf, numberOf, staffOf, valuesOf } from './fields.ts';

const path = '/account/additional';

describe('custom fields', () => {
  it('S4-53 the panel Additional Information holds email and phones on file, and the custom fields that the organization shows', async () => {
    const { world, contactId, visitor } = await signedInFamily('fieldservice');
    const owner = await staffOf(world);
    await sql(world, `update app.contacts set cell_phone = '(617) 555-0111' where id = $1`, [contactId]);
    assert.doesNotMatch((await visitor.get('/account')).text, /Additional Information/);
    const gate = await define(owner, world, 'Gate code');
    await define(owner, world, 'Credit risk', { access: 'hidden' });
    await define(owner, world, 'Lot size', { type: 'number', access: 'view', least: '0', most: '500' });
    const panel = /<section class="panel" id="additional">[^]*?<\/section>/.exec((await visitor.get('/account')).text)?.[0] ?? '';
    for (const words of ['Additional Information', 'maria@example.test', '(617) 555-0111', 'Gate code', 'Lot size', 'href="/account/additional"']) assert.ok(panel.includes(words), words);
    assert.doesNotMatch(panel, /Credit risk/);
    const { text } = await visitor.get(path);
    assert.ok(text.includes(`name="field-${gate}"`) && !text.includes('Lot size'));
  });

  it('S4-54 every displayed value is the client’s to change, account and contact fields alike; the change is in the portal log and in the record', async () => {
    const { world, accountId, contactId, visitor } = await signedInFamily('fieldservice');
    const owner = await staffOf(world);
    const ids = [await define(owner, world, 'Gate code'), await define(owner, world, 'Pets', { type: 'choice', choices: 'None\nDog' }), await define(owner, world, 'Birthday', { type: 'date', noun: 'contact' })];
    await visitor.get(path);
    const typed = Object.fromEntries(ids.map((id, at) => [`field-${id}`, ['4711#', 'Dog', '1984-05-03'][at]]));
    assert.equal((await visitor.post(path, typed)).status, 303);
    assert.deepEqual(await valuesOf(world), ['4711#', 'Dog', '1984-05-03']);
    assert.match((await visitor.get('/account')).text, /4711#[^]*Dog[^]*1984/);
    assert.deepEqual(await logOf(world), ['Additional information changed by UserID: maria@example.test: Gate code, Pets, Birthday']);
    const events = await sql(world, 'select account_id, contact_id, changes, mode from app.record_events order by contact_id nulls first');
    assert.deepEqual(events, [
      { account_id: accountId, contact_id: null, changes: { 'Gate code': [null, '4711#'], Pets: [null, 'Dog'] }, mode: 'customer' },
      { account_id: accountId, contact_id: contactId, changes: { Birthday: [null, '1984-05-03'] }, mode: 'customer' },
    ]);
  });

  it('C-8 hidden, shown and to be changed: what may not be changed is not, also for whoever posts by hand', async () => {
    const { world, visitor } = await signedInFamily('cloud');
    const owner = await staffOf(world);
    const [hidden, view, edit] = [await define(owner, world, 'A', { access: 'hidden' }), await define(owner, world, 'B', { access: 'view' }), await define(owner, world, 'C')];
    await visitor.get(path);
    await visitor.post(path, { [`field-${hidden}`]: 'x', [`field-${view}`]: 'x', [`field-${edit}`]: 'mine' });
    assert.deepEqual(await valuesOf(world), ['mine']);
    const { version = 0 } = (await sql<{ version: number }>(world, 'select version from app.custom_fields where id = $1', [edit]))[0] ?? {};
    await owner.get(`/staff/custom-fields/${edit}`);
    await owner.post(`/staff/custom-fields/${edit}`, { label: 'C', hint: '', access: 'view', choices: '', least: '', most: '', version });
    assert.equal((await visitor.get(path)).status, 404);
    assert.equal((await visitor.post(path, { [`field-${edit}`]: 'x' })).status, 404);
  });

  it('values are checked by kind, each error beside its field, and what was typed stays', async () => {
    const { world, visitor } = await signedInFamily('fieldservice');
    const owner = await staffOf(world);
    const ids = {
      number: await define(owner, world, 'Lot', { type: 'number', least: '0', most: '500' }), date: await define(owner, world, 'Day', { type: 'date' }),
      choice: await define(owner, world, 'Pets', { type: 'choice', choices: 'None\nDog' }), flag: await define(owner, world, 'Mail', { type: 'yes_no' }), needed: await define(owner, world, 'Code', { isRequired: 'on' }),
    };
    await visitor.get(path);
    const good = { [`field-${ids.number}`]: '0.750', [`field-${ids.date}`]: '2024-02-29', [`field-${ids.choice}`]: 'Dog', [`field-${ids.flag}`]: 'no', [`field-${ids.needed}`]: 'x' };
    const bad = { number: ['501', '-1', 'ten', '1,000', '1e3'], date: ['2023-02-29', '29/02/2024'], choice: ['Cat'], flag: ['maybe'], needed: ['', '  ', '4111 1111 1111 1111'] };
    for (const [kind, all] of Object.entries(bad)) {
      for (const typed of all) {
        const id = ids[kind as keyof typeof ids];
        const { status, text } = await visitor.post(path, { ...good, [`field-${id}`]: typed });
        assert.equal(status, 422, typed);
        assert.ok(text.includes(`id="field-${id}-error"`) && text.includes('value="0.750"') === (kind !== 'number'), `${kind} ${typed}`);
      }
    }
    assert.deepEqual(await valuesOf(world), []);
    await visitor.post(path, { ...good, [`field-${ids.needed}`]: ['a', 'b'] });
    assert.deepEqual(await valuesOf(world), []);
    assert.equal((await visitor.post(path, good)).status, 303);
    assert.deepEqual(await valuesOf(world), ['0.75', '2024-02-29', 'Dog', 'no', 'x']);
  });

  it('a choice that is taken away stays where it was chosen; an archived field comes back with what stood in it', async () => {
    const { world, visitor } = await signedInFamily('fieldservice');
    const owner = await staffOf(world);
    const id = await define(owner, world, 'Pets', { type: 'choice', choices: 'None\nDog' });
    await visitor.get(path);
    await visitor.post(path, { [`field-${id}`]: 'Dog' });
    await owner.get(`/staff/custom-fields/${id}`);
    assert.equal((await owner.post(`/staff/custom-fields/${id}`, { label: 'Pets', hint: '', access: 'edit', choices: '', least: '', most: '', version: 1 })).status, 422);
    await owner.post(`/staff/custom-fields/${id}`, { label: 'Pets', hint: '', access: 'edit', choices: 'None\nCat', least: '', most: '', version: 1 });
    assert.match((await visitor.get(path)).text, /<option value="Dog" selected>/);
    assert.equal((await visitor.post(path, { [`field-${id}`]: 'Dog', [`seen-${id}`]: 'Dog' })).status, 303);
    await owner.post(`/staff/custom-fields/${id}/archive`);
    assert.doesNotMatch((await visitor.get('/account')).text, /Pets/);
    await owner.post(`/staff/custom-fields/${id}/archive`, { way: 'back' });
    assert.match((await visitor.get('/account')).text, /Pets[^]*Dog/);
  });

  it('of twenty who write over the same value one is first, the others are told what stands there; what only others changed stays theirs', async () => {
    const { world, accountId, visitor } = await signedInFamily('fieldservice');
    const owner = await staffOf(world);
    const [code, pets] = [await define(owner, world, 'Code'), await define(owner, world, 'Pets')];
    const number = await numberOf(world, accountId);
    await visitor.get(path);
    const answers = await Promise.all(Array.from({ length: 20 }, (_, at) => (at % 2 ? visitor : owner).post(at % 2 ? path : `/staff/accounts/${number}/custom-fields`, { [`field-${code}`]: `code ${at}`, [`seen-${code}`]: '', [`field-${pets}`]: '', [`seen-${pets}`]: '' })));
    assert.deepEqual([answers.filter(({ status }) => status === 303).length, answers.filter(({ status }) => status === 422).length], [1, 19]);
    const [kept = ''] = await valuesOf(world);
    assert.ok(answers.every(({ status, text }) => status === 303 || text.includes(kept)));
    await visitor.post(path, { [`field-${code}`]: '', [`seen-${code}`]: '', [`field-${pets}`]: 'Dog', [`seen-${pets}`]: '' });
    assert.deepEqual(await valuesOf(world), [kept, 'Dog']);
  });

  it('staff see and edit them on the account and on the contact; the front desk defines none, and nobody reaches another organization’s', async () => {
    const { world, accountId, contactId } = await signedInFamily('studio');
    const owner = await staffOf(world);
    const [risk, shirt] = [await define(owner, world, 'Credit risk', { access: 'hidden', isRequired: 'on' }), await define(owner, world, 'T-shirt', { noun: 'contact' })];
    const desk = await staffOf(world, 'front_desk');
    const number = await numberOf(world, accountId);
    for (const [record, id, value] of [[`/staff/accounts/${number}`, risk, 'High'], [`/staff/contacts/${contactId}`, shirt, 'XL']] as const) {
      await desk.get(`${record}/custom-fields`);
      assert.equal((await desk.post(`${record}/custom-fields`, { [`field-${id}`]: value })).status, 303);
      assert.match((await desk.get(record)).text, new RegExp(`id="custom-fields"[^]*${value}`));
    }
    assert.match((await desk.get('/staff/accounts/export.csv')).text, /,custom:credit_risk\r\n[^\r]*,High\r\n/);
    assert.match((await desk.get(`/staff/accounts/${number}/misc`)).text, /Credit risk: <s>[^]*High/);
    for (const step of ['', '/new', `/${risk}`]) assert.equal((await desk.get(`/staff/custom-fields${step}`)).status, 403, step);
    assert.equal((await desk.post('/staff/custom-fields', { label: 'x' })).status, 403);
    const elsewhere = await staffOf(await makeWorld('studio'));
    for (const step of ['', '/archive', '/place']) assert.equal((await elsewhere.post(`/staff/custom-fields/${risk}${step}`, { label: 'x', version: 1 })).status, 404);
    assert.equal((await elsewhere.get(`/staff/contacts/${contactId}/custom-fields`)).status, 404);
  });

  it('a field that is none is refused beside what is wrong; two with one name at once are one', async () => {
    const world = await makeWorld('studio');
    const owner = await staffOf(world);
    await owner.get('/staff/custom-fields/new');
    const right = { noun: 'account', label: 'Lot', type: 'number', access: 'hidden', hint: '', choices: '', least: '1', most: '2', key: '' };
    const wrong = { label: [''], noun: ['invoice', ''], type: ['json'], access: ['all'], least: ['x', '3'], key: ['Lot', '1x', 'a b'], hint: ['h'.repeat(201)] };
    for (const [name, all] of Object.entries(wrong)) for (const typed of all) assert.equal((await owner.post('/staff/custom-fields', { ...right, [name]: typed })).status, 422, `${name} ${typed}`);
    assert.match((await owner.post('/staff/custom-fields', { ...right, type: 'choice' })).text, /id="choices-error"/);
    const answers = await Promise.all(Array.from({ length: 20 }, () => owner.post('/staff/custom-fields', right)));
    assert.equal(answers.filter(({ status }) => status === 303).length, 1);
    assert.deepEqual(await sql(world, 'select key, noun from app.custom_fields'), [{ key: 'lot', noun: 'account' }]);
  });

  it('the table itself refuses a value that is none of its kind', async () => {
    const { world, accountId } = await signedInFamily('fieldservice');
    const other = await makeAccount(world);
    const id = await define(await staffOf(world), world, 'Day', { type: 'date' });
    const put = (type: string, value: string) => sql(world, 'insert into app.custom_values (field_id, field_type, subject_id, account_id, value) values ($1, $2, $3, $3, $4)', [id, type, accountId, value]);
    for (const [type, value] of [['date', '2023-02-29'], ['date', 'x'], ['text', 'x'], ['number', '1']] as const) await assert.rejects(put(type, value), `${type} ${value}`);
    await put('date', '2024-02-29');
    await assert.rejects(sql(world, 'update app.custom_values set field_type = $2 where account_id = $1', [accountId, 'text']));
    assert.notEqual(other, accountId);
  });
});
