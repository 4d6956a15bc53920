import assert from 'node:assert/strict';
import { before, describe, it } from 'mocha';
import type { CDPSession } from 'playwright-core';
import { browse, type Tab } from '../support/browser.ts';
import { visit } from '../support/visitor.ts';
import { customer, demoPassword, makePlace, type Place } from './place.ts';

const most = 100_000;

/** Counts what comes over the wire, headers and all, and which hosts are asked; `take` gives the bytes since the last time. */
async function scale(tab: Tab): Promise<{ take: () => number; hosts: Set<string> }> {
  const session: CDPSession = await tab.context.newCDPSession(tab.page);
  let bytes = 0;
  const hosts = new Set<string>();
  session.on('Network.loadingFinished', ({ encodedDataLength }) => (bytes += encodedDataLength));
  session.on('Network.requestWillBeSent', ({ request }) => request.url.startsWith('http') && hosts.add(new URL(request.url).hostname));
  await session.send('Network.enable');
  const take = () => {
    const taken = bytes;
    bytes = 0;
    return taken;
  };
  return { hosts, take };
}

describe('the weight of the first page', function () {
  this.timeout(120_000);
  let place: Place;
  before(async () => {
    place = await makePlace('studio');
  });

  it('is under 100 kB with a cold cache, for the sign-in and for the home page after it, and no other host is asked', async () => {
    const tab = await browse(place.world.slug);
    const { page } = tab;
    const { take, hosts } = await scale(tab);
    await page.goto('/login', { waitUntil: 'networkidle' });
    const door = take();
    assert.ok(door > 20_000 && door < most, `the sign-in page weighs ${door} bytes`);
    await page.fill('[name=login]', customer);
    await page.fill('[name=password]', demoPassword);
    await page.press('[name=password]', 'Enter');
    await page.waitForURL('**/');
    await page.waitForLoadState('networkidle');
    const home = take();
    assert.ok(home < most - door, `sign-in and home weigh ${door} and ${home} bytes`);
    await page.goto('/invoices', { waitUntil: 'networkidle' });
    assert.ok(take() < 60_000, 'what is the same on all pages is not asked for again');
    assert.deepEqual([...hosts], [`${place.world.slug}.localhost`]);
    await tab.close();
  });

  it('is no more for who comes back to the home page with a cold cache', async () => {
    const tab = await browse(place.world.slug);
    await tab.page.goto('/login');
    await tab.page.fill('[name=login]', customer);
    await tab.page.fill('[name=password]', demoPassword);
    await tab.page.press('[name=password]', 'Enter');
    await tab.page.waitForURL('**/');
    const cold = await browse(place.world.slug, { storageState: await tab.context.storageState() });
    const { take } = await scale(cold);
    await cold.page.goto('/', { waitUntil: 'networkidle' });
    const home = take();
    assert.ok(home > 20_000 && home < most, `the home page weighs ${home} bytes`);
    await cold.close();
    await tab.close();
  });

  it('is small because every asset is squeezed and kept for a year under the hash of its content', async () => {
    const visitor = await visit(place.world.slug);
    const assets = [...(await visitor.get('/login')).text.matchAll(/(?:href|src)="(\/assets\/[0-9a-f]{12}\/[\w.]+)"/g)].map(([, address]) => address ?? '');
    assert.ok(assets.length >= 3);
    for (const address of assets) {
      const plain = await visitor.send('get', address).set('Accept-Encoding', 'identity');
      assert.equal(plain.headers['content-encoding'], undefined);
      for (const encoding of ['br', 'gzip']) {
        const { headers, status } = await visitor.send('get', address).set('Accept-Encoding', encoding);
        assert.deepEqual([status, headers['content-encoding'], headers['vary'], headers['cache-control']], [200, encoding, 'Accept-Encoding', 'public, max-age=31536000, immutable'], address);
        assert.ok(Number(headers['content-length']) < Number(plain.headers['content-length']) / 2, `${address} ${encoding}`);
      }
    }
    assert.equal((await visitor.get((assets[0] ?? '').replace(/[0-9a-f]{12}/, '000000000000'))).status, 404);
  });
});
