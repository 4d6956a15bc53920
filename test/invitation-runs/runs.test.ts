import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, it } from 'mocha';
import { inviteMany } from '../../server/invitation-runs/runs.ts';
import type { SettingsDocument } from '../../server/settings/schema.ts';
import { drain } from '../support/drain.ts';
import { open } from '../support/door.ts';
import { lastLetter, lettersTo, linkIn } from '../support/letters.ts';
import { testPortal } from '../support/portal.ts';
import { inRounds } from '../support/rounds.ts';
import { visit, type Visitor } from '../support/visitor.ts';
import { makeAccount, makeContact, makeLogin, makeStaff, makeWorld, password, sql, type World } from '../support/world.ts';

interface Inviting {
  readonly world: World;
  readonly staff: Visitor;
}

async function inviting(pack = 'cloud', settings: Partial<SettingsDocument> = {}): Promise<Inviting> {
  const world = await makeWorld(pack, settings);
  await makeStaff(world);
  const staff = await (await visit(world.slug)).signIn('owner@example.test', password, '/staff/login');
  await staff.get('/staff/invitations/choice');
  return { world, staff };
}

async function people(world: World, count: number): Promise<void> {
  const accountId = await makeAccount(world);
  await sql(world, `insert into app.contacts (account_id, first_name, last_name, email) select $1, 'Person', n::text, 'p' || n || '@example.test' from generate_series(1, $2::int) n`, [accountId, count]);
}

const start = (staff: Visitor, fields: Record<string, string> = {}) => staff.post('/staff/invitations/runs', { requestKey: randomUUID(), ...fields });
const mailed = async (world: World) => (await sql<{ to: string }>(world, `select to_address as to from app.messages where type = 'Portal Invitation' order by 1`)).map(({ to }) => to);

/** One of each kind that is left out, and two that are invited. */
async function everyKind(world: World): Promise<void> {
  const accountId = await makeAccount(world);
  const lead = await makeAccount(world, { stage: 'lead' });
  const closed = await makeAccount(world, { stage: 'closed' });
  const login = await makeLogin(world, 'active@example.test');
  await makeContact(world, accountId, { email: 'first@example.test' });
  await makeContact(world, accountId, { email: 'second@example.test', is_primary: false });
  await makeContact(world, accountId, { email: 'SECOND@example.test', is_primary: false, first_name: 'Twin' });
  await makeContact(world, accountId, { email: null, first_name: 'Silent' });
  await makeContact(world, accountId, { email: 'blocked@example.test', may_sign_in: false });
  await makeContact(world, lead, { email: 'lead@example.test' });
  await makeContact(world, closed, { email: 'closed@example.test' });
  await makeContact(world, accountId, { email: 'active@example.test', login_ref: login });
  await makeContact(world, accountId, { email: 'Active@example.test', first_name: 'Spouse' });
  await makeContact(world, accountId, { email: 'invited@example.test', invited_at: '2026-11-01' });
}

