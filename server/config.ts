import { randomBytes } from 'node:crypto';
import { accessSync, constants, existsSync, linkSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { isIP } from 'node:net';
import path from 'node:path';
import { z } from 'zod';

/** Stops the start. The message is one sentence for the person at the terminal and says what to do. */
export class StartError extends Error {}

export type Config = Readonly<z.infer<typeof environment>> & {
  readonly sessionSecret: string;
  /** Newest first: the first one seals, all of them open. */
  readonly encryptionKeys: readonly Buffer[];
};

/** Reads every setting from the environment once. Makes DATA_DIR and the secrets kept in it; throws StartError. */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value?.trim()));
  const read = environment.safeParse(given);
  if (!read.success) throw new StartError(read.error.issues.map((issue) => issue.message).join('\n'));
  demandForProduction(given);
  const { dataDir } = read.data;
  makeWritable(dataDir);
  return {
    ...read.data,
    sessionSecret: read.data.sessionSecret ?? keptSecret(path.join(dataDir, 'session-secret')),
    encryptionKeys: read.data.encryptionKeys ?? [Buffer.from(keptSecret(path.join(dataDir, 'encryption-key')), 'base64')],
  };
}

const list = z.string().transform((text) => text.split(',').map((item) => item.trim()).filter(Boolean));
const addresses = (name: string) => list.refine((items) => items.every(isAddress),
  `${name} must list IP addresses or networks such as 127.0.0.1, 10.0.0.0/8.`);
const url = (name: string, ...schemes: string[]) => z.string().refine((text) => URL.canParse(text) && schemes.includes(new URL(text).protocol),
  `${name} must be an address that begins with ${schemes.map((scheme) => `${scheme}//`).join(' or ')}.`);
const databaseUrl = (name: string) => url(name, 'postgres:', 'postgresql:').optional();
const flag = (name: string) => z.enum(['true', 'false'], `${name} must be true or false.`).default('false').transform((text) => text === 'true');
const sessionSecret = z.string().min(32, 'SESSION_SECRET must have at least 32 characters: make one with "openssl rand -base64 48".')
  .refine((text) => !/change.?me|example|secret.*secret|^(.)\1*$/i.test(text), 'SESSION_SECRET is a placeholder: make one with "openssl rand -base64 48".');
const encryptionKeys = list.transform((keys) => keys.map((key) => Buffer.from(key, 'base64')))
  .refine((keys) => keys.length > 0 && keys.every((key) => key.length === 32),
    'ENCRYPTION_KEYS must list 32-byte keys in base64, newest first: make one with "openssl rand -base64 32".');

const environment = z.object({
  NODE_ENV: z.string().optional(),
  PORT: z.string().regex(/^\d{1,5}$/, 'PORT must be a number from 1 to 65535.').transform(Number)
    .refine((port) => port >= 1 && port <= 65_535, 'PORT must be a number from 1 to 65535.').default(3000),
  BASE_DOMAIN: z.string().regex(/^[a-z0-9-]+(\.[a-z0-9-]+)*$/, 'BASE_DOMAIN must be a lower-case host name without port, such as portal.example.com.').default('localhost'),
  DATABASE_URL: databaseUrl('DATABASE_URL'),
  DATABASE_OWNER_URL: databaseUrl('DATABASE_OWNER_URL'),
  DATABASE_WORKER_URL: databaseUrl('DATABASE_WORKER_URL'),
  DATA_DIR: z.string().default('var'),
  REDIS_URL: url('REDIS_URL', 'redis:', 'rediss:').optional(),
  SMTP_URL: url('SMTP_URL', 'smtp:', 'smtps:').optional(),
  SESSION_SECRET: sessionSecret.optional(),
  ENCRYPTION_KEYS: encryptionKeys.optional(),
  METRICS_ALLOW: addresses('METRICS_ALLOW').default(['127.0.0.0/8', '::1']),
  WORKER: z.enum(['inline', 'off'], 'WORKER must be inline or off.').default('inline'),
  // Never "true": then any client could choose its own address and host by sending the headers itself.
  TRUST_PROXY: addresses('TRUST_PROXY').default([]),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'],
    'LOG_LEVEL must be fatal, error, warn, info, debug, trace or silent.').default('info'),
  SANDBOX_GATEWAY_URL: url('SANDBOX_GATEWAY_URL', 'http:', 'https:').optional(),
  SANDBOX_IN_PRODUCTION: flag('SANDBOX_IN_PRODUCTION'),
  STRIPE_SECRET_KEY: z.string().regex(/^[sr]k_(test|live)_\w+$/, 'STRIPE_SECRET_KEY must begin with sk_test_, sk_live_, rk_test_ or rk_live_.').optional(),
  STRIPE_WEBHOOK_SECRET: z.string().regex(/^whsec_\S{8,}$/, 'STRIPE_WEBHOOK_SECRET must begin with whsec_: copy it from the webhook’s page at Stripe.').optional(),
  STRIPE_API_BASE: url('STRIPE_API_BASE', 'http:', 'https:').default('https://api.stripe.com'),
}).superRefine((env, context) => {
  const urls = [env.DATABASE_URL, env.DATABASE_OWNER_URL, env.DATABASE_WORKER_URL].filter(Boolean);
  if (urls.length !== 0 && urls.length !== 3) context.addIssue({ code: 'custom', message: 'Set DATABASE_URL, DATABASE_OWNER_URL and DATABASE_WORKER_URL together, or none of them to use the embedded PostgreSQL.' });
  // Without the second anybody could tell us what was paid.
  if (Boolean(env.STRIPE_SECRET_KEY) !== Boolean(env.STRIPE_WEBHOOK_SECRET)) {
    context.addIssue({ code: 'custom', message: 'Set STRIPE_SECRET_KEY and STRIPE_WEBHOOK_SECRET together, or none of them to go without Stripe.' });
  }
  if (/_live_/.test(env.STRIPE_SECRET_KEY ?? '') && !env.STRIPE_API_BASE.startsWith('https:')) {
    context.addIssue({ code: 'custom', message: 'STRIPE_API_BASE must begin with https:// when STRIPE_SECRET_KEY moves real money.' });
  }
}).transform((env) => ({
  production: env.NODE_ENV === 'production',
  port: env.PORT,
  baseDomain: env.BASE_DOMAIN,
  dataDir: path.resolve(env.DATA_DIR),
  databaseUrl: env.DATABASE_URL,
  ownerUrl: env.DATABASE_OWNER_URL,
  workerUrl: env.DATABASE_WORKER_URL,
  redisUrl: env.REDIS_URL,
  smtpUrl: env.SMTP_URL,
  sessionSecret: env.SESSION_SECRET,
  encryptionKeys: env.ENCRYPTION_KEYS,
  metricsAllow: env.METRICS_ALLOW,
  worker: env.WORKER,
  trustProxy: env.TRUST_PROXY,
  logLevel: env.LOG_LEVEL,
  sandboxUrl: env.SANDBOX_GATEWAY_URL,
  sandboxInProduction: env.SANDBOX_IN_PRODUCTION,
  stripe: { secretKey: env.STRIPE_SECRET_KEY ?? '', webhookSecret: env.STRIPE_WEBHOOK_SECRET ?? '', apiBase: env.STRIPE_API_BASE },
}));

