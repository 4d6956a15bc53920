import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { languages, translator } from '../../server/platform/text.ts';
import { namesIn, sections } from '../../server/staff-settings/fields.ts';
import { checkSettings, readSettings, settingNames, settings, type SettingName } from '../../server/settings/schema.ts';
import { run } from '../../server/platform/database.ts';
import { withTenant } from '../../server/tenancy/tenant-transaction.ts';
import { makeWorld, sql } from '../support/world.ts';
import { edit, formFields, ownedWorld } from '../support/staff-visit.ts';

const bad: readonly (readonly [string, SettingName, unknown, RegExp])[] = [
  ['portal', 'portal.display_name', '', /Enter something here/],
  ['portal', 'portal.display_name', '   ', /Enter something here/],
  ['portal', 'portal.display_name', '\u200b\u2060', /Enter something here/],
  ['portal', 'portal.display_name', 'x'.repeat(61), /At most 60 characters/],
  ['portal', 'portal.display_name', 'a\u0000b', /cannot be saved/],
  ['portal', 'portal.display_name', ['a', 'b'], /cannot be saved/],
  ['portal', 'portal.brand_color', 'red', /Enter a color/],
  ['portal', 'portal.brand_color', '#12345', /Enter a color/],
  ['portal', 'portal.brand_color', '#0f766e;}body{display:none', /Enter a color/],
  ['portal', 'portal.business_info', 'x'.repeat(501), /At most 500 characters/],
  ['portal', 'portal.website_url', 'javascript:alert(1)', /begins with https/],
  ['portal', 'portal.website_url', 'https://', /begins with https/],
  ['portal', 'portal.website_url', 'www.example.com', /begins with https/],
  ['portal', 'tenant.timezone', 'Mars/Olympus', /Choose one from the list/],
  ['portal', 'tenant.currency', 'XXQ', /Choose one from the list/],
  ['portal', 'tenant.locale', 'tlh', /Choose one from the list/],
  ['navigation', 'nav.layout', 'upside-down', /Choose one from the list/],
  ['words', 'words.account_one', '', /Enter something here/],
  ['sign-in', 'login.session_idle_minutes', '4', /whole number from 5 to 720/],
  ['sign-in', 'login.session_idle_minutes', '721', /whole number from 5 to 720/],
  ['sign-in', 'login.session_idle_minutes', '30.5', /whole number from 5 to 720/],
  ['sign-in', 'login.session_idle_minutes', '', /whole number from 5 to 720/],
  ['payments', 'payments.stripe_account', 'my account', /as Stripe shows it/],
  ['billing', 'billing.pay_scopes', '', /Choose at least one/],
  ['billing', 'billing.pay_scopes', ['balance', 'everything'], /Choose one from the list/],
  ['billing', 'billing.billing_email', 'not an address', /Enter an email address/],
  ['payments', 'payments.method_types', ['', 'gold'], /Choose one from the list/],
  ['contact', 'contact.email', 'a@b@c', /Enter an email address/],
  ['contact', 'social.facebook', '"><script>', /Enter the name of your page/],
  ['contact', 'social.twitter', 'javascript:alert(1)', /Enter the name of your page/],
];

