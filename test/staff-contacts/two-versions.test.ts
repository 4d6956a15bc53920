import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { formFields, staffVisitor } from '../support/staff-visit.ts';
import { sql } from '../support/world.ts';
import { atContact } from './at-contact.ts';

const saved = 'select first_name as "firstName", city, cell_phone as "cellPhone", revision from app.contacts';

describe('two people who save one record', () => {
  it('S1-66 the second sees both versions of every field that differs, and nothing is written before one is chosen', async () => {
    const { world, staff, path, form, save } = await atContact();
    const [mine, other] = [await form(), await staffVisitor(world, 'owner')];
    await other.get(path);
    assert.equal((await save({ city: 'Theirs', cellPhone: '555-0199' })).status, 303);
    const late = await staff.post(path, { ...mine, firstName: 'Mine' });
    assert.equal(late.status, 422);
    for (const text of ['The front_desk saved', 'Theirs', '555-0199', 'Mine']) assert.ok(late.text.includes(text), text);
    assert.deepEqual(await sql(world, saved), [{ firstName: 'Maria', city: 'Theirs', cellPhone: '555-0199', revision: 2 }]);
  });

  it('S1-66 what only I changed is mine at first, what only they changed is theirs, and the choice is saved', async () => {
    const { world, staff, path, form, save } = await atContact();
    const mine = await form();
    await save({ city: 'Theirs' });
    const late = await staff.post(path, { ...mine, firstName: 'Mine' });
    const ticked = [...late.text.matchAll(/name="(\w+)" value="([^"]*)" checked/g)].map(([, name, value]) => [name, value]);
    assert.deepEqual(ticked, [['firstName', 'Mine'], ['city', 'Theirs']]);
    const chosen = Object.fromEntries([...late.text.matchAll(/<input[^>]*type="hidden" name="(\w+)" value="([^"]*)"/g)].map(([, name = '', value]) => [name, value]));
    assert.equal((await staff.post(path, { ...chosen, firstName: 'Mine', city: 'Theirs' })).status, 303);
    assert.deepEqual(await sql(world, saved), [{ firstName: 'Mine', city: 'Theirs', cellPhone: null, revision: 3 }]);
  });

  it('S1-66 of twenty at once one saves, nineteen are shown both versions, and none is lost in silence', async () => {
    const { world, staff, path, form } = await atContact();
    const mine = await form();
    const answers = await Promise.all(Array.from({ length: 20 }, (_, at) => staff.post(path, { ...mine, city: `City ${at}` })));
    assert.deepEqual(answers.map(({ status }) => status).toSorted((a, b) => a - b), [303, ...Array.from({ length: 19 }, () => 422)]);
    assert.equal((await sql<{ revision: number }>(world, saved))[0]?.revision, 2);
  });

  it('S1-66 a change that the customer or an import made counts as well', async () => {
    const { world, staff, path, form } = await atContact();
    const mine = await form();
    await sql(world, `update app.contacts set cell_phone = '555-0142'`);
    const late = await staff.post(path, { ...mine, city: 'Mine' });
    assert.equal(late.status, 422);
    assert.match(late.text, /name="cellPhone" value="555-0142" checked/);
  });

  it('the account record keeps both versions, too', async () => {
    const { world, staff } = await atContact();
    const [account] = await sql<{ number: string }>(world, 'select number from app.accounts');
    const path = `/staff/accounts/${account?.number}/edit`;
    const { text } = await staff.get(path);
    const fields = { ...formFields(text.replace('class="record-form"', 'id="x"'), 'x') };
    assert.equal((await staff.post(path, { ...fields, name: 'Theirs' })).status, 303);
    const late = await staff.post(path, { ...fields, city: 'Mine' });
    assert.equal(late.status, 422);
    assert.match(late.text, /name="name" value="Theirs" checked/);
    assert.deepEqual(await sql(world, 'select name, city from app.accounts'), [{ name: 'Theirs', city: null }]);
  });
});
