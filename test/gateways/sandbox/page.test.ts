import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, describe, it } from 'mocha';
import type { Gateway } from '../../../server/gateways/gateway.ts';
import { testNumbers } from '../../../server/gateways/sandbox/numbers.ts';
import { aCharge, recordIn, Sandboxes } from './running-sandbox.ts';

const returnUrl = 'http://studio.localhost:3000/billing/methods/saved?from=pay';
const card = { name: 'Łucja Nowak', number: '4242 4242 4242 4242', expiry: '12/99', cvc: '123' };
const bank = { name: 'Łucja Nowak', routing: '110000000', number: '000123456789' };
// Passes the check digit and is on no list: what a person might type by mistake.
const realLooking = '4539578763621486';

async function openPage(gateway: Gateway, overrides: Partial<Parameters<Gateway['startSaving']>[0]> = {}) {
  return (await gateway.startSaving({ tenantId: 'tenant-1', returnUrl, kinds: ['card', 'bank'], holder: 'Mia Bestie', locale: 'en', ...overrides })).url;
}

function submit(page: string, fields: Record<string, string>) {
  return fetch(page, { method: 'POST', body: new URLSearchParams(fields), redirect: 'manual' });
}

async function refusal(page: string, fields: Record<string, string>) {
  const response = await submit(page, fields);
  assert.equal(response.status, 422);
  return response.text();
}

/** The session that the payer brings back. */
function sessionOf(response: Response): string {
  assert.equal(response.status, 303);
  return new URL(response.headers.get('location') ?? '').searchParams.get('session') ?? '';
}

