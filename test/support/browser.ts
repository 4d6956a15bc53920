import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { chromium, type Browser, type BrowserContext, type BrowserContextOptions, type Page } from 'playwright-core';
import { testPortal } from './portal.ts';

let launched: Promise<Browser> | undefined;
let listening: Promise<number> | undefined;

/** A real browser on the real portal, at http://<slug>.localhost:<port>. One browser and one server per process; a context per test. */
export async function browse(slug: string, options: BrowserContextOptions = {}): Promise<Tab> {
  launched ??= launch();
  listening ??= listen();
  const [browser, port] = [await launched, await listening];
  const context = await browser.newContext({ baseURL: `http://${slug}.localhost:${port}`, viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  const problems: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' && !/status of (4\d\d|503)/.test(message.text())) problems.push(message.text());
  });
  page.on('pageerror', (error) => problems.push(error.message));
  return { context, page, problems, close: () => context.close() };
}

export interface Tab {
  readonly context: BrowserContext;
  readonly page: Page;
  /** Console errors, uncaught exceptions and what the content security policy refused. */
  readonly problems: string[];
  close(): Promise<void>;
}

/** What axe finds on the page as it stands, by WCAG 2.2 AA; or by one rule alone. */
export async function accessibilityFaults(page: Page, rule?: string): Promise<string[]> {
  axe ??= readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  if (!(await page.evaluate<boolean>(`typeof axe === 'object'`))) await page.evaluate(await axe);
  const run = `axe.run({ preload: false, resultTypes: ['violations'], runOnly: ${JSON.stringify(rule ? { type: 'rule', values: [rule] } : ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])} })
    .then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ target }) => target.join(' ')).join(', ')))`;
  return page.evaluate<string[]>(run);
}
let axe: Promise<string> | undefined;

/** Whether the page can be scrolled sideways. */
export function isTooWide(page: Page): Promise<boolean> {
  return page.evaluate<boolean>('document.documentElement.scrollWidth > document.documentElement.clientWidth');
}

async function listen(): Promise<number> {
  const { app, outside } = await testPortal();
  const server = createServer(app).listen(outside.port, '127.0.0.1');
  await once(server, 'listening');
  server.unref();
  return outside.port;
}

/** Debian's Chromium where there is one, else the browser that npm brings. CHROMIUM=npm asks for that one. */
async function launch(): Promise<Browser> {
  const wanted = process.env['CHROMIUM'];
  const installed = [wanted, '/usr/bin/chromium', '/usr/bin/google-chrome'].find((file) => file && existsSync(file));
  const executablePath = installed && wanted !== 'npm' ? installed : await unpack();
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-background-networking'] });
}

async function unpack(): Promise<string> {
  const home = path.join(os.tmpdir(), `portico-chromium-${process.getuid?.() ?? 0}`);
  await mkdir(home, { recursive: true });
  // Where it unpacks, and what makes it unpack the libraries that it needs and a bare machine lacks.
  Object.assign(process.env, { TMPDIR: home, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x' });
  const { default: packaged } = await import('@sparticuz/chromium');
  // Never its own arguments: they switch web security off.
  return packaged.executablePath();
}