const demanded = ['SESSION_SECRET', 'ENCRYPTION_KEYS', 'BASE_DOMAIN', 'DATABASE_URL', 'DATABASE_OWNER_URL', 'DATABASE_WORKER_URL'];

function demandForProduction(given: NodeJS.ProcessEnv): void {
  if (given['NODE_ENV'] !== 'production') return;
  const missing = demanded.filter((name) => !given[name]);
  if (missing.length > 0) throw new StartError(`With NODE_ENV=production set ${missing.join(', ')} too (docs/operating.md says what they mean).`);
}

function isAddress(text: string): boolean {
  const [address = '', bits, ...rest] = text.split('/');
  const most = isIP(address) === 4 ? 32 : 128;
  return isIP(address) !== 0 && rest.length === 0 && (bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= most));
}

function makeWritable(dataDir: string): void {
  try {
    makeFolder(dataDir);
    accessSync(dataDir, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new StartError(`DATA_DIR ${dataDir} cannot be written (${(error as NodeJS.ErrnoException).code}): give this user the right to write there, or set DATA_DIR to another folder.`);
  }
  const foreign = readdirSync(dataDir).find((name) => !mayRead(path.join(dataDir, name)));
  if (foreign) throw new StartError(`${path.join(dataDir, foreign)} belongs to another user: start Portico as that one, or set DATA_DIR to another folder.`);
}

function mayRead(file: string): boolean {
  try {
    accessSync(file, constants.R_OK);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'EACCES';
  }
}

/** One level after the other: mkdir's own recursion never ends below /proc. */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  makeFolder(path.dirname(folder));
  mkdirSync(folder);
}

/** Made at the first start and kept. The link is what makes it one secret when two processes start at once. */
function keptSecret(file: string): string {
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, randomBytes(32).toString('base64'), { mode: 0o600 });
  try {
    linkSync(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(draft);
  }
  return readFileSync(file, 'utf8').trim();
}
