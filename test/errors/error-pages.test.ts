import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { Response } from 'supertest';
import { Client } from 'pg';
import { translator } from '../../server/platform/text.ts';
import { testPortal } from '../support/portal.ts';
import { exhaust } from '../support/limits.ts';
import { visit, type Visitor } from '../support/visitor.ts';
import { makeStaff, makeWorld, password, signedInFamily, sql, type World } from '../support/world.ts';

/** The page is the organization's own, and says what happened, what was kept, and what to do. */
function isTold(answer: Response, status: number, kind: string, name: string): void {
  assert.equal(answer.status, status);
  for (const part of ['title', 'text']) assert.ok(plain(answer.text).includes(t(`errors.${kind}-${part}`)), `${kind}-${part}`);
  assert.match(answer.text, /\/theme\.css\?v=/);
  assert.ok(plain(answer.text).includes(name), 'in the name of the organization');
  assert.match(answer.text, /class="error-page"[\s\S]*<a class="btn [^>]*href="\//);
  assert.doesNotMatch(answer.text, /\bselect\b|\bat .*\.ts:\d|node_modules|relation "/i);
}

const t = translator('en');
const plain = (html: string) => html.replaceAll('&#39;', "'").replaceAll('&amp;', '&');
const isMine = (answer: Response) => assert.match(answer.text, /action="\/logout"/, 'inside the own portal');
const studio = 'Juniper Hollow Gymnastics & Dance';

async function staffIn(world: World, role: 'owner' | 'front_desk' = 'owner'): Promise<Visitor> {
  await makeStaff(world, role);
  return (await visit(world.slug)).signIn(`${role}@example.test`, password, '/staff/login');
}

/** What PostgreSQL does not let through while the work goes on. */
async function whileDatabase(statements: readonly [string, string], work: () => Promise<void>): Promise<void> {
  const client = new Client({ connectionString: (await testPortal()).database.adminUrl });
  await client.connect();
  try {
    await client.query(statements[0]);
    await work();
  } finally {
    await client.query(statements[1]);
    await client.end();
  }
}

describe('the page of an error', () => {
  it('403 says that a member of staff may not enter, inside the staff’s frame', async () => {
    const world = await makeWorld('studio');
    const answer = await (await staffIn(world, 'front_desk')).get('/staff/settings');
    isTold(answer, 403, '403', studio);
    assert.match(answer.text, /action="\/staff\/logout"/);
  });

  it('404 says that there is nothing, inside the own portal, and leads back to where the reader came from', async () => {
    const { visitor, world } = await signedInFamily('studio');
    isTold(await visitor.get('/invoices/INV-none'), 404, '404', studio);
    const answer = await visitor.send('get', '/nowhere/at-all').set('Referer', `http://${world.slug}.localhost:3000/invoices?status=paid`);
    isTold(answer, 404, '404', studio);
    isMine(answer);
    assert.match(answer.text, /href="\/invoices\?status=paid">Back to where you were/);
    for (const strange of ['http://elsewhere.example/invoices', 'nothing', `http://${world.slug}.localhost:3000//elsewhere.example`]) {
      assert.doesNotMatch((await visitor.send('get', '/nowhere/at-all').set('Referer', strange)).text, /Back to where you were|elsewhere/, strange);
    }
  });

  it('what is not offered here says so, to customers and to staff, and how to reach the organization', async () => {
    const { visitor } = await signedInFamily('studio');
    const answer = await visitor.get('/credits');
    isTold(answer, 404, 'not-offered', studio);
    isMine(answer);
    assert.match(answer.text, /href="tel:7045550118".*href="mailto:frontdesk@juniperhollow\.example"/s);
  });

  it('a stale form comes back with what was typed and a new token; nothing was saved, and sending it again saves it', async () => {
    const { visitor, world, accountId } = await signedInFamily('studio');
    await visitor.get('/account/name');
    const stale = await visitor.post('/account/name', { _csrf: `of-another-session.${accountId}`, firstName: 'Marie', lastName: 'Bestié' });
    assert.equal(stale.status, 403);
    assert.match(stale.text, /open for too long, so it was not sent.*value="Marie".*value="Bestié"/s);
    isMine(stale);
    const name = () => sql(world, 'select first_name from app.contacts');
    assert.deepEqual(await name(), [{ first_name: 'Maria' }]);
    assert.equal((await visitor.post('/account/name', { firstName: 'Marie', lastName: 'Bestié' })).status, 303);
    assert.deepEqual(await name(), [{ first_name: 'Marie' }]);
  });

  it('a stale form holds neither password nor card number when it comes back', async () => {
    const { visitor } = await signedInFamily('studio');
    await visitor.get('/account/password');
    const { status, text } = await visitor.post('/account/password', { _csrf: 'x', currentPassword: 'hunter2-old', password: 'hunter2-new', passwordAgain: 'hunter2-new' });
    assert.equal(status, 403);
    assert.doesNotMatch(text, /hunter2/);
  });

  it('a stale button says that the page had been open for too long, inside the own portal; of whom may not enter, the same 403', async () => {
    const { visitor, world } = await signedInFamily('studio');
    const answer = await visitor.post('/account/security/sign-outs', { _csrf: 'x' });
    isTold(answer, 403, 'stale', studio);
    isMine(answer);
    const desk = await staffIn(world, 'front_desk');
    isTold(await desk.post('/staff/settings/portal', { _csrf: 'x' }), 403, 'stale', studio);
  });

  it('413 says that nothing was saved of a form that is too large, and of a file, inside the own portal', async () => {
    const { visitor, world } = await signedInFamily('studio');
    const answer = await visitor.send('post', '/account/name').set('Referer', `http://${world.slug}.localhost:3000/account/name`).type('form').send({ firstName: 'x'.repeat(300_000) });
    isTold(answer, 413, '413', studio);
    isMine(answer);
    assert.match(answer.text, /href="\/account\/name">Back to where you were/);
    const owner = await staffIn(world);
    await sql(world, `insert into app.invoices (account_id, number, issued_on, due_on, currency, total_cents, status) select id, 'INV-1', '2026-10-01', '2026-10-15', 'USD', 8500, 'sent' from app.accounts`);
    await owner.get('/staff/invoices/INV-1/attachments');
    const refused = await owner.upload('/staff/invoices/INV-1/attachments', 'file', 'large.pdf', Buffer.alloc(60_000_000));
    isTold(refused, 413, '413', studio);
    assert.match(refused.text, /action="\/staff\/logout"/);
  });

  it('422 is the form itself: what was typed, each error beside its field and in a summary that leads there, and nothing saved', async () => {
    const { visitor, world } = await signedInFamily('studio');
    await visitor.get('/account/name');
    const { status, text } = await visitor.post('/account/name', { firstName: 'Marie', lastName: ' ' });
    assert.equal(status, 422);
    assert.match(text, /<a href="#lastName">[\s\S]*value="Marie"[\s\S]*aria-describedby="lastName-error"[\s\S]*id="lastName-error"/);
    assert.deepEqual(await sql(world, 'select first_name from app.contacts'), [{ first_name: 'Maria' }]);
  });

  it('429 says how long to wait, and the header says the same', async () => {
    const world = await makeWorld('studio');
    const visitor = await visit(world.slug);
    await visitor.post('/password/forgot', { login: 'a@example.test' });
    await exhaust(world, 'forms');
    const answer = await visitor.post('/password/forgot', { login: 'a@example.test' });
    isTold(answer, 429, '429', studio);
    assert.ok(Number(answer.headers['retry-after']) > 0);
    assert.match(answer.text, /Try again in a minute\./);
  });

  it('500 says what was kept and gives a reference, inside the own portal', async () => {
    const { visitor } = await signedInFamily('lawncare');
    await whileDatabase(['alter table app.credits rename to credits_gone', 'alter table app.credits_gone rename to credits'], async () => {
      const answer = await visitor.get('/credits');
      isTold(answer, 500, '500', 'Cloverfell');
      isMine(answer);
      assert.match(answer.text, /Reference: \S+/);
    });
    assert.equal((await visitor.get('/credits')).status, 200);
  });

  it('503 says that what came before was kept while the database does not answer', async () => {
    const { visitor } = await signedInFamily('lawncare');
    await whileDatabase(['begin; lock table app.credits in access exclusive mode', 'rollback'], async () => {
      const answer = await visitor.get('/credits?currency=USD');
      isTold(answer, 503, '503', 'Cloverfell');
      assert.match(answer.text, /href="\/credits\?currency=USD">Try again/);
      isMine(answer);
    });
    assert.equal((await visitor.get('/credits')).status, 200);
  }).timeout(20_000);

  it('is in the reader’s language', async () => {
    const { visitor } = await signedInFamily('lawncare', { 'tenant.locale': 'es-US' });
    assert.match((await visitor.get('/nowhere')).text, /<html lang="es"[\s\S]*Aquí no hay nada[\s\S]*Ir a la página de inicio/);
  });
});
