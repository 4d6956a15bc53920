import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { openOf, signInsOf } from './after.ts';
import { atContact } from './at-contact.ts';
import { password, sql } from '../support/world.ts';

const named = (text: string, label: string) => assert.match(text, new RegExp(`<label[^>]*>${label.replace(/[/?[\]]/g, '\\$&')}`), label);

describe('the contact page', () => {
  it('S1-66 is called "Contact: {name}" and has RETURN, SAVE CHANGES and DELETE', async () => {
    const { staff, path } = await atContact();
    const { text } = await staff.get(path);
    assert.match(text, /<h1>Contact: Maria Bestie<\/h1>/);
    for (const label of ['RETURN', 'SAVE CHANGES', 'DELETE']) assert.match(text, new RegExp(`>${label}</(a|button)>`));
    assert.equal((await staff.get(/href="([^"]+)">RETURN/.exec(text)?.[1] ?? '')).status, 200);
  });

  it('S1-67 General Information leads to the family', async () => {
    const { staff, path } = await atContact();
    const { text } = await staff.get(path);
    const [, href = ''] = /Family<\/span> <a href="([^"]+)">Bestie<\/a>/.exec(text) ?? [];
    assert.match((await staff.get(href)).text, /<h1>Bestie<\/h1>/);
  });

  it('S1-68 First Name, Last Name', async () => {
    const { staff, path, save } = await atContact();
    const { text } = await staff.get(path);
    for (const label of ['First Name', 'Last Name']) named(text, label);
    assert.equal((await save({ firstName: 'Zoë', lastName: 'Łódź-Ng' })).status, 303);
    assert.match((await staff.get(path)).text, /<h1>Contact: Zoë Łódź-Ng<\/h1>/);
    const refused = await save({ firstName: '', lastName: ' ' });
    assert.equal(refused.status, 422);
    assert.match(refused.text, /id="lastName-error"/);
  });

  it('S1-69 Type is chosen from a list, and one that came from elsewhere stays', async () => {
    const { world, staff, path, save } = await atContact(undefined, { type: 'Nanny' });
    const { text } = await staff.get(path);
    assert.match(text, /<option value="Nanny" selected>/);
    for (const type of ['Mother', 'Father', 'Guardian']) assert.match(text, new RegExp(`<option value="${type}">`));
    await save({ type: 'Father' });
    assert.deepEqual(await sql(world, 'select type from app.contacts'), [{ type: 'Father' }]);
  });

  it('S1-70 Member ID', async () => {
    const { staff, path, save } = await atContact();
    named((await staff.get(path)).text, 'Member ID');
    await save({ memberId: 'USAG 4111 1111 1111 1111' });
    assert.match((await staff.get(path)).text, /name="memberId" value="USAG 4111 1111 1111 1111"/);
  });

  it('S1-71 Primary Contact: an account has one', async () => {
    const { world, staff, path, save } = await atContact(undefined, { is_primary: false });
    named((await staff.get(path)).text, 'Primary Contact');
    await sql(world, `insert into app.contacts (account_id, first_name, last_name, is_primary) select id, 'Old', 'Primary', true from app.accounts`);
    await save({ isPrimary: 'on' });
    assert.deepEqual(await sql(world, 'select first_name as name from app.contacts where is_primary'), [{ name: 'Maria' }]);
  });

  it('S1-72 Billing Contact', async () => {
    const { world, staff, path, save } = await atContact();
    named((await staff.get(path)).text, 'Billing Contact');
    await save({ isBilling: 'on' });
    assert.deepEqual(await sql(world, 'select is_billing as is from app.contacts'), [{ is: true }]);
  });

  it('S1-73 Authorized to pick up student', async () => {
    const { world, staff, path, save } = await atContact();
    named((await staff.get(path)).text, 'Authorized to pick up student');
    await save({ mayPickUp: 'on' });
    assert.deepEqual(await sql(world, 'select may_pick_up as is from app.contacts'), [{ is: true }]);
  });

  it('S1-74 says beside Email whether it can be one; what came from elsewhere stays, a new one has to be one', async () => {
    const { staff, path, save } = await atContact(undefined, { email: 'maria at example' });
    const { text } = await staff.get(path);
    assert.match(text, /Email, Phone Numbers, &amp; Address/);
    assert.match(text, /id="email-state">[^]*?Not a valid address/);
    assert.equal((await save({ cellPhone: '(704) 555-0101' })).status, 303);
    const refused = await save({ email: 'also at example' });
    assert.equal(refused.status, 422);
    assert.match(refused.text, /id="email-error"/);
    await save({ email: 'maria@example.test' });
    assert.match((await staff.get(path)).text, /id="email-state">[^]*?Valid address/);
  });

  it('S1-75 Mass Email Opt-Out, with a help mark', async () => {
    const { world, staff, path, save } = await atContact();
    const { text } = await staff.get(path);
    named(text, 'Mass Email Opt-Out');
    assert.match(text, /<summary[^>]*>\[\?\]<\/summary>/);
    await save({ massEmailOptOut: 'on' });
    assert.deepEqual(await sql(world, 'select mass_email_opt_out as out from app.contacts'), [{ out: true }]);
  });

  it('S1-76 five phones', async () => {
    const { world, staff, path, save } = await atContact();
    const { text } = await staff.get(path);
    for (const label of ['Home Phone', 'Work Phone', 'Cell Phone', 'Fax', 'Other Phone']) named(text, label);
    const phones = { homePhone: '704 555 0102', workPhone: '(704) 555-0177', cellPhone: '+1 704 555 0101', fax: '704.555.0109', otherPhone: '555-0100 x12' };
    await save(phones);
    assert.deepEqual(await sql(world, 'select home_phone as "homePhone", work_phone as "workPhone", cell_phone as "cellPhone", fax, other_phone as "otherPhone" from app.contacts'), [phones]);
    const refused = await save({ fax: 'ask Bob' });
    assert.equal(refused.status, 422);
    assert.match(refused.text, /name="fax" value="ask Bob"/);
  });

  it('S1-77 Address 1, Address 2, City, State/Prov, Zip/Post Code', async () => {
    const { world, staff, path, save } = await atContact();
    const { text } = await staff.get(path);
    for (const label of ['Address 1', 'Address 2', 'City', 'State/Prov', 'Zip/Post Code']) named(text, label);
    const address = { address1: '61 Laurel Way', address2: 'Apt 2', city: 'Harrow Mills', region: 'NC', postalCode: '28077' };
    await save(address);
    assert.deepEqual(await sql(world, 'select address1, address2, city, region, postal_code as "postalCode" from app.contacts'), [address]);
  });

  it('S1-66 DELETE says what goes and what stays; the login ends with its last contact, and its id is free again', async () => {
    const { world, staff, path, visitor, contactId } = await atContact('maria@example.test');
    await visitor.signIn('maria@example.test', password);
    const asked = await staff.get(`${path}/removal`);
    assert.match(asked.text, /The login maria@example\.test ends/);
    assert.equal((await sql(world, 'select 1 from app.contacts')).length, 1);
    assert.equal((await staff.post(`${path}/removal`)).status, 303);
    assert.equal((await staff.get(path)).status, 404);
    assert.equal(await signInsOf(world), 0);
    assert.deepEqual(await openOf(world, 'maria@example.test', password), false);
    assert.deepEqual(await sql(world, `select contact_name as name from app.portal_log where kind = 'contact-removed' and contact_id = $1`, [contactId]), [{ name: 'Maria Bestie' }]);
    assert.deepEqual(await sql(world, `select 1 from app.logins where login_id = 'maria@example.test'`), []);
  });

  it('S1-66 a login that another contact shares stays when one of them is deleted', async () => {
    const { world, staff, path } = await atContact('maria@example.test');
    await sql(world, `insert into app.contacts (account_id, login_ref, first_name, last_name, email) select account_id, login_ref, 'Maria', 'Second', 'maria@example.test' from app.contacts`);
    assert.match((await staff.get(`${path}/removal`)).text, /The login maria@example\.test stays: another contact/);
    await staff.post(`${path}/removal`);
    assert.ok(await openOf(world, 'maria@example.test', password));
  });

  it('S1-57 a login id that is the old address follows to the new one when staff leave that ticked, and is refused where somebody has it', async () => {
    const { world, save } = await atContact('maria@example.test');
    assert.equal((await save({ email: 'new@example.test' })).status, 303);
    assert.ok(await openOf(world, 'new@example.test', password));
    await sql(world, `insert into app.logins (login_id) values ('Taken@example.test')`);
    const refused = await save({ email: 'taken@example.test', loginFollows: 'on' });
    assert.equal(refused.status, 422);
    assert.deepEqual(await sql(world, 'select email from app.contacts'), [{ email: 'new@example.test' }]);
    await save({ email: 'third@example.test', loginFollows: undefined });
    assert.ok(await openOf(world, 'new@example.test', password));
  });
});
