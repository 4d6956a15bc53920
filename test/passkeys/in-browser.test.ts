import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, it } from 'mocha';
import type { CDPSession, Page } from 'playwright-core';
import { issueChallenge, spendChallenge } from '../../server/passkeys/challenge.ts';
import { withTenant } from '../../server/tenancy/tenant-transaction.ts';
import { accessibilityFaults, browse } from '../support/browser.ts';
import { setUpTwoSteps } from '../support/authenticator.ts';
import { visit } from '../support/visitor.ts';
import { makeStaff, makeWorld, password, signedInFamily, sql } from '../support/world.ts';

const login = 'maria@example.test';

/** A phone that keeps passkeys and knows its owner's face. */
async function plugIn(page: Page): Promise<CDPSession> {
  const client = await page.context().newCDPSession(page);
  await client.send('WebAuthn.enable');
  await client.send('WebAuthn.addVirtualAuthenticator', {
    options: { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true },
  });
  return client;
}

async function signInByPassword(page: Page, door: string, user: string): Promise<void> {
  await page.goto(door);
  await page.fill('[name=login]', user);
  await page.fill('[name=password]', password);
  await page.press('[name=password]', 'Enter');
  await page.waitForURL((url) => !url.pathname.endsWith('/login'));
}

async function addPasskey(page: Page, base: string): Promise<void> {
  await page.goto(`${base}/passkeys`);
  await page.getByRole('button', { name: 'Add a passkey' }).click();
  await page.getByRole('button', { name: 'Create the passkey' }).click();
  await page.waitForURL(`**${base}/passkeys`);
}

describe('passkeys in a real browser', () => {
  it('ASVS 6.3.3 a customer adds one, signs out, and signs in by it, past the second step', async () => {
    const { world, visitor } = await signedInFamily('studio');
    const tab = await browse(world.slug);
    const { page, problems } = tab;
    await plugIn(page);
    await signInByPassword(page, '/login', login);
    await addPasskey(page, '/account/security');
    assert.match((await page.textContent('main')) ?? '', /Chrome on Linux.*now signs you in/);
    assert.deepEqual(await accessibilityFaults(page), []);
    await visitor.get('/account/security');
    await setUpTwoSteps(visitor);
    await page.context().clearCookies();
    await page.goto('/login?next=%2Finvoices');
    await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
    await page.waitForURL('**/invoices');
    const lines = await sql<{ message: string }>(world, 'select message from app.portal_log order by id desc limit 1');
    assert.equal(lines[0]?.message, `Login successful for UserID: ${login}`);
    assert.deepEqual(problems, []);
    await tab.close();
  });

  it('ASVS 6.3.3 staff have them, too, and a passkey of one door opens not the other', async () => {
    const world = await makeWorld('studio');
    await makeStaff(world);
    const tab = await browse(world.slug);
    const { page } = tab;
    await plugIn(page);
    await signInByPassword(page, '/staff/login', 'owner@example.test');
    await addPasskey(page, '/staff/my-account');
    await page.context().clearCookies();
    await page.goto('/login');
    await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
    await page.waitForSelector('.error-summary');
    assert.match((await page.textContent('main')) ?? '', /does not open this portal/);
    await page.goto('/staff/login');
    await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
    await page.waitForURL('**/staff');
    await tab.close();
  });

  it('ASVS 6.3.4 a passkey opens nothing for somebody who is blocked, locked or a lead, and nothing once it is removed', async () => {
    const { world } = await signedInFamily('studio');
    const tab = await browse(world.slug);
    const { page } = tab;
    await plugIn(page);
    await signInByPassword(page, '/login', login);
    await addPasskey(page, '/account/security');
    const changes = [
      ['update app.contacts set may_sign_in = false', 'update app.contacts set may_sign_in = true'],
      ['update app.logins set locked_at = now()', 'update app.logins set locked_at = null'],
      [`update app.accounts set stage = 'lead'`, `update app.accounts set stage = 'active'`],
      ['delete from app.passkeys', 'select 1'],
    ] as const;
    for (const [change, back] of changes) {
      await sql(world, change);
      await page.context().clearCookies();
      await page.goto('/login');
      await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
      await page.waitForSelector('.error-summary');
      assert.match((await page.textContent('main')) ?? '', /does not open this portal/, change);
      await sql(world, back);
    }
    await tab.close();
  });

  it('A14 what a device has answered works once, and nothing that was not asked for', async () => {
    const { world } = await signedInFamily('studio');
    const tab = await browse(world.slug);
    const { page } = tab;
    await plugIn(page);
    await signInByPassword(page, '/login', login);
    await addPasskey(page, '/account/security');
    await page.context().clearCookies();
    await page.goto('/login');
    const posted = page.waitForRequest((request) => request.url().includes('/login/passkey?'));
    await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
    const answer = new URLSearchParams((await posted).postData() ?? '').get('answer') ?? '';
    await page.waitForURL('**/');
    const replayed = await (await visit(world.slug)).post('/login/passkey', { answer });
    assert.deepEqual([replayed.status, /does not open this portal/.test(replayed.text)], [422, true]);
    for (const wrong of ['', '{}', 'x', '[]', answer.slice(0, -5), JSON.stringify({ id: 'x' })]) assert.equal((await (await visit(world.slug)).post('/login/passkey', { answer: wrong })).status, 422);
    await tab.close();
  });

  it('A14 of twenty uses of one answer at the same time one gets in, and none after five minutes', async () => {
    const { world } = await signedInFamily('studio');
    const challenge = () => withTenant(world.id, () => issueChallenge());
    const text = await challenge();
    const spent = await Promise.all(Array.from({ length: 20 }, () => withTenant(world.id, () => spendChallenge(text))));
    assert.equal(spent.filter(Boolean).length, 1);
    const late = await challenge();
    await sql(world, 'update app.passkey_challenges set expires_at = now()');
    assert.equal(await withTenant(world.id, () => spendChallenge(late)), undefined);
    const adding = await challenge();
    assert.equal(await withTenant(world.id, () => spendChallenge(adding, randomUUID())), undefined);
  });

  it('without script the form for the password remains, and nothing speaks of passkeys', async () => {
    const tab = await browse((await makeWorld('studio')).slug, { javaScriptEnabled: false });
    await tab.page.goto('/login');
    assert.equal(await tab.page.getByRole('button', { name: 'Sign In' }).isVisible(), true);
    assert.equal(await tab.page.getByRole('button', { name: 'passkey' }).count(), 0);
    await tab.close();
  });
});
