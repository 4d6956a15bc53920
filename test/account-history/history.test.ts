import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { browse, isTooWide } from '../support/browser.ts';
import { define, staffOf } from '../custom-fields/fields.ts';
import { visit } from '../support/visitor.ts';
import { makeAccount, makeContact, makeLogin, password, signedInFamily, sql, type World } from '../support/world.ts';

const path = '/account/history';
const undoIn = (html: string) => /action="(\/account\/history\/[^"]+\/undo)"/.exec(html)?.[1] ?? '';
const phones = { cellPhone: '', homePhone: '', workPhone: '', otherPhone: '' };
const line = (world: World, kind: string, message: string, of: { accountId?: string; contactId?: string }, at = 'now()') =>
  sql(world, `insert into app.portal_log (kind, message, account_id, contact_id, at) values ($1, $2, $3, $4, ${at})`, [kind, message, of.accountId ?? null, of.contactId ?? null]);

describe('your account history', () => {
  it('B-3 tells in plain words what happened: signing in, what was changed from what to what, money, and that support has looked', async () => {
    const { world, accountId, contactId, visitor } = await signedInFamily('studio');
    await visitor.get('/account/phones');
    await visitor.post('/account/phones', { ...phones, cellPhone: '(704) 555-0140' });
    await line(world, 'support-viewed', 'Support viewed the portal: Fay on behalf of Maria. Reason: private words', { accountId, contactId });
    await line(world, 'invoice', 'Invoice INV-77 sent Amount: 85.00', { accountId });
    const { text } = await visitor.get(path);
    for (const words of ['You signed in', 'Your information was changed', '(704) 555-0140', 'Support viewed your account', 'You were sent an invoice: INV-77']) assert.ok(text.includes(words), words);
    assert.doesNotMatch(text, /private words|UserID|Fay/);
    assert.match((await visitor.get('/account')).text, /href="\/account\/history"/);
  });

  it('B-3 shows neither what staff keep to themselves, nor what another contact or another account did', async () => {
    const { world, accountId, contactId, visitor } = await signedInFamily('studio');
    const spouse = await makeContact(world, accountId, { first_name: 'Sam', is_primary: false, email: 'sam@example.test' });
    const strangers = await makeAccount(world, { name: 'Strangers' });
    for (const [kind, message] of [['account', 'Account Q1 merged'], ['contact-removed', 'Contact removed'], ['settings-published', 'Settings'], ['staff-sign-in', 'Staff'], ['support-viewed-untold', 'x'], ['preview-started', 'x']] as const) await line(world, kind, message, { accountId, contactId });
    await line(world, 'password-changed', 'Password changed', { accountId, contactId: spouse });
    await line(world, 'email-change-asked', 'New email', { accountId, contactId: spouse });
    await line(world, 'invoice', 'Invoice INV-99 sent', { accountId: strangers });
    const { text } = await visitor.get(path);
    assert.equal(text.match(/<li><p><b>/g)?.length, 1);
    assert.match(text, /You signed in/);
    assert.doesNotMatch(text, /INV-99|password was changed|kind-/);
  });

  it('B-3 is filtered by kind and days, goes on page by page without losing or doubling a line, and downloads', async () => {
    const { world, accountId, contactId, visitor } = await signedInFamily('studio');
    for (let at = 0; at < 70; at += 1) await line(world, 'invoice', `Invoice INV-${1000 + at} sent`, { accountId }, `now() - interval '${Math.floor(at / 3)} minutes'`);
    await line(world, 'contact-request', 'x', { accountId, contactId }, `'2020-02-03T04:30:00Z'`);
    const seen: string[] = [];
    for (let next: string | undefined = `${path}?what=money`; next; ) {
      const { text }: { text: string } = await visitor.get(next);
      seen.push(...[...text.matchAll(/INV-(\d+)/g)].map(([, number]) => number ?? ''));
      next = /rel="next" href="([^"]+)"/.exec(text)?.[1]?.replaceAll('&amp;', '&').replaceAll('&#38;', '&');
    }
    assert.deepEqual([seen.length, new Set(seen).size], [70, 70]);
    // In New York it was still the second of February.
    assert.match((await visitor.get(`${path}?from=2020-02-02&to=2020-02-02`)).text, /You wrote to us/);
    assert.match((await visitor.get(`${path}?from=2020-02-03&to=2020-02-04`)).text, /Nothing of that kind/);
    const wrong = await visitor.get(`${path}?from=2020-02-30&to=x`);
    assert.deepEqual([wrong.status, /id="from-error"/.test(wrong.text)], [422, true]);
    assert.equal((await visitor.get(`${path}?from=2020-02-03&to=2020-02-01`)).status, 422);
    assert.equal((await visitor.get(`${path}?after=2020-02-03T04:30:00Z_nonsense&what=x`)).status, 200);
    const csv = await visitor.get(`${path}/export.csv?what=contact`);
    assert.match(csv.text, /When,What happened,Before and after,Device\r\n"?[^\n]*You wrote to us/);
  });

  it('B-3 S4-54 a change of the own fields is undone from there; once something newer stands, that is undone first', async () => {
    const { world, visitor } = await signedInFamily('fieldservice');
    const id = await define(await staffOf(world), world, 'Gate code');
    await visitor.get('/account/additional');
    for (const [before, after] of [['', '4711'], ['4711', '0815']] as const) await visitor.post('/account/additional', { [`field-${id}`]: after, [`seen-${id}`]: before });
    const undos = [...(await visitor.get(path)).text.matchAll(/action="(\/account\/history\/[^"]+\/undo)"/g)].map(([, action]) => action ?? '');
    assert.equal(undos.length, 2);
    const value = async () => (await sql<{ value: string }>(world, 'select value from app.custom_values')).map((row) => row.value);
    await visitor.post(undos[1] ?? '');
    assert.match((await visitor.get(path)).text, /Undo the later change first/);
    assert.deepEqual(await value(), ['0815']);
    await Promise.all(Array.from({ length: 20 }, () => visitor.post(undos[0] ?? '')));
    assert.deepEqual(await value(), ['4711']);
    await visitor.post(undos[1] ?? '');
    assert.deepEqual(await value(), []);
    assert.deepEqual((await sql(world, `select kind from app.portal_log where kind = 'change-undone'`)).length, 2);
  });

  it('B-3 who has several accounts finds the own sign-ins whichever is looked at', async () => {
    const { world, visitor } = await signedInFamily('fieldservice');
    const second = await makeAccount(world, { name: 'Rental' });
    await sql(world, `insert into app.contacts (account_id, first_name, last_name, email, login_ref) select $1, 'Maria', 'Bestie', 'maria@example.test', id from app.logins`, [second]);
    await line(world, 'password-changed', 'x', { accountId: second, contactId: (await sql<{ id: string }>(world, 'select id from app.contacts where account_id = $1', [second]))[0]?.id ?? '' });
    assert.match((await visitor.get(path)).text, /Your password was changed[^]*You signed in/);
  });

  it('nobody undoes what another contact, another account or another organization changed', async () => {
    const { world, accountId, visitor } = await signedInFamily('studio');
    await visitor.get('/account/phones');
    await visitor.post('/account/phones', { ...phones, cellPhone: '(704) 555-0140' });
    const undo = undoIn((await visitor.get(path)).text);
    assert.ok(undo);
    await makeContact(world, accountId, { login_ref: await makeLogin(world, 'sam@example.test'), email: 'sam@example.test', is_primary: false });
    const spouse = await (await visit(world.slug)).signIn('sam@example.test', password);
    const elsewhere = (await signedInFamily('studio')).visitor;
    for (const other of [spouse, elsewhere]) assert.equal((await other.post(undo)).status, 404);
    assert.deepEqual(await sql(world, 'select cell_phone from app.contacts where is_primary'), [{ cell_phone: '(704) 555-0140' }]);
  });

  it('S4-53 S4-54 in a real browser: Additional Information is edited, stands in the history, and is undone', async () => {
    const { world } = await signedInFamily('fieldservice');
    const owner = await staffOf(world);
    await define(owner, world, 'Gate code', { hint: 'So that the crew gets in.' });
    await define(owner, world, 'Pets', { type: 'choice', choices: 'None\nDog' });
    const tab = await browse(world.slug, { viewport: { width: 390, height: 844 } });
    const { page, problems } = tab;
    await page.goto('/login');
    await page.fill('[name=login]', 'maria@example.test');
    await page.fill('[name=password]', password);
    await page.press('[name=password]', 'Enter');
    await page.waitForURL('**/');
    await page.goto('/account');
    await page.click('#additional a[href="/account/additional"]');
    await page.getByLabel('Gate code').fill('4711#');
    await page.getByLabel('Pets').selectOption('Dog');
    assert.equal(await isTooWide(page), false);
    await page.click('main form .btn-primary');
    await page.waitForURL('**/account');
    assert.match(await page.locator('#additional').innerText(), /4711#[^]*Dog/);
    await page.click('a[href="/account/history"]');
    assert.match(await page.locator('.events').innerText(), /Gate code: [^]*4711#[^]*Pets/);
    assert.equal(await isTooWide(page), false);
    await page.click('.events form button');
    await page.waitForURL('**/account/history');
    assert.match(await page.locator('main').innerText(), /What was there before is back/);
    await page.goto('/account');
    assert.doesNotMatch(await page.locator('#additional').innerText(), /4711#/);
    assert.deepEqual(problems, []);
    await tab.close();
  });
});
