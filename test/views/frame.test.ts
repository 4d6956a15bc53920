import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { catalogue } from '../../server/platform/text.ts';
import { makeAccount, makeContact, makeStaff, makeWorld, password, signedInFamily, sql } from '../support/world.ts';
import { visit } from '../support/visitor.ts';

const linksIn = (html: string, list: string): string[] => {
  const nav = new RegExp(`<nav class="${list}".*?</nav>`, 's').exec(html)?.[0] ?? '';
  return [...nav.matchAll(/<span>([^<]+)<\/span><\/a>/g)].map(([, label = '']) => label);
};

describe('the frame of a portal', () => {
  it('S4-3 S0-1 the top carries the display name and what the portal is called', async () => {
    const { visitor } = await signedInFamily('studio');
    const { text } = await visitor.get('/');
    assert.match(text, /masthead-name">Juniper Hollow Gymnastics &amp; Dance<.*masthead-kind">Parent Portal</s);
  });

  it('S4-4 C-18 the tabs are the organization\'s, in its order and words, and say which one is open', async () => {
    const { visitor } = await signedInFamily('lawncare', { tabs: [{ key: 'account', enabled: 'on', label: 'Me' }, { key: 'invoices', enabled: 'off' }, { key: 'home', enabled: 'on' }] });
    const { text } = await visitor.get('/account');
    assert.deepEqual(linksIn(text, 'tabs'), ['Me', 'Home']);
    assert.match(text, /href="\/account" aria-current="page"/);
    assert.match(text, /<h1>Me<\/h1>/);
  });

  it('S0-23 S0-24 the navigation stands at the top, at the side, or at both', async () => {
    for (const [layout, top, side] of [['tabs', true, false], ['side', false, true], ['both', true, true]] as const) {
      const { visitor } = await signedInFamily('billing', { 'nav.layout': layout });
      const { text } = await visitor.get('/');
      assert.deepEqual([linksIn(text, 'tabs').includes('Billing &amp; Payments'), linksIn(text, 'side-links').includes('Billing &amp; Payments')], [top, side], layout);
    }
  });

  it('S0-24 C-18 where both are wanted the side menu drops down, so that nothing stands on the page twice', async () => {
    const { visitor } = await signedInFamily('billing', { 'nav.layout': 'both' });
    const { text } = await visitor.get('/');
    assert.match(text, /<details class="menu side-menu">\s*<summary>.*?Menu.*?<nav class="side-links".*?<\/details>/s);
    assert.doesNotMatch(text, /<div class="side">/);
  });

  it('S4-6 the organization\'s pages at social networks stand in the navigation bar, those it has named', async () => {
    const { visitor } = await signedInFamily('fieldservice', { 'social.facebook': 'tallowbrook', 'social.linkedin': 'company/tallowbrook-hvac' });
    const band = /<header class="band">.*?<\/header>/s.exec((await visitor.get('/')).text)?.[0] ?? '';
    assert.match(band, /href="https:\/\/www\.facebook\.com\/tallowbrook".*>Facebook<.*href="https:\/\/www\.linkedin\.com\/company\/tallowbrook-hvac".*>LinkedIn</s);
    assert.doesNotMatch(band, /x\.com/);
    const { visitor: other } = await signedInFamily('fieldservice');
    assert.doesNotMatch((await other.get('/')).text, /facebook|social-row/i);
  });

  it('S3-9 C-17 the pack\'s own words do not say the zone once more', async () => {
    const { visitor } = await signedInFamily('cloud');
    assert.equal((await visitor.get('/')).text.match(/Eastern/g)?.length, 1);
  });

  it('S4-5 C-21 the contact menu holds the email address and the telephone number', async () => {
    const { visitor } = await signedInFamily('fieldservice');
    const menu = /<details class="menu">.*?<\/details>/s.exec((await visitor.get('/')).text)?.[0] ?? '';
    assert.match(menu, /Contact.*href="tel:2155550150".*href="mailto:office@tallowbrook\.example"/s);
  });

  it('S4-7 S3-33 the person\'s menu leads to My account and to Log Out, which signs out', async () => {
    const { visitor } = await signedInFamily('cloud');
    assert.match((await visitor.get('/')).text, /href="\/account">.*My account.*action="\/logout".*Log Out/s);
    assert.equal((await visitor.post('/logout')).headers['location'], '/login');
    assert.equal((await visitor.get('/')).headers['location'], '/login');
  });

  it('S4-8 C-32 who has several accounts chooses which one to look at', async () => {
    const { world, visitor } = await signedInFamily('fieldservice');
    const other = await makeAccount(world, { name: 'The lake house', number: 'P-77' });
    const [login] = await sql<{ id: string }>(world, 'select id from app.logins');
    await makeContact(world, other, { login_ref: login?.id });
    assert.match((await visitor.get('/')).text, /action="\/account\/choice".*name="account".*The lake house/s);
    await visitor.post('/account/choice', { account: other });
    assert.match((await visitor.get('/account')).text, /You are looking at The lake house/);
  });

  it('S4-9 with one account the choice is there, but grey', async () => {
    const { visitor } = await signedInFamily('fieldservice');
    assert.match((await visitor.get('/')).text, /<button type="button" class="account-choice is-single" disabled>.*Bestie/s);
  });

  it('S3-9 C-17 the foot says in words which time zone everything is reckoned in', async () => {
    const { visitor } = await signedInFamily('cloud');
    assert.match((await visitor.get('/')).text, /All dates and calculations use Eastern Time\./);
  });

  it('the reader\'s own choice of light or dark is drawn before any script runs', async () => {
    const { slug } = await makeWorld('cloud');
    const visitor = await visit(slug);
    const page = await visitor.send('get', '/login').set('Cookie', 'theme=dark');
    assert.match(page.text, /<html lang="en" data-theme="dark" data-bs-theme="dark">/);
    assert.match((await visitor.get('/login')).text, /data-theme="auto" data-bs-theme="light"/);
  });

  it('a portal in Spanish is in Spanish', async () => {
    const { slug } = await makeWorld('cloud', { 'tenant.locale': 'es-MX' });
    assert.match((await (await visit(slug)).get('/login')).text, /<html lang="es".*Contraseña.*Iniciar sesión/s);
  });

  it('the door asks for what people sign in with here', async () => {
    for (const [identifier, label] of [['email', 'Email'], ['username', 'Username'], ['either', 'Email or username']] as const) {
      const { slug } = await makeWorld('cloud', { 'login.identifier': identifier });
      assert.match((await (await visit(slug)).get('/login')).text, new RegExp(`for="login">${label}</label>`));
    }
  });
});

