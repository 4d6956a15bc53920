import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { openSandbox, type OpenSandbox } from '../../../server/gateways/sandbox/child.ts';
import { commandOf } from '../../../server/platform/processes.ts';

describe('sandbox gateway beside the portal', function () {
  this.timeout(30_000);
  let dataDir: string;
  let opened: OpenSandbox[];
  beforeEach(() => {
    dataDir = mkdtempSync(path.join(tmpdir(), 'portico-child-'));
    opened = [];
  });
  afterEach(async () => {
    for (const sandbox of opened) await sandbox.stop();
    rmSync(dataDir, { recursive: true });
  });

  const settings = () => ({ production: false, sandboxInProduction: false, sandboxUrl: undefined, dataDir, baseDomain: 'localhost' });
  const open = async (more: Partial<ReturnType<typeof settings>> | { sandboxUrl: string } = {}) => {
    const sandbox = await openSandbox({ ...settings(), ...more }, { error: () => undefined });
    opened.push(sandbox);
    return sandbox;
  };
  const answers = (url: string) => fetch(`${url}/operations/none`).then((response) => response.ok, () => false);

  it('keeps its address from start to start', async () => {
    const first = await open();
    assert.equal(await answers(first.url), true);
    await first.stop();
    assert.equal(await answers(first.url), false);
    assert.equal((await open()).url, first.url);
  });

  it('comes back at the same address when it is killed', async () => {
    const { url } = await open();
    const pid = readdirSync('/proc').map(Number).find((each) => each && commandOf(each)?.includes(`--data ${dataDir}/`));
    assert.ok(pid);
    process.kill(pid, 'SIGKILL');
    for (let tries = 0; tries < 100 && !await answers(url); tries += 1) await delay(100);
    assert.equal(await answers(url), true);
  });

  it('is used by a second program on the same data, and stays when that one ends', async () => {
    const first = await open();
    const second = await open();
    await second.stop();
    assert.equal(second.url, first.url);
    assert.equal(await answers(first.url), true);
  });

  it('may run elsewhere, and does not run in production unasked', async () => {
    assert.equal((await open({ sandboxUrl: 'http://sandbox.example.com' })).url, 'http://sandbox.example.com');
    assert.equal(await answers((await open({ production: true })).url), false);
  });
});
