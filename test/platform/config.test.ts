import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'mocha';
import { readConfig, StartError } from '../../server/config.ts';

describe('configuration', () => {
  let dataDir: string;
  before(() => { dataDir = mkdtempSync(path.join(tmpdir(), 'portico-config-')); });
  after(() => rmSync(dataDir, { recursive: true }));

  const key = Buffer.alloc(32, 7).toString('base64');
  const database = 'postgres://web:x@db/portico';
  const production = () => ({
    NODE_ENV: 'production', DATA_DIR: dataDir, BASE_DOMAIN: 'portal.example.com', SESSION_SECRET: 'Zq3v8yB1nM5tR7wK0xC2dF4gH6jL9pSa', ENCRYPTION_KEYS: key,
    DATABASE_URL: database, DATABASE_OWNER_URL: database, DATABASE_WORKER_URL: database,
  });
  const refused = (env: NodeJS.ProcessEnv, message: RegExp) =>
    assert.throws(() => readConfig({ DATA_DIR: dataDir, ...env }), (error) => error instanceof StartError && message.test(error.message));

  it('runs with nothing set', () => {
    const config = readConfig({ DATA_DIR: dataDir });
    assert.deepEqual([config.production, config.port, config.baseDomain, config.worker, config.logLevel], [false, 3000, 'localhost', 'inline', 'info']);
    assert.deepEqual([config.metricsAllow, config.trustProxy, config.databaseUrl], [['127.0.0.0/8', '::1'], [], undefined]);
  });

  it('makes the session secret and the encryption key once, for its own user only', () => {
    const [first, second] = [readConfig({ DATA_DIR: dataDir }), readConfig({ DATA_DIR: dataDir })];
    assert.equal(first.sessionSecret, second.sessionSecret);
    assert.ok(first.sessionSecret.length >= 32);
    assert.deepEqual(first.encryptionKeys, second.encryptionKeys);
    assert.equal(first.encryptionKeys[0]?.length, 32);
    assert.deepEqual(readdirSync(dataDir).toSorted(), ['encryption-key', 'session-secret']);
    assert.equal(statSync(path.join(dataDir, 'session-secret')).mode & 0o777, 0o600);
  });

  it('reads keys newest first and lists of addresses', () => {
    const config = readConfig({ DATA_DIR: dataDir, ENCRYPTION_KEYS: `${Buffer.alloc(32, 1).toString('base64')}, ${key}`, TRUST_PROXY: '10.0.0.0/8, ::1', METRICS_ALLOW: '10.1.2.3' });
    assert.deepEqual(config.encryptionKeys.map((each) => each[0]), [1, 7]);
    assert.deepEqual([config.trustProxy, config.metricsAllow], [['10.0.0.0/8', '::1'], ['10.1.2.3']]);
  });

  it('takes an empty variable for one that is not set', () => {
    assert.equal(readConfig({ DATA_DIR: dataDir, PORT: '', REDIS_URL: ' ' }).port, 3000);
  });

  for (const [name, wrong] of Object.entries({
    PORT: ['0', '65536', 'http', '3000x', '-1'], BASE_DOMAIN: ['Example.com', 'example.com:3000', 'http://example.com'],
    DATABASE_URL: ['localhost', 'mysql://x/y'], REDIS_URL: ['localhost:6379'], SMTP_URL: ['https://mail.example.com'],
    ENCRYPTION_KEYS: ['abc', `${key},abc`], METRICS_ALLOW: ['everyone', '10.0.0.0/33'], WORKER: ['on'], TRUST_PROXY: ['true', '1', 'all'],
    STRIPE_SECRET_KEY: ['pk_live_1', 'secret'], STRIPE_WEBHOOK_SECRET: ['secret', 'whsec_'], STRIPE_API_BASE: ['api.stripe.com'],
    LOG_LEVEL: ['loud'], SANDBOX_GATEWAY_URL: ['ftp://x'], SANDBOX_IN_PRODUCTION: ['yes'],
    SESSION_SECRET: ['short', 'changeme-changeme-changeme-changeme', 'a'.repeat(40)],
  })) {
    it(`says what is wrong with ${name}`, () => {
      for (const value of wrong) refused({ [name]: value }, new RegExp(`^${name} .*\\.$`, 'm'));
    });
  }

  it('wants the three database addresses together', () => {
    refused({ DATABASE_URL: database }, /^Set DATABASE_URL, DATABASE_OWNER_URL and DATABASE_WORKER_URL together/);
  });

  it('A38 takes Stripe with its webhook secret or not at all, and real money over TLS only', () => {
    const stripe = { STRIPE_SECRET_KEY: 'sk_live_1', STRIPE_WEBHOOK_SECRET: 'whsec_12345678' };
    assert.deepEqual(readConfig({ DATA_DIR: dataDir, ...stripe }).stripe, { secretKey: 'sk_live_1', webhookSecret: 'whsec_12345678', apiBase: 'https://api.stripe.com' });
    for (const name of Object.keys(stripe)) refused({ ...stripe, [name]: '' }, /^Set STRIPE_SECRET_KEY and STRIPE_WEBHOOK_SECRET together/);
    refused({ ...stripe, STRIPE_API_BASE: 'http://127.0.0.1:1' }, /^STRIPE_API_BASE must begin with https/);
  });

  it('says every wrong setting at once', () => {
    refused({ PORT: 'x', WORKER: 'on' }, /^PORT .*\nWORKER /s);
  });

  for (const name of ['SESSION_SECRET', 'ENCRYPTION_KEYS', 'BASE_DOMAIN'] as const) {
    it(`demands ${name} in production`, () => {
      assert.equal(readConfig(production()).production, true);
      refused({ ...production(), [name]: '' }, new RegExp(`NODE_ENV=production set ${name} too`));
    });
  }

  it('demands a real database in production', () => {
    refused({ ...production(), DATABASE_URL: '', DATABASE_OWNER_URL: '', DATABASE_WORKER_URL: '' }, /set DATABASE_URL, DATABASE_OWNER_URL, DATABASE_WORKER_URL too/);
  });

  it('says when DATA_DIR cannot be written', () => {
    const file = path.join(dataDir, 'file');
    writeFileSync(file, '');
    refused({ DATA_DIR: path.join(file, 'var') }, /^DATA_DIR .*file\/var cannot be written \(ENOTDIR\): .* set DATA_DIR to another folder\.$/);
    rmSync(file);
  });
});
