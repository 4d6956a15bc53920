import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { formatsFor } from '../../server/platform/formats.ts';
import { translator } from '../../server/platform/text.ts';
import { Site } from '../../server/site/site.ts';
import { initialSettings } from '../../server/settings/schema.ts';
import { visit } from '../support/visitor.ts';
import { makeInvoice, makeStaff, makeWorld, password, signedInFamily, sql } from '../support/world.ts';

const siteIn = (locale: 'en-US' | 'en-GB' | 'es-MX' | 'es-ES') => new Site({ ...initialSettings, 'tenant.locale': locale }, 1);

describe('the language of a reader', () => {
  it('is chosen by a customer on the own account page, and every page speaks it from then on, with its dates and amounts', async () => {
    const { world, accountId, visitor } = await signedInFamily('cloud');
    await makeInvoice(world, accountId, { total_cents: 123_450, issued_on: '2026-03-02', due_on: '2026-03-09' });
    assert.match((await visitor.get('/account')).text, /<dt>Language<\/dt><dd><span>English<\/span><a href="\/account\/language">Change the language/);
    assert.match((await visitor.get('/account/language')).text, /<html lang="en"[\s\S]*name="language" value="en"[^>]*checked/);
    assert.equal((await visitor.post('/account/language', { language: 'es' })).headers['location'], '/account');
    assert.match((await visitor.get('/account')).text, /<html lang="es"[\s\S]*Desde ahora, el portal le habla en español\.[\s\S]*<dt>Idioma<\/dt><dd><span>Español/);
    assert.match((await visitor.get('/invoices')).text, /9 mar 2026[\s\S]*\$1,234\.50/);
    assert.match((await visitor.get('/no-such-page')).text, /Aquí no hay nada/);
  });

  it('is chosen by staff for themselves alone', async () => {
    const world = await makeWorld('studio');
    await Promise.all([makeStaff(world), makeStaff(world, 'manager')]);
    const owner = await (await visit(world.slug)).signIn('owner@example.test', password, '/staff/login');
    const manager = await (await visit(world.slug)).signIn('manager@example.test', password, '/staff/login');
    await owner.get('/staff/my-account/language');
    assert.equal((await owner.post('/staff/my-account/language', { language: 'es' })).headers['location'], '/staff/my-account');
    assert.match((await owner.get('/staff')).text, /<html lang="es"[\s\S]*Cuentas/);
    assert.match((await manager.get('/staff')).text, /<html lang="en"[\s\S]*Accounts/);
    assert.match((await (await visit(world.slug)).get('/login')).text, /<html lang="en"/);
  });

  it('that is none of ours is refused beside the choice, and nothing changes', async () => {
    const { world, visitor } = await signedInFamily('cloud');
    await visitor.get('/account/language');
    for (const language of ['tlh', '', 'en-US', '__proto__']) {
      const refused = await visitor.post('/account/language', { language });
      assert.deepEqual([refused.status, /id="language-error"/.test(refused.text)], [422, true], language);
    }
    assert.deepEqual(await sql(world, 'select locale from app.logins'), [{ locale: null }]);
  });

  it('is that of the mails to whoever has chosen it, also to a program that reads them aloud', async () => {
    const { world, visitor } = await signedInFamily('studio');
    await visitor.get('/account/language');
    await visitor.post('/account/language', { language: 'es' });
    await visitor.get('/account/name');
    await visitor.post('/account/name', { firstName: 'María', lastName: 'Bestie' });
    const [mail] = await sql<{ subject: string; html_body: string }>(world, 'select subject, html_body from app.messages order by id desc limit 1');
    assert.match(mail?.subject ?? '', /Se cambió su nombre$/);
    assert.match(mail?.html_body ?? '', /<html lang="es">/);
  });

  it('has our own words on the tabs, and the organization’s word for those it serves, where it is not the organization’s', async () => {
    const { visitor } = await signedInFamily('studio');
    assert.match((await visitor.get('/')).text, />Fees<[\s\S]*>My Family</);
    await visitor.get('/account/language');
    await visitor.post('/account/language', { language: 'es' });
    const { text } = await visitor.get('/account');
    assert.match(text, />Facturas<[\s\S]*>Mi cuenta</);
    assert.doesNotMatch(text, /My Family|Fees/);
    const words = (one: string) => new Site({ ...initialSettings, 'words.account_one': one, 'words.account_many': `${one}s` }, 1).translate('es')('properties.all');
    assert.deepEqual([words('Client'), words('property'), words('pony')], ['Sus clientes', 'Sus propiedades', 'Sus cuentas']);
  });

  it('is written as it is where the organization is: with its own region, else the first we have', () => {
    assert.deepEqual([siteIn('en-US').localeFor('es'), siteIn('en-US').localeFor('en'), siteIn('en-US').localeFor(null), siteIn('en-GB').localeFor('es'), siteIn('es-MX').localeFor('en'), siteIn('es-MX').localeFor('es-US')], ['es-US', 'en-US', 'en-US', 'es-US', 'en-US', 'es-MX']);
  });

  it('shows staff what a line of the log is about in their own, while its words stay as they were written', async () => {
    const world = await makeWorld('studio');
    await makeStaff(world);
    const owner = await (await visit(world.slug)).signIn('owner@example.test', password, '/staff/login');
    await owner.get('/staff/my-account/language');
    await owner.post('/staff/my-account/language', { language: 'es' });
    for (const path of ['/staff', '/staff/reports/portal-log']) assert.match((await owner.get(path)).text, /<strong>Datos cambiados<\/strong> Language changed to es by UserID: owner@example\.test/, path);
  });

  it('ends a sentence once, also after "p.m.", and has no comma within a Spanish day', () => {
    const t = translator('es');
    assert.equal(t('settings.lead', { version: 2, at: '9 nov 2026, 3:13 p.m.' }), 'La versión 2 está publicada desde el 9 nov 2026, 3:13 p.m.');
    assert.equal(t('settings.lead', { version: 2, at: 'ayer' }), 'La versión 2 está publicada desde el ayer.');
    const formats = formatsFor('es-US', 'USD', 'America/New_York');
    assert.doesNotMatch(formats.nearDate(formats.today()), /,/);
  });

  it('writes amounts and days by the same locale on the page and in what formats by itself', () => {
    const formats = formatsFor(siteIn('en-US').localeFor('es'), 'USD', 'America/New_York');
    assert.deepEqual([formats.locale, formats.money(123_450), formats.date('2026-11-09'), formats.number(1234.5)], ['es-US', '$1,234.50', '9 nov 2026', '1,234.5']);
  });
});
