import { once } from 'node:events';
import { mkdtemp } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { startSandbox } from '../../server/gateways/sandbox/server.ts';
import { createLog } from '../../server/platform/log.ts';
import { openPortal, type Portal } from '../../server/portal.ts';
import { copyDatabase, type TestDatabase } from './database.ts';

export interface TestPortal extends Portal {
  readonly database: TestDatabase;
  readonly sandboxUrl: string;
}

let opened: Promise<TestPortal> | undefined;

/** The real portal, one per process, on its own copy of the database and its own sandbox gateway. CSRF, limits and headers are on. */
export function testPortal(): Promise<TestPortal> {
  opened ??= open();
  return opened;
}

export const testConfig = {
  production: false,
  port: 3000,
  baseDomain: 'localhost',
  encryptionKeys: [Buffer.alloc(32, 7)],
  redisUrl: undefined,
  smtpUrl: undefined,
  sessionSecret: 'a secret that only the tests know, and nobody else',
  trustProxy: [],
  metricsAllow: ['127.0.0.0/8', '::1'],
  stripe: { secretKey: '', webhookSecret: '', apiBase: 'https://api.stripe.com' },
};

/** The portal's addresses name it, and a browser test listens there. */
async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}

async function open(): Promise<TestPortal> {
  const database = await copyDatabase();
  const sandbox = await startSandbox({ port: 0, dataDir: await mkdtemp(path.join(os.tmpdir(), 'portico-sandbox-')) });
  const log = createLog(process.env['TEST_LOG'] ?? 'silent');
  const portal = await openPortal({ ...testConfig, port: await freePort(), dataDir: await mkdtemp(path.join(process.env['TEST_FOLDER'] ?? os.tmpdir(), 'data-')) }, { webUrl: database.webUrl, sandboxUrl: sandbox.url, log });
  return { ...portal, database, sandboxUrl: sandbox.url };
}
