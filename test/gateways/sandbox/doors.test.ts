import assert from 'node:assert/strict';
import { once } from 'node:events';
import { spawn } from 'node:child_process';
import { networkInterfaces } from 'node:os';
import { after, describe, it } from 'mocha';
import { GatewayMisuse } from '../../../server/gateways/gateway.ts';
import { aCharge, chargesAt, program, Sandboxes } from './running-sandbox.ts';

const json = { 'content-type': 'application/json' };

describe('the doors of the sandbox gateway', () => {
  const sandboxes = new Sandboxes();
  after(() => sandboxes.end());

  const saving = { tenantId: 't', kinds: ['card'], holder: '', locale: 'en' } as const;
  const elsewhere = ['https://evil.example/', 'http://localhost.evil.example/', 'http://evillocalhost/', 'http://studio.localhost@evil.example/', 'http://a:b@studio.localhost/',
    'javascript:alert(1)//localhost', 'ftp://studio.localhost/', '//studio.localhost/', '/billing', '', 'http://a;b.localhost/', 'http://localhost./'];
  for (const returnUrl of elsewhere) {
    it(`sends nobody back to "${returnUrl}"`, async () => {
      const { gateway } = await sandboxes.start();
      await assert.rejects(gateway.startSaving({ ...saving, returnUrl }), GatewayMisuse);
    });
  }

  it('sends payers back to the hosts it was told, and only there', async () => {
    const { gateway } = await sandboxes.start({ allowReturn: ['portal.example.com', 'example.org'] });
    for (const returnUrl of ['https://acme.portal.example.com/x', 'https://portal.example.com/', 'http://example.org:8080/']) {
      assert.match((await gateway.startSaving({ ...saving, returnUrl })).url, /\/pages\/[\w-]{43}$/);
    }
    await assert.rejects(gateway.startSaving({ ...saving, returnUrl: 'http://studio.localhost/' }), GatewayMisuse);
  });

  it('names its page as a browser reaches it', async () => {
    const { gateway } = await sandboxes.start({ publicUrl: 'https://pay.example.com' });
    assert.match((await gateway.startSaving({ ...saving, returnUrl: 'http://localhost/' })).url, /^https:\/\/pay\.example\.com\/pages\//);
  });

  for (const header of ['origin', 'sec-fetch-site', 'x-forwarded-for', 'forwarded', 'via']) {
    it(`takes no charge from a browser or through a proxy: ${header}`, async () => {
      const { url } = await sandboxes.start();
      const { status } = await fetch(`${url}/charges`, { method: 'POST', headers: { ...json, [header]: 'x' }, body: JSON.stringify(aCharge()) });
      assert.equal(status, 403);
      assert.deepEqual(await chargesAt(url), []);
    });
  }

  it('takes no charge from another machine, though its page may be open to it', async function () {
    const outside = Object.values(networkInterfaces()).flat().find((face) => face?.family === 'IPv4' && !face.internal)?.address;
    if (!outside) this.skip();
    const { url } = await sandboxes.start({ host: '0.0.0.0' });
    const there = url.replace('0.0.0.0', outside ?? '');
    assert.equal((await fetch(`${there}/charges`)).status, 403);
    assert.equal((await fetch(`${there}/pages/none`)).status, 404);
  });

  const badBodies: Record<string, [string, string, number]> = {
    'no body': ['', 'application/json', 400],
    'half a body': ['{"key":"4539578763621486', 'application/json', 400],
    'a list': ['[]', 'application/json', 400],
    'another type': [JSON.stringify(aCharge()), 'text/plain', 400],
    'a form': ['key=1', 'application/x-www-form-urlencoded', 400],
    'too much': [JSON.stringify(aCharge({ description: 'x'.repeat(20_000) })), 'application/json', 413],
    'a fraction of a cent': [JSON.stringify(aCharge({ amountCents: 0.5 })), 'application/json', 400],
    'nothing to pay': [JSON.stringify(aCharge({ amountCents: 0 })), 'application/json', 400],
    'less than nothing': [JSON.stringify(aCharge({ amountCents: -1 })), 'application/json', 400],
    'more than can be counted': [JSON.stringify(aCharge({ amountCents: 2 ** 53 })), 'application/json', 400],
    'no key': [JSON.stringify(aCharge({ key: '' })), 'application/json', 400],
  };
  for (const [name, [body, type, status]] of Object.entries(badBodies)) {
    it(`answers ${status} to ${name}, repeats nothing of it and goes on`, async () => {
      const { url, gateway } = await sandboxes.start();
      const response = await fetch(`${url}/charges`, { method: 'POST', headers: { 'content-type': type }, body });
      assert.equal(response.status, status);
      assert.ok(!(await response.text()).includes('4539'));
      assert.equal((await gateway.charge(aCharge())).outcome, 'succeeded');
    });
  }

  it('answers 4xx to an oversized form, an unreadable address and an unknown page', async () => {
    const { url, gateway } = await sandboxes.start();
    const page = (await gateway.startSaving({ ...saving, returnUrl: 'http://localhost/' })).url;
    assert.equal((await fetch(page, { method: 'POST', body: new URLSearchParams({ name: 'x'.repeat(10_000) }) })).status, 413);
    assert.equal((await fetch(page, { method: 'POST' })).status, 422);
    assert.equal((await fetch(`${url}/pages/%E0%A4%A`)).status, 400);
    assert.equal((await fetch(`${url}/pages/none`)).status, 404);
    assert.equal((await fetch(`${url}/none`)).status, 404);
  });

  it('prints one line when it listens, and listens on this machine only', async () => {
    const { line, url } = await sandboxes.spawn();
    assert.match(line, /^sandbox gateway http:\/\/127\.0\.0\.1:\d+$/);
    assert.equal((await fetch(`${url}/charges`)).status, 200);
  });

  it('does not run in production unless a setting says so by name; ends at SIGTERM', async () => {
    const folder = await sandboxes.folder();
    const run = async (env: NodeJS.ProcessEnv) => {
      const child = spawn(process.execPath, [program, '--data', folder], { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
      const exited = once(child, 'exit');
      const [text] = await Promise.race([once(child.stdout, 'data'), once(child.stderr, 'data')]);
      child.kill('SIGTERM');
      return { text: String(text), code: (await exited)[0] as number };
    };
    const refused = await run({ NODE_ENV: 'production' });
    assert.match(refused.text, /SANDBOX_IN_PRODUCTION=true/);
    const allowed = await run({ NODE_ENV: 'production', SANDBOX_IN_PRODUCTION: 'true' });
    assert.match(allowed.text, /^sandbox gateway http/);
    assert.equal(allowed.code, 0);
  });

  it('says in one sentence that its port is taken', async () => {
    const { url } = await sandboxes.start();
    const port = Number(new URL(url).port);
    await assert.rejects(sandboxes.start({ port }), /^Error: Port \d+ is taken/);
  });
});