describe('settings as they are typed', () => {
  it('a wrong value is refused beside its field, what was typed is kept, and nothing is saved', async () => {
    const { world, owner } = await ownedWorld('cloud');
    for (const [section, name, value, message] of bad) {
      const refused = await edit(owner, section, { [name]: value }, 'publish');
      assert.equal(refused.status, 422, `${name} ${String(value)}`);
      const error = new RegExp(`id="${name.replace('.', '\\.')}-error"[^]*?</p>`).exec(refused.text)?.[0] ?? '';
      assert.match(error, message, `${name} ${String(value)}`);
      if (typeof value === 'string' && value && settings[name].control !== 'choice' && !settings[name].choices) assert.equal(formFields(refused.text)[name], value);
    }
    assert.deepEqual(await sql(world, 'select version, draft from app.settings'), [{ version: 1, draft: null }]);
  });

  it('texts are tidied: blanks at the ends, line breaks in names, a colour in capitals or without its sign', async () => {
    const { world, owner } = await ownedWorld('cloud');
    await edit(owner, 'portal', { 'portal.display_name': '  Łódź \r\n Gym ', 'portal.brand_color': 'A8326E', 'portal.business_info': ' One\r\nTwo \r\n' });
    const [row] = await sql<{ draft: object }>(world, 'select draft from app.settings');
    assert.deepEqual(row?.draft, { 'portal.display_name': 'Łódź Gym', 'portal.brand_color': '#a8326e', 'portal.business_info': 'One\nTwo' });
  });

  it('yes and no are kept as such', async () => {
    const { world, owner } = await ownedWorld('cloud');
    await edit(owner, 'access', { 'access.invitation_confirm_mail': 'false' });
    const [row] = await sql<{ draft: object }>(world, 'select draft from app.settings');
    assert.deepEqual(row?.draft, { 'access.invitation_confirm_mail': false });
    assert.match((await owner.get('/staff/settings')).text, /<td class="was">[^]*Yes<\/td><td class="is">[^]*No<\/td>/);
  });

  it('names that are no settings of the section are never stored', async () => {
    const { world, owner } = await ownedWorld('cloud');
    const answer = await edit(owner, 'contact', { 'portal.display_name': 'Elsewhere', role: 'owner', 'constructor': 'x', __proto__x: 'y', 'contact.phone': '555 0100' });
    assert.equal(answer.status, 303);
    const [row] = await sql<{ draft: object }>(world, 'select draft from app.settings');
    assert.deepEqual(row?.draft, { 'contact.phone': '555 0100' });
  });

  it('an unticked set is an answer, a field that is left out keeps its value', async () => {
    const { world, owner } = await ownedWorld('cloud');
    const fields = formFields((await owner.get('/staff/settings/billing')).text);
    const answer = await owner.post('/staff/settings/billing', { seen: fields['seen'], 'billing.header_items': '' });
    assert.equal(answer.status, 303);
    const [row] = await sql<{ draft: object }>(world, 'select draft from app.settings');
    assert.deepEqual(row?.draft, { 'billing.header_items': [] });
  });

  it('what differs from the published settings is marked, with what clients see now', async () => {
    const { owner } = await ownedWorld('cloud');
    await edit(owner, 'sign-in', { 'login.session_idle_minutes': '45' });
    const page = (await owner.get('/staff/settings/sign-in')).text;
    assert.equal(page.match(/class="setting is-changed"/g)?.length, 1);
    assert.match(page, /Not published[\s\S]{0,100}Published now: 60/);
    assert.match(page, /At first: 30\./);
    assert.match(page, /1 change not published/);
  });

  it('every setting stands in one section, with a label, a sentence and a name for each choice, in every language', () => {
    assert.deepEqual(sections.flatMap((section) => namesIn(section)).toSorted(), settingNames.toSorted());
    for (const language of languages) {
      const t = translator(language);
      const keys = settingNames.flatMap((name) => {
        const { control, choices = [] } = settings[name];
        return ['', '-label', ...(control === 'choice' || control === 'set' ? choices.filter((choice) => choice !== 'true' && choice !== 'false').map((choice) => `-choice-${choice}`) : [])].map((end) => `settings.${name}${end}`);
      });
      for (const key of keys) assert.notEqual(t(key), key, `${language}: ${key}`);
    }
  });

  it('the initial value of every setting is a right one', () => {
    assert.deepEqual(checkSettings(readSettings({})).errors, {});
  });

  it('PostgreSQL knows every time zone that can be chosen', async () => {
    const { id } = await makeWorld('cloud');
    const unknown = await withTenant(id, () => run('select zone from unnest($1::text[]) zone where zone not in (select name from pg_timezone_names)', [settings['tenant.timezone'].choices]));
    assert.deepEqual(unknown, []);
  });
});
