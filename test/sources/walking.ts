import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { Page } from 'playwright-core';
import { createDemoTenant, rememberHashes } from '../../server/operator/create-demo.ts';
import { findTenant } from '../../server/tenancy/tenant.ts';
import { browse, isTooWide, type Tab } from '../support/browser.ts';
import { testPortal } from '../support/portal.ts';
import type { World } from '../support/world.ts';

export const customer = 'mbestie@example.com';
export const demoPassword = 'BestTraining1';
const hashOf = rememberHashes();

/** Somebody who walks a source's text from its top to its bottom, in a real browser, on the demo portal of its pack. */
export class Walker {
  readonly world: World;
  readonly tab: Tab;

  constructor(world: World, tab: Tab) {
    this.world = world;
    this.tab = tab;
  }

  get page(): Page {
    return this.tab.page;
  }

  async goes(path: string): Promise<void> {
    await this.page.goto(path);
  }

  /** The first link, button or other control called that, wherever it stands on the page. */
  async follows(name: string | RegExp): Promise<void> {
    await this.page.getByRole('link', { name, ...exactly(name) }).locator('visible=true').first().click();
    await this.page.waitForLoadState();
  }

  async presses(name: string | RegExp): Promise<void> {
    await this.page.getByRole('button', { name, ...exactly(name) }).locator('visible=true').first().click();
    await this.page.waitForLoadState();
  }

  async fills(label: string | RegExp, text: string): Promise<void> {
    await this.page.getByLabel(label).locator('visible=true').first().fill(text);
  }

  async reads(...patterns: readonly RegExp[]): Promise<void> {
    const text = await this.page.innerText('body');
    for (const pattern of patterns) assert.match(text, pattern, `${pattern} at ${this.page.url()}:\n${text}`);
  }

  async readsNo(...patterns: readonly RegExp[]): Promise<void> {
    const text = await this.page.innerText('body');
    for (const pattern of patterns) assert.doesNotMatch(text, pattern, `${pattern} at ${this.page.url()}:\n${text}`);
  }

  async signsIn(login: string, password = demoPassword, door = '/login'): Promise<void> {
    await this.goes(door);
    await this.page.fill('[name=login]', login);
    await this.page.fill('[name=password]', password);
    await this.page.press('[name=password]', 'Enter');
    await this.page.waitForURL((url) => url.pathname !== door);
  }

  async signsOut(): Promise<void> {
    await this.page.context().clearCookies();
  }

  /** Types a card at the gateway's own page, and comes back. */
  async typesCard(number = '4242 4242 4242 4242'): Promise<void> {
    for (const [name, value] of [['name', 'Megan Bestie'], ['number', number], ['expiry', '04/30'], ['cvc', '123']] as const) await this.page.fill(`[name=${name}]`, value);
    await this.page.click('form button');
    await this.page.waitForURL(/localhost.*\/(billing|account)/);
  }

  /** Nothing was refused, thrown or wider than the screen. */
  async isDone(): Promise<void> {
    assert.deepEqual(this.tab.problems, []);
    assert.equal(await isTooWide(this.page), false);
    await this.tab.close();
  }
}

const exactly = (name: string | RegExp) => (typeof name === 'string' ? { exact: true } : {});

export async function startWalk(pack: string): Promise<Walker> {
  await testPortal();
  const slug = `${pack}-${randomUUID().slice(0, 8)}`;
  await createDemoTenant(slug, pack, hashOf);
  const walker = new Walker({ slug, id: (await findTenant(slug))?.id ?? '' }, await browse(slug));
  walker.page.setDefaultTimeout(20_000);
  return walker;
}
