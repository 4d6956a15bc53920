import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { digestFeature } from '../../server/digest/feature.ts';
import { sendWeeklyDigest } from '../../server/digest/send-weekly.ts';
import type { SettingsDocument } from '../../server/settings/schema.ts';
import { drain } from '../support/drain.ts';
import { lettersTo } from '../support/letters.ts';
import { saveMethod } from '../support/paying.ts';
import { testPortal } from '../support/portal.ts';
import { staffVisitor } from '../support/staff-visit.ts';
import type { Visitor } from '../support/visitor.ts';
import { makeAccount, makeContact, makeInvoice, makeLogin, makeWorld, sql, type World } from '../support/world.ts';

const day = (offset: number) => new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10);

async function aSchool(settings: Partial<SettingsDocument> = {}) {
  const world = await makeWorld('studio', { 'access.entry_modes': ['invitation', 'first_reset', 'staff_password'], 'payments.gateway': 'sandbox', ...settings });
  return { world, owner: await staffVisitor(world) };
}

/** One of everything, and beside each something that is no news. */
async function fill(world: World): Promise<void> {
  for (const [name, cents] of [['One', 20_000], ['Two', 12_000], ['Three', 10_000]] as const) await makeInvoice(world, await makeAccount(world, { name }), { status: 'unsent', total_cents: cents, issued_on: day(-20) });
  await makeInvoice(world, await makeAccount(world, { name: 'Young' }), { status: 'unsent', total_cents: 99, issued_on: day(-2) });
  const accountId = await makeAccount(world, { name: 'Ager', number: 'AGER' });
  await makeContact(world, accountId, { first_name: 'Holly', email: 'holly@example.test', login_ref: await makeLogin(world, 'holly@example.test', { locked_at: new Date() }) });
  await makeContact(world, await makeAccount(world, { name: 'Brown' }), { email: 'gabby@example.test', invited_at: new Date(Date.now() - 90 * 3_600_000) });
  await makeContact(world, await makeAccount(world, { name: 'Green' }), { email: 'just@example.test', invited_at: new Date() });
  const mail = `insert into app.messages (type, status, subject, to_address, from_address, text_body, html_body, error, error_code, created_at) values ('Receipt', $2, 'x', $1, 'x', 't', 'h', $3, $4, now() - make_interval(hours => $5))`;
  await sql(world, mail, ['Holly@example.test', 'failed', '550 no such user', 550, 5]);
  await sql(world, mail, ['gabby@example.test', 'failed', '550 no such user', 550, 5]);
  await sql(world, mail, ['gabby@example.test', 'complete', null, null, 1]);
  const [year = 0, month = 0] = day(0).split('-').map(Number);
  await saveMethod({ world, accountId }, 'visa', { exp_year: year, exp_month: month, is_default: true });
  await sql(world, `insert into app.staff_tasks (account_id, kind, source, details) values ($1, 'card_payment', 'x', '{}')`, [accountId]);
}

const linesOf = (html: string) => [...html.matchAll(/<td class="what"><a class="row-link" href="([^"]+)">(?:<svg(?:(?!<\/svg>)[^])*<\/svg>)?\s*([^<]+)<\/a>/g)].map(([, path = '', words = '']) => [words.trim(), path.replaceAll('&amp;', '&')] as const);
const digestFor = async (visitor: Visitor) => linesOf((await visitor.get('/staff/digest')).text);