describe('the hosted page of the sandbox gateway', () => {
  const sandboxes = new Sandboxes();
  after(() => sandboxes.end());

  it('saves a card, returns with a session, and the card can be charged', async () => {
    const { gateway } = await sandboxes.start();
    const response = await submit(await openPage(gateway), card);
    const session = sessionOf(response);
    assert.equal(response.headers.get('location'), `${returnUrl}&session=${session}`);
    const saved = await gateway.readSaved(session);
    assert.ok(saved);
    const { token, ...shown } = saved;
    assert.deepEqual(shown, { kind: 'card', brand: 'Visa', last4: '4242', expMonth: 12, expYear: 2099 });
    assert.deepEqual(await gateway.readSaved(session), saved);
    assert.equal((await gateway.charge(aCharge({ token }))).outcome, 'succeeded');
  });

  it('saves a bank account', async () => {
    const { gateway } = await sandboxes.start();
    const saved = await gateway.readSaved(sessionOf(await submit(`${await openPage(gateway)}?kind=bank`, bank)));
    assert.ok(saved);
    assert.deepEqual({ ...saved, token: '' }, { token: '', kind: 'bank', brand: 'Sandbox Bank', last4: '6789', expMonth: null, expYear: null });
    assert.equal((await gateway.charge(aCharge({ token: saved.token }))).outcome, 'processing');
  });

  for (const { id, kind, number } of testNumbers) {
    it(`takes the test number ${id}`, async () => {
      const { gateway } = await sandboxes.start();
      const fields = kind === 'bank' ? { ...bank, number } : { ...card, number, cvc: id === 'amex' ? '1234' : '123' };
      const saved = await gateway.readSaved(sessionOf(await submit(`${await openPage(gateway)}?kind=${kind}`, fields)));
      assert.equal(saved?.last4, number.slice(-4));
    });
  }

  it('refuses a real-looking card number beside the field and keeps no trace of it', async () => {
    const { gateway, dataDir, output } = await sandboxes.spawn();
    const page = await openPage(gateway);
    for (const number of [realLooking, realLooking.replace(/(.{4})/g, '$1 ')]) {
      const html = await refusal(page, { ...card, number });
      assert.match(html, /id="number-error">Only the test numbers on this page work/);
      assert.ok(!html.includes(number));
    }
    const record = await recordIn(dataDir);
    assert.ok(record.includes('"session"'));
    assert.ok(!record.includes('4539') && !output.join('\n').includes('4539'));
  });

  it('keeps neither test number nor CVC of a card that it saved', async () => {
    const { gateway, dataDir } = await sandboxes.start();
    await submit(await openPage(gateway), { ...card, cvc: '987' });
    const record = await recordIn(dataDir);
    assert.ok(record.includes('"last4":"4242"'));
    assert.ok(!record.includes('42424242') && !record.includes('"987"'));
  });

  it('refuses a real-looking bank account and a real routing number', async () => {
    const { gateway, dataDir } = await sandboxes.start();
    const html = await refusal(`${await openPage(gateway)}?kind=bank`, { ...bank, routing: '021000021', number: '8812345670' });
    assert.match(html, /id="number-error">Only the test numbers/);
    assert.match(html, /id="routing-error">Only the test routing number/);
    assert.ok(!html.includes('8812345670') && !(await recordIn(dataDir)).includes('8812345670'));
  });

  it('says beside every field what is wrong and keeps name and date, but neither number nor CVC', async () => {
    const { gateway } = await sandboxes.start();
    const html = await refusal(await openPage(gateway), { ...card, cvc: '12', expiry: '01/20' });
    assert.match(html, /id="cvc-error">Enter the 3 digits/);
    assert.match(html, /id="expiry-error">This date has passed/);
    assert.match(html, /name="name" value="Łucja Nowak"/);
    assert.match(html, /name="expiry" value="01\/20"/);
    assert.match(html, /name="number" value=""/);
    assert.match(html, /name="cvc" value=""/);
    assert.match(html, /href="#cvc"/);
  });

  const wrong = { name: ['', ' ', 'x'.repeat(201)], number: ['', '4242', '4242424242424241', 'four', '٤٢٤٢٤٢٤٢٤٢٤٢٤٢٤٢'], expiry: ['', '13/30', '12', '00/30', '12/1999'], cvc: ['', '1234', 'abc'] };
  for (const [field, values] of Object.entries(wrong)) {
    it(`refuses every wrong ${field}`, async () => {
      const { gateway } = await sandboxes.start();
      const page = await openPage(gateway);
      for (const value of values) assert.match(await refusal(page, { ...card, [field]: value }), new RegExp(`id="${field}-error"`));
    });
  }

  it('takes a card to the end of the month on it', async () => {
    let now = Date.UTC(2031, 0, 31, 23, 59);
    const { gateway } = await sandboxes.start({ now: () => now });
    const [first, second] = [await openPage(gateway), await openPage(gateway)];
    sessionOf(await submit(first, { ...card, expiry: '1/31' }));
    now = Date.UTC(2031, 1, 1);
    await refusal(second, { ...card, expiry: '01 / 2031' });
  });

  it('saves once however often the form is sent', async () => {
    const { gateway, dataDir } = await sandboxes.start();
    const page = await openPage(gateway);
    const sessions = await Promise.all(Array.from({ length: 10 }, async () => sessionOf(await submit(page, card))));
    assert.equal(new Set(sessions).size, 1);
    assert.equal((await recordIn(dataDir)).match(/"type":"method"/g)?.length, 1);
    assert.equal(sessionOf(await fetch(page, { redirect: 'manual' })), sessions[0]);
  });

  it('offers a way back without a session, and nothing was saved then', async () => {
    const { gateway } = await sandboxes.start();
    const page = await openPage(gateway);
    assert.ok((await (await fetch(page)).text()).includes(`href="${returnUrl}"`));
    assert.equal(await gateway.readSaved(new URL(page).pathname.split('/').pop() ?? ''), null);
    assert.equal(await gateway.readSaved('made-up'), null);
  });

  it('closes an hour after it was opened; what was saved by then can still be read', async () => {
    let now = 0;
    const { gateway } = await sandboxes.start({ now: () => now });
    const [late, inTime] = [await openPage(gateway), await openPage(gateway)];
    now = 3_599_999;
    const session = sessionOf(await submit(inTime, { ...card }));
    now = 3_600_000;
    assert.equal((await fetch(late)).status, 404);
    assert.equal((await submit(late, card)).status, 404);
    assert.ok(await gateway.readSaved(session));
  });

  it('survives a kill between opening and saving, and keeps only a hash of the session', async () => {
    const { gateway, dataDir, kill } = await sandboxes.spawn();
    const page = new URL(await openPage(gateway));
    await kill();
    const again = await sandboxes.spawn({ dataDir });
    const session = sessionOf(await submit(new URL(page.pathname, again.url).href, card));
    assert.ok(await again.gateway.readSaved(session));
    assert.ok(!(await recordIn(dataDir)).includes(session));
    assert.equal(Buffer.from(session, 'base64url').length, 32);
  });

  it('gives a token that only its own tenant can charge, and none once it is detached', async () => {
    const { gateway } = await sandboxes.start();
    const saved = await gateway.readSaved(sessionOf(await submit(await openPage(gateway), card)));
    const token = saved?.token ?? '';
    assert.equal((await gateway.charge(aCharge({ token, tenantId: 'tenant-2' }))).outcome, 'declined');
    await gateway.detach(token);
    await gateway.detach(token);
    assert.deepEqual(await gateway.charge(aCharge({ token })), { outcome: 'declined', reference: null, message: 'Payment method no longer available' });
  });

  it('shows only the kinds that were asked for', async () => {
    const { gateway } = await sandboxes.start();
    const page = await openPage(gateway, { kinds: ['card'] });
    const html = await (await fetch(`${page}?kind=bank`)).text();
    assert.ok(html.includes('Card number') && !html.includes('Bank account'));
  });

  it('lists the test numbers, says that no money is real and speaks Spanish', async () => {
    const { gateway } = await sandboxes.start();
    const page = await openPage(gateway, { locale: 'es-MX' });
    const html = await (await fetch(page)).text();
    assert.match(html, /<html lang="es">[^]*Modo de prueba[^]*4242 4242 4242 4242[^]*3782 822463 10005/);
    assert.match(await (await fetch(`${page}?locale=en`)).text(), /Test mode[^]*No real money/);
    assert.match(await (await submit(`${page}?locale=es`, {})).text(), /Escriba el nombre/);
  });

  it('has the same words in both languages', () => {
    const keys = (locale: string) => Object.keys(JSON.parse(readFileSync(new URL(`../../../views/gateways/sandbox.${locale}.json`, import.meta.url), 'utf8')) as object);
    assert.deepEqual(keys('es'), keys('en'));
  });

  it('prints what was typed as text', async () => {
    const { gateway } = await sandboxes.start();
    const html = await refusal(await openPage(gateway), { ...card, name: `"'><svg/onload=alert(1)>`, number: '1' });
    assert.ok(!html.includes('<svg'));
  });

  it('is locked down: no script, no frame, no cache, no referrer, and a form that leads only here and back', async () => {
    const { gateway } = await sandboxes.start();
    const response = await fetch(await openPage(gateway));
    const html = await response.text();
    assert.ok(!html.includes('<script') && !html.includes('style='));
    assert.equal(response.headers.get('content-security-policy'), "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; "
      + "frame-ancestors 'none'; form-action 'self' http://studio.localhost:3000");
    assert.equal(response.headers.get('cache-control'), 'no-store');
    assert.equal(response.headers.get('referrer-policy'), 'no-referrer');
    assert.equal(response.headers.get('x-powered-by'), null);
  });

  it('serves its own stylesheets', async () => {
    const { url } = await sandboxes.start();
    for (const name of ['bootstrap.css', 'sandbox.css']) {
      const response = await fetch(`${url}/assets/${name}`);
      assert.match(response.headers.get('content-type') ?? '', /^text\/css/);
      await response.text();
    }
  });
});