describe('the frame of the staff', () => {
  it('S1-81 staff find their pages, the way to the portal under its name, and Log Out', async () => {
    const world = await makeWorld('studio');
    await makeStaff(world);
    const visitor = await (await visit(world.slug)).signIn('owner@example.test', password, '/staff/login');
    const { text } = await visitor.get('/staff');
    assert.match(text, /Go to Parent Portal.*action="\/staff\/logout"/s);
  });
});

describe('error pages', () => {
  it('every kind says in both languages what happened and what to do', () => {
    const kinds = ['400', '403', '404', '413', '422', '429', '500', '503', 'not-offered', 'no-portal'];
    for (const language of ['en', 'es'] as const) {
      for (const kind of kinds) for (const part of ['title', 'text']) assert.ok(catalogue(language).has(`errors.${kind}-${part}`), `${language} ${kind}-${part}`);
    }
  });

  it('a page that is switched off says so and how to reach the organization', async () => {
    const { visitor } = await signedInFamily('lawncare', { tabs: [{ key: 'invoices', enabled: 'off' }] });
    const page = await visitor.get('/invoices');
    assert.equal(page.status, 404);
    assert.match(page.text, /not offered here.*href="tel:2625550171".*href="mailto:hello@cloverfell\.example"/s);
  });

  it('an unknown portal gets a plain page that names no organization', async () => {
    const page = await (await visit('nobody-has-this')).get('/');
    assert.equal(page.status, 404);
    assert.match(page.text, /There is no portal at this address/);
    assert.doesNotMatch(page.text, /theme\.css|masthead/);
  });
});
