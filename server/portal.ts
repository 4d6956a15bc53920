import type { Express } from 'express';
import type { Logger } from 'pino';
import { createApp } from './app.ts';
import { StartError, type Config } from './config.ts';
import { sandboxGateway } from './gateways/sandbox/sandbox.ts';
import { stripeAccountOf } from './gateways/stripe/accounts.ts';
import { stripeGateway } from './gateways/stripe/stripe.ts';
import { openPost } from './messages/send-mail.ts';
import { closeDatabase, connectTo, globally, read } from './platform/database.ts';
import { Unavailable } from './platform/errors.ts';
import { openFiles } from './platform/files/files.ts';
import { createLimits } from './platform/limits.ts';
import { createMetrics } from './platform/metrics.ts';
import { closePdf } from './platform/pdf/pdf.ts';
import { createSessionStore } from './platform/session-store.ts';
import { createSessions } from './platform/session.ts';
import { createLive } from './tenancy/live.ts';
import type { Outside } from './tenancy/outside.ts';
import { forgetTenant, listenForTenants } from './tenancy/tenant.ts';

type Settings = Pick<Config, 'production' | 'port' | 'baseDomain' | 'dataDir' | 'encryptionKeys' | 'redisUrl' | 'smtpUrl' | 'sessionSecret' | 'trustProxy' | 'metricsAllow' | 'stripe'>;

interface Places {
  readonly webUrl: string;
  readonly sandboxUrl: string;
  readonly log: Logger;
}

export interface Portal {
  readonly app: Express;
  readonly outside: Outside;
  /** From now on /readyz answers 503, so that a proxy sends no more people here. */
  notReady(): void;
  close(): Promise<void>;
}

/** The real portal on real services: what main.ts serves and what tests drive. */
export async function openPortal(config: Settings, { webUrl, sandboxUrl, log }: Places): Promise<Portal> {
  connectTo(webUrl);
  forgetTenant();
  const store = await createSessionStore({ webUrl, redisUrl: config.redisUrl, log });
  if (config.redisUrl) await store.ping().catch(() => refuseRedis());
  const limits = await createLimits({ webUrl, redisUrl: config.redisUrl, log, times: config.production ? 1 : 10 });
  const live = createLive((error) => log.warn({ err: error }, 'open pages could not be looked after'));
  const tenants = listenForTenants(webUrl, (error) => log.warn({ err: error }, 'the tenant listener lost its connection'), live);
  const { production, port, baseDomain, encryptionKeys: keys } = config;
  const gateways = { sandbox: sandboxGateway(sandboxUrl), stripe: stripeGateway(config.stripe, stripeAccountOf) };
  const outside: Outside = { production, port, baseDomain, keys, gateways, post: openPost(config.smtpUrl), files: openFiles(config.dataDir), limits, metrics: createMetrics(), live, log };
  let isLeaving = false;
  const app = createApp({
    outside,
    sessions: createSessions({ store: store.store, secret: config.sessionSecret, secure: production }),
    trustProxy: config.trustProxy,
    metricsAllow: config.metricsAllow,
    formTargets: [new URL(sandboxUrl).origin, 'https://checkout.stripe.com'],
    ready: async () => {
      if (isLeaving) throw new Unavailable('leaving');
      await globally(() => read('ready', 'select jobs.oldest_due()'));
      await store.ping();
    },
  });
  return {
    app,
    outside,
    notReady: () => {
      isLeaving = true;
      live.close();
    },
    close: async () => {
      live.close();
      await Promise.all([outside.post?.close(), tenants.stop(), closePdf(), limits.close(), store.close()]);
      await closeDatabase();
    },
  };
}

function refuseRedis(): never {
  throw new StartError('REDIS_URL cannot be used: start that Redis, or correct the address.');
}