describe('the digest', () => {
  it('B-8 says how many customers cannot see how much, and what else waits; each line leads to the list of exactly these', async () => {
    const { world, owner } = await aSchool();
    await fill(world);
    const lines = await digestFor(owner);
    assert.deepEqual(lines.map(([words]) => words), [
      '3 customers cannot see $420.00', '1 account has a locked login', '1 address refuses our email', '1 card expires within 30 days or has expired', '1 invitation has expired', '1 task is open',
    ]);
    const [unsent = '', locked = '', refused = '', cards = '', invitations = '', tasks = ''] = await Promise.all(lines.map(async ([, path]) => (await owner.get(path)).text));
    assert.equal([...unsent.matchAll(/class="row-link" href="\/staff\/invoices\//g)].length, 3);
    assert.match(locked, /row-link"[^>]*>Ager</);
    assert.doesNotMatch(locked, /row-link"[^>]*>Brown</);
    assert.match(refused, /Holly@example\.test/);
    assert.match(cards, /row-link"[^>]*>Ager<[^]*Visa ending 4242/);
    assert.match(invitations, /Gabby|gabby@example\.test/);
    assert.match(tasks, /Ager/);
  });

  it('an invoice waits as many days as the organization lets it', async () => {
    const { world, owner } = await aSchool({ 'billing.unsent_reminder_days': 30 });
    await fill(world);
    assert.ok(!(await digestFor(owner)).some(([words]) => words.includes('cannot see')));
  });

  it('says nothing where nothing waits, and keeps from each what is no business of theirs', async () => {
    const { world, owner } = await aSchool();
    assert.match((await owner.get('/staff/digest')).text, /Nothing needs attention/);
    await fill(world);
    const desk = await staffVisitor(world, 'front_desk');
    assert.ok(!(await digestFor(desk)).some(([words]) => words.includes('invitation')));
    await sql(world, `update app.staff_users set permissions = '{"invoices": false}' where role = 'front_desk'`);
    assert.ok(!(await digestFor(desk)).some(([words]) => /cannot see|card/.test(words)));
    assert.equal((await desk.get('/staff/digest/cards')).status, 403);
    assert.equal((await owner.get('/staff/digest/cards?after=x')).status, 200);
    assert.equal((await (await aSchool()).owner.get('/staff/digest')).text.includes('cannot see'), false);
  });

  it('comes by mail once a week from Monday at seven local time, however many workers ask at once and again', async () => {
    const { outside } = await testPortal();
    const { world } = await aSchool({ 'tenant.timezone': 'America/New_York' });
    await fill(world);
    const send = (at: string) => sendWeeklyDigest(outside, { tenantId: world.id }, at);
    const letters = async () => (await lettersTo(world, 'owner@example.test')).length;
    for (const tooEarly of ['2026-11-16T11:59:00Z', '2026-11-15T12:00:00Z', '2026-11-18T12:00:00Z']) await send(tooEarly);
    assert.equal(await letters(), 0);
    await Promise.all(Array.from({ length: 5 }, () => send('2026-11-16T12:00:00Z')));
    await send('2026-11-17T20:00:00Z');
    assert.equal(await letters(), 1);
    await send('2026-11-23T12:00:00Z');
    assert.equal(await letters(), 2);
    // In summer time seven o'clock comes an hour earlier.
    await send('2026-06-15T10:59:00Z');
    assert.equal(await letters(), 2);
    await send('2026-06-15T11:00:00Z');
    assert.equal(await letters(), 3);
  });

  it('the clock asks for it in every organization, each with a job of its own', async () => {
    const { outside } = await testPortal();
    const { world } = await aSchool();
    await digestFeature.jobs?.(outside)['weekly-digest-everywhere']?.({});
    assert.equal(await drain(world), 1);
    assert.ok(digestFeature.clock?.some(({ job, cron }) => job === 'weekly-digest-everywhere' && /^\d+ \* \* \* \*$/.test(cron)));
  });

  it('the mail holds the same lines with their addresses, for whom nothing waits there is none, and nobody is mailed who does not want it', async () => {
    const { outside } = await testPortal();
    const { world, owner } = await aSchool();
    const desk = await staffVisitor(world, 'front_desk');
    const send = async (week: string) => {
      await sendWeeklyDigest(outside, { tenantId: world.id }, `${week}T15:00:00Z`);
      return { owner: await lettersTo(world, 'owner@example.test'), desk: await lettersTo(world, 'front_desk@example.test') };
    };
    assert.deepEqual(await send('2026-11-02'), { owner: [], desk: [] });
    await fill(world);
    const first = await send('2026-11-09');
    assert.equal(first.desk.length, 0);
    assert.match(first.owner[0]?.text ?? '', /3 customers cannot see \$420\.00: http:\/\/[^\n]*\/staff\/invoices\?status=unsent&to=[\d-]+\n/);
    assert.equal(first.owner[0]?.type, 'Digest');
    await owner.get('/staff/digest');
    assert.equal((await owner.post('/staff/digest', {})).status, 303);
    assert.match((await owner.get('/staff/digest')).text, /no longer comes by email/);
    await desk.get('/staff/digest');
    await desk.post('/staff/digest', { wants: 'on' });
    await sql(world, `insert into app.role_permissions (role, area, is_allowed) values ('front_desk', 'invoices', false)`);
    const second = await send('2026-11-16');
    assert.deepEqual([second.owner.length, second.desk.length], [1, 1]);
    assert.match(second.desk[0]?.text ?? '', /locked login/);
    assert.doesNotMatch(second.desk[0]?.text ?? '', /cannot see/);
  });
});