describe('inviting many', () => {
  it('S1-29 S1-30 S3-1 a dry run says who is left out and why, and only the others are mailed', async () => {
    const { world, staff } = await inviting();
    await everyKind(world);
    const { text } = await staff.get('/staff/invitations/choice');
    for (const [words, count] of [['Gets the letter', 2], ['Lead', 1], ['Account closed', 1], ['Blocked', 1], ['No email address', 1], ['Gets in already', 1], ['Invited already', 1], ['Same address as another', 2]] as const) {
      assert.match(text, new RegExp(`>${words} <span class="money">${count}<`), words);
    }
    assert.match((await staff.get('/staff/invitations/choice?show=same-email')).text, /Twin Bestie[^]*Spouse Bestie|Spouse Bestie[^]*Twin Bestie/);
    assert.deepEqual(await mailed(world), []);
    const answer = await start(staff);
    assert.match(answer.headers['location'] ?? '', /^\/staff\/invitations\/runs\//);
    await drain(world);
    assert.deepEqual(await mailed(world), ['first@example.test', 'second@example.test']);
    assert.match((await staff.get(answer.headers['location'] ?? '')).text, /Done[^]*sent to 2 people/);
    const log = await sql(world, `select id from app.portal_log where kind = 'invitation-sent'`);
    assert.equal(log.length, 2);
  });

  it('the choice is filtered by contacts, accounts and a name; the CSV says each person’s reason', async () => {
    const { world, staff } = await inviting();
    await everyKind(world);
    assert.match((await staff.get('/staff/invitations/choice?who=primary')).text, /Gets the letter <span class="money">1</);
    assert.match((await staff.get('/staff/invitations/choice?stage=suspended')).text, /There is nobody to invite/);
    assert.match((await staff.get('/staff/invitations/choice?q=second')).text, /Gets the letter <span class="money">1</);
    assert.match((await staff.get('/staff/invitations/choice?who=everyone')).text, /id="who-error"/);
    const csv = (await staff.get('/staff/invitations/choice/export.csv')).text;
    assert.equal(csv.trim().split('\r\n').length, 11);
    assert.match(csv, /Silent Bestie,,.*No email address/);
    await start(staff, { who: 'primary' });
    await drain(world);
    assert.deepEqual(await mailed(world), ['first@example.test']);
    assert.match((await start(staff, { stage: 'suspended' })).text, /There is nobody to invite/);
  });

  it('started twenty times at once, by two members of staff, each person is mailed once', async () => {
    await inRounds(async () => {
      const { world, staff } = await inviting();
      await people(world, 30);
      await makeStaff(world, 'manager');
      const other = await (await visit(world.slug)).signIn('manager@example.test', password, '/staff/login');
      await other.get('/staff/invitations/choice');
      const same = randomUUID();
      const answers = await Promise.all(Array.from({ length: 20 }, (_, at) => start(at % 2 ? staff : other, at % 4 < 2 ? { requestKey: same } : {})));
      assert.ok(answers.every(({ status }) => status === 303 || status === 422));
      assert.equal((await sql(world, 'select id from app.invitation_runs')).length, 1);
      await drain(world);
      await start(staff);
      await drain(world);
      assert.equal((await mailed(world)).length, 30);
      assert.equal(new Set(await mailed(world)).size, 30);
    });
  });

  it('cut short and worked by four at once, it goes on where it was, and mails each person once', async () => {
    const { world, staff } = await inviting();
    await people(world, 25);
    const runId = (await start(staff)).headers['location']?.split('/').at(-1) ?? '';
    const { outside } = await testPortal();
    const failing = { ...outside, get baseDomain(): string { if ((left -= 1) < 0) throw new Error('killed'); return outside.baseDomain; } };
    let left = 10;
    await assert.rejects(inviteMany(failing, { tenantId: world.id, runId }));
    const before = (await mailed(world)).length;
    assert.ok(before > 0 && before < 25, String(before));
    await Promise.all([1, 2, 3, 4].map(() => inviteMany(outside, { tenantId: world.id, runId })));
    assert.equal(new Set(await mailed(world)).size, 25);
    assert.equal((await mailed(world)).length, 25);
    assert.match((await staff.get(`/staff/invitations/runs/${runId}`)).text, /sent to 25 people/);
  });

  it('who gets in meanwhile is left out', async () => {
    const { world, staff } = await inviting();
    await people(world, 2);
    const path = (await start(staff)).headers['location'] ?? '';
    await sql(world, `update app.contacts set may_sign_in = false where email = 'p1@example.test'`);
    await drain(world);
    assert.deepEqual(await mailed(world), ['p2@example.test']);
    assert.match((await staff.get(path)).text, /1 person was left out/);
  });

  it('S3-2 S3-3 those that have not confirmed are invited again together; the newer link replaces the older', async () => {
    const { world, staff } = await inviting();
    await people(world, 2);
    await start(staff);
    const first = linkIn(await lastLetter(world, 'p1@example.test'), 'Register and set a password');
    assert.match((await lastLetter(world, 'p1@example.test')).text, /72 hours/);
    await sql(world, `update app.contacts set login_ref = $1 where email = 'p2@example.test'`, [await makeLogin(world, 'p2@example.test')]);
    await staff.get('/staff/invitations');
    assert.equal((await start(staff, { again: 'yes' })).status, 303);
    assert.equal((await lettersTo(world, 'p1@example.test')).length, 2);
    assert.equal((await lettersTo(world, 'p2@example.test')).length, 1);
    const visitor = await visit(world.slug);
    assert.match((await open(visitor, first)).text, /This link was replaced/);
    assert.equal((await open(visitor, linkIn(await lastLetter(world, 'p1@example.test'), 'Register and set a password'))).status, 200);
  });

  it('S1-29 the page counts invited, confirmed, signed in and paid, and each number leads to its people', async () => {
    const { world, staff } = await inviting();
    const accountId = await makeAccount(world);
    for (const [name, columns] of Object.entries({ Waiting: null, Confirmed: {}, Signed: { last_login_at: '2026-11-20' }, Payer: { last_login_at: '2026-11-20' } })) {
      const login = columns && (await makeLogin(world, `${name}@example.test`, columns));
      await makeContact(world, accountId, { first_name: name, email: `${name}@example.test`, invited_at: '2026-11-01', login_ref: login });
      if (name === 'Payer') await sql(world, `insert into app.payments (account_id, number, state, amount_cents, currency, paid_on, login_ref) values ($1, 'PAY-1', 'succeeded', 100, 'USD', now(), $2)`, [accountId, login]);
    }
    const { text } = await staff.get('/staff/invitations');
    for (const [stage, count] of [['invited', 4], ['confirmed', 3], ['signed-in', 2], ['paid', 1]] as const) assert.match(text, new RegExp(`show=${stage}"><span class="funnel-number">${count}<`));
    const paid = (await staff.get('/staff/invitations/people?show=paid')).text;
    assert.deepEqual([/Payer/.test(paid), /Signed Bestie/.test(paid)], [true, false]);
    assert.match((await staff.get('/staff/invitations/people/export.csv?show=waiting')).text, /Waiting Bestie/);
  });

  it('another organization’s run is nowhere, and the front desk may not invite many', async () => {
    const { world, staff } = await inviting();
    await people(world, 1);
    const path = (await start(staff)).headers['location'] ?? '';
    const elsewhere = await inviting();
    assert.equal((await elsewhere.staff.get(path)).status, 404);
    await makeStaff(world, 'front_desk');
    const desk = await (await visit(world.slug)).signIn('front_desk@example.test', password, '/staff/login');
    assert.equal((await desk.get('/staff/invitations')).status, 403);
  });
});

describe('the letter', () => {
  it('S2-17 S2-18 S2-19 S2-21 it begins as the organization knows it, with every placeholder filled in', async () => {
    const { world, staff } = await inviting('lawncare');
    await people(world, 1);
    await start(staff);
    const { text, subject } = await lastLetter(world, 'p1@example.test');
    assert.equal(subject, 'Cloverfell Lawn Care Customer Portal - Introducing your new Customer Portal');
    assert.match(text, /^Dear Customer,\n\nWe are now offering a new Customer Portal for your convenience that will allow you to access your account with us at any time\./);
    assert.match(text, new RegExp(`visit our website at https://www\\.cloverfell\\.example and click on the Customer Portal link[^]*http://${world.slug}\\.localhost`));
    assert.match(text, /"Sign Up"[^]*same email address[^]*password twice[^]*trouble accessing your account![^]*Sincerely,[^]*Cloverfell Lawn Care\n77 Depot Street/);
    assert.doesNotMatch(text, /\{\{|<</);
  });

  it('S1-5 it carries the address of the portal for families to bookmark, also where nobody is invited by link', async () => {
    const { world, staff } = await inviting('studio', { 'access.entry_modes': ['first_reset', 'staff_password'] });
    await people(world, 1);
    await start(staff);
    await drain(world);
    const letter = await lastLetter(world, 'p1@example.test');
    assert.ok(letter.text.includes(`http://${world.slug}.localhost:`), letter.text);
  });

  it('S2-20 its list of what people can do is made from what is switched on', async () => {
    const { world, staff } = await inviting('lawncare');
    await people(world, 1);
    await start(staff);
    const { text } = await lastLetter(world, 'p1@example.test');
    assert.match(text, /statement[^]*invoices[^]*payments[^]*credits[^]*"Past Due"[^]*specific invoice[^]*auto-pay[^]*"Billing Info" tab[^]*text message[^]*NOT marketing|text message[^]*not marketing[^]*Contact us/i);
    const plain = await inviting('lawncare', { 'autopay.enabled': false, 'sms.enabled': false, 'contact.form': false, 'payments.gateway': 'none' });
    await people(plain.world, 1);
    await start(plain.staff);
    assert.doesNotMatch((await lastLetter(plain.world, 'p1@example.test')).text, /auto-pay|text message|Contact us|Past Due/);
  });

  it('S2-17 the owner edits it and sees it as a real person gets it; the preview keeps nothing', async () => {
    const { world, staff } = await inviting('lawncare');
    await people(world, 3);
    await staff.get('/staff/invitations/letter');
    const typed = { subject: 'Hello {{name}}', body: 'Come in, {{name}}.\n\n<script>alert(1)</script>', version: '0', person: 'p2@example.test' };
    const preview = await staff.post('/staff/invitations/letter', { ...typed, preview: 'yes' });
    assert.equal(preview.status, 200);
    assert.match(preview.text, /Come in, Person 2\.[^]*&lt;script&gt;/);
    assert.deepEqual(await sql(world, 'select subject from app.invitation_letters'), []);
    assert.equal((await staff.post('/staff/invitations/letter', typed)).status, 303);
    await start(staff);
    assert.match((await lastLetter(world, 'p3@example.test')).text, /^Come in, Person 3\./);
  });

  it('S2-18 it is refused beside its field while a used tag is empty, unknown or a placeholder, and does not go out either', async () => {
    const { world, staff } = await inviting('lawncare', { 'portal.website_url': '' });
    await people(world, 1);
    await staff.get('/staff/invitations/letter');
    for (const [body, said] of [['Visit {{website}}', /has nothing in its place/], ['Visit <<INSERT YOUR WEBSITE URL HERE>>', /\{\{website\}\} has nothing/], ['Hello {{nickname}}', /There is no tag/], ['Call <<INSERT YOUR PHONE>>', /still to be filled in/]] as const) {
      const answer = await staff.post('/staff/invitations/letter', { subject: 'Hello', body, version: '0' });
      assert.equal(answer.status, 422, body);
      assert.match(answer.text, /id="body-error"/);
      assert.match(answer.text, said);
    }
    const refused = await start(staff);
    assert.equal(refused.status, 422);
    assert.match(refused.text, /The letter cannot go out yet[^]*\{\{website\}\}/);
    assert.deepEqual(await mailed(world), []);
  });

  it('of two that save it at once one is kept; the other is told and loses nothing', async () => {
    await inRounds(async () => {
      const { staff } = await inviting('lawncare');
      await staff.get('/staff/invitations/letter');
      const answers = await Promise.all([1, 2, 3, 4].map((at) => staff.post('/staff/invitations/letter', { subject: 'Hello', body: `Version of ${at}`, version: '0' })));
      assert.deepEqual(answers.map(({ status }) => status).toSorted((a, b) => a - b), [303, 422, 422, 422]);
      const refused = answers.findIndex(({ status }) => status === 422);
      assert.match(answers[refused]?.text ?? '', new RegExp(`colleague has saved[^]*Version of ${refused + 1}`));
    });
  });
});
