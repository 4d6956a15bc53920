import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { open } from '../support/door.ts';
import { lastLetter, lettersTo, linkIn } from '../support/letters.ts';
import { visit } from '../support/visitor.ts';
import { makeContact, makeLogin, password, signedInFamily, sql, type Family } from '../support/world.ts';

const card = { firstName: 'Bea', lastName: 'Billing', cellPhone: '', homePhone: '', workPhone: '(704) 555-0140', otherPhone: '', address1: '400 Fenwright Plaza', address2: '', city: 'Harrow Mills', region: 'NC', postalCode: '28077' };
const old = 'bea@example.test';

/** A family whose bills go to somebody else than the one who has signed in. */
async function withBillingContact(columns: Readonly<Record<string, unknown>> = {}): Promise<Family & { billingId: string }> {
  const family = await signedInFamily('billing');
  const billingId = await makeContact(family.world, family.accountId, { first_name: 'Bea', last_name: 'Billing', email: old, is_primary: false, is_billing: true, ...columns });
  await family.visitor.get('/billing/contacts');
  return { ...family, billingId };
}

describe('billing contacts', () => {
  it('S0-25 are cards under Contacts, reached from the account page', async () => {
    const { visitor } = await withBillingContact();
    assert.match((await visitor.get('/account')).text, /href="\/billing\/contacts".*Contacts/s);
    const { text } = await visitor.get('/billing/contacts');
    assert.match(text, /Bea Billing/);
    assert.doesNotMatch(text, /<h2>Maria/);
  });

  it('S0-25 where nobody is named for the bills, the primary contact is shown', async () => {
    const { visitor } = await signedInFamily('billing');
    assert.match((await visitor.get('/billing/contacts')).text, /<h2>Maria Bestie<\/h2>/);
  });

  it('S0-26 each card has an EDIT link to the billing contact on file', async () => {
    const { visitor, billingId } = await withBillingContact();
    assert.match((await visitor.get('/billing/contacts')).text, new RegExp(`href="/billing/contacts/${billingId}"[^>]*>EDIT<`));
  });

  it('S0-4 name, phones and address are changed there, and the log says so', async () => {
    const { world, visitor, billingId } = await withBillingContact();
    const refused = await visitor.post(`/billing/contacts/${billingId}`, { ...card, email: old, lastName: '' });
    assert.deepEqual([refused.status, /id="lastName-error"/.test(refused.text), /400 Fenwright/.test(refused.text)], [422, true, true]);
    assert.equal((await visitor.post(`/billing/contacts/${billingId}`, { ...card, email: old })).headers['location'], '/billing/contacts');
    assert.match((await visitor.get('/billing/contacts')).text, /400 Fenwright Plaza\nHarrow Mills NC 28077/);
    assert.deepEqual(await sql(world, `select message from app.portal_log where kind = 'billing-contact-changed'`), [{ message: 'Billing contact changed by UserID: maria@example.test' }]);
  });

  it('S0-27 a new email asks the password, is confirmed at the new address, told to the old one, and then gets the reset mails', async () => {
    const { world, visitor, billingId } = await withBillingContact();
    const given = { ...card, email: 'new@example.test' };
    assert.equal((await visitor.post(`/billing/contacts/${billingId}`, given)).status, 422);
    assert.equal((await visitor.post(`/billing/contacts/${billingId}`, { ...given, currentPassword: password })).status, 303);
    assert.match((await visitor.get('/billing/contacts')).text, /bea@example\.test/);
    const reader = await visit(world.slug);
    await open(reader, linkIn(await lastLetter(world, 'new@example.test'), 'Confirm this address'));
    await reader.post('/email/confirm');
    assert.match((await visitor.get('/billing/contacts')).text, /new@example\.test/);
    assert.match((await lastLetter(world, old)).subject, /Your email address was changed/);
    await reader.post('/password/forgot', { login: 'new@example.test' });
    assert.match((await lastLetter(world, 'new@example.test')).text, /Click Here to Reset Your Password/);
    const before = (await lettersTo(world, old)).length;
    await reader.post('/password/forgot', { login: old });
    assert.equal((await lettersTo(world, old)).length, before);
  });

  it('S0-27 whoever signs in for themselves keeps the own address: it cannot be taken over from another’s page', async () => {
    const { world, visitor, billingId } = await withBillingContact();
    await sql(world, 'update app.contacts set login_ref = $2 where id = $1', [billingId, await makeLogin(world, old)]);
    const { text } = await visitor.get(`/billing/contacts/${billingId}`);
    assert.doesNotMatch(text, /name="email"/);
    await visitor.post(`/billing/contacts/${billingId}`, { ...card, email: 'mallory@example.test', currentPassword: password });
    assert.deepEqual(await lettersTo(world, 'mallory@example.test'), []);
    assert.deepEqual(await sql(world, 'select email from app.contacts where id = $1', [billingId]), [{ email: old }]);
  });

  it('C-7 billing contacts are hidden, shown or edited as the organization says', async () => {
    const { visitor: viewer, accountId, world } = await signedInFamily('billing', { 'profile.fields.billing_contact': 'view' });
    const id = await makeContact(world, accountId, { is_billing: true });
    assert.doesNotMatch((await viewer.get('/billing/contacts')).text, />EDIT</);
    assert.equal((await viewer.get(`/billing/contacts/${id}`)).status, 404);
    assert.equal((await viewer.post(`/billing/contacts/${id}`, card)).status, 404);
    const { visitor } = await signedInFamily('billing', { 'profile.fields.billing_contact': 'hidden' });
    assert.equal((await visitor.get('/billing/contacts')).status, 404);
    assert.doesNotMatch((await visitor.get('/account')).text, /\/billing\/contacts/);
  });
});
