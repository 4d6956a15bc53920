import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { initialSettings, type SettingsDocument } from '../../server/settings/schema.ts';
import { listWideEffects } from '../../server/settings-drafts/wide-effects.ts';
import { translator } from '../../server/platform/text.ts';
import { withTenant } from '../../server/tenancy/tenant-transaction.ts';
import { makeAccount, makeContact, makeInvoice, makeLogin, makeWorld, sql, type World } from '../support/world.ts';
import { confirmedIn, edit, ownedWorld, seenIn } from '../support/staff-visit.ts';

const versionOf = async (world: World) => (await sql<{ version: number }>(world, 'select version from app.settings'))[0]?.version;

/** What each switch touches here, where one family owes two invoices, one pays by autopay with a saved card and a bank account, and one has a login. */
const switches: readonly (readonly [key: string, before: Partial<SettingsDocument>, after: Partial<SettingsDocument>, count: number])[] = [
  ['payments-off', { 'payments.gateway': 'sandbox', 'autopay.enabled': false }, { 'payments.gateway': 'none' }, 1],
  ['invoices-hidden', { tabs: [{ key: 'invoices', enabled: 'on' }] }, { tabs: [{ key: 'invoices', enabled: 'off' }] }, 2],
  ['billing-hidden', { tabs: [{ key: 'billing', enabled: 'auto' }] }, { tabs: [] }, 1],
  ['card-off', { 'payments.method_types': ['card', 'bank'] }, { 'payments.method_types': ['bank'] }, 1],
  ['bank-off', { 'payments.method_types': ['card', 'bank'] }, { 'payments.method_types': ['card'] }, 1],
  ['autopay-off', { 'payments.gateway': 'sandbox' }, { 'payments.gateway': 'sandbox', 'autopay.enabled': false }, 1],
  ['suspension', {}, { 'suspension.enabled': true, 'suspension.after_days': 5 }, 1],
  ['identifier', {}, { 'login.identifier': 'username' }, 1],
  ['invited-only', {}, { 'access.default': 'invited_only' }, 1],
  ['two-factor', {}, { 'login.two_factor': 'required' }, 1],
  ['questions', {}, { 'login.security_questions': 'required' }, 1],
  ['mail', {}, { 'retention.email_days': 30 }, 3],
];

async function busyWorld(): Promise<World> {
  const world = await makeWorld('studio');
  const owing = await makeAccount(world);
  for (const number of ['INV-1', 'INV-2']) await makeInvoice(world, owing, { number, due_on: '2026-01-15' });
  await makeContact(world, owing, { login_ref: await makeLogin(world) });
  const paying = await makeAccount(world, { name: 'Autopay' });
  await makeContact(world, paying, { email: 'new@example.test' });
  for (const [kind, token] of [['card', 'a'], ['bank', 'b']]) await sql(world, `insert into app.payment_methods (account_id, gateway, token, kind, brand, last4, exp_month, exp_year) values ($1, 'sandbox', $2, $3, 'Visa', '4242', case when $3 = 'card' then 1 end, case when $3 = 'card' then 2030 end)`, [paying, token, kind]);
  await sql(world, 'update app.accounts set autopay = true where id = $1', [paying]);
  await sql(world, `insert into app.messages (type, status, subject, to_address, from_address, text_body, html_body, created_at) select 'test', 'complete', 's', 'a@example.test', 'b@example.test', 'text', '', now() - interval '40 days' from generate_series(1, 3)`);
  return world;
}

describe('settings that touch many at once', () => {
  it('each switch counts whom it touches, and none is named that touches nobody', async () => {
    const [busy, empty] = [await busyWorld(), await makeWorld('studio')];
    const t = translator('en', { accountOne: 'family', accountMany: 'families' });
    for (const [key, before, after, count] of switches) {
      const [one, other] = [{ ...initialSettings, ...before }, { ...initialSettings, ...after }];
      const effects = await withTenant(busy.id, () => listWideEffects(one, other, t));
      assert.deepEqual(effects, [{ key, text: t(`settings.effect-${key}`, { count }) }], key);
      assert.match(effects[0]?.text ?? '', new RegExp(`\\b${count}\\b`));
      assert.deepEqual(await withTenant(empty.id, () => listWideEffects(one, other, t)), [], key);
      if (key !== 'identifier') assert.deepEqual(await withTenant(busy.id, () => listWideEffects(other, one, t)), [], `${key} the other way round`);
    }
  });

  it('nothing is published before the question is answered; the draft is kept, and one press on the second page publishes', async () => {
    const { world, owner } = await ownedWorld('cloud');
    const account = await makeAccount(world);
    await makeInvoice(world, account);
    const asked = await edit(owner, 'payments', { 'payments.gateway': 'none' }, 'publish');
    assert.equal(asked.headers['location'], '/staff/settings');
    assert.equal(await versionOf(world), 1);
    const overview = await owner.get('/staff/settings');
    assert.match(overview.text, /Before you publish[\s\S]*1 of those who owe money can no longer pay here[\s\S]*Publish all the same/);
    const refused = await owner.post('/staff/settings/publication', { seen: seenIn(overview.text) });
    assert.equal(refused.status, 422);
    assert.match(refused.text, /Nothing is published yet/);
    const answer = await owner.post('/staff/settings/publication', { seen: seenIn(overview.text), confirmed: confirmedIn(overview.text) });
    assert.equal(answer.status, 303);
    assert.equal(await versionOf(world), 2);
  });

  it('returning to a version that touches many asks, too, and says what it changes', async () => {
    const { world, owner } = await ownedWorld('cloud', { 'payments.gateway': 'none' });
    await makeInvoice(world, await makeAccount(world));
    await edit(owner, 'payments', { 'payments.gateway': 'sandbox' }, 'publish');
    const refused = await owner.post('/staff/settings/versions/1/publication');
    assert.equal(refused.status, 422);
    assert.match(refused.text, /Return to version 1[\s\S]*Payment service[\s\S]*can no longer pay here/);
    assert.equal((await owner.post('/staff/settings/versions/1/publication', { confirmed: confirmedIn(refused.text) })).status, 303);
    assert.equal(await versionOf(world), 3);
  });

  it('the currency is locked once money is posted', async () => {
    const { world, owner } = await ownedWorld('cloud');
    await makeInvoice(world, await makeAccount(world));
    const refused = await edit(owner, 'portal', { 'tenant.currency': 'EUR', 'portal.display_name': 'Kept' });
    assert.equal(refused.status, 422);
    assert.match(refused.text, /id="tenant\.currency-error"[\s\S]{0,2000}Money has been posted[\s\S]*/);
    assert.match(refused.text, /value="Kept"/);
    assert.deepEqual(await sql(world, 'select draft from app.settings'), [{ draft: null }]);
  });
});
