import { RateLimiterMemory, RateLimiterPostgres, RateLimiterRedis, RateLimiterRes, type RateLimiterAbstract } from 'rate-limiter-flexible';
import { createDeadline, type Deadline } from './deadline.ts';
import { TooMany } from './errors.ts';
import type { StoreLog } from './redis.ts';
import { openSmallPool } from './small-pool.ts';

/** How often something may be done in a row of seconds, per key that `take` is given. */
export const limitTable = {
  /** Key: tenant and client address. A guesser has one, but so has a whole office; a good sign-in gives its try back. */
  'sign-in-address': { points: 100, seconds: 600 },
  /** Key: tenant. Guessing spread over many addresses; far above what the customers of one organization do. */
  'sign-in-tenant': { points: 6000, seconds: 600 },
  /** Key: tenant and sign-in, or tenant and client address when signed out: reset, sign-up, contact, tickets, uploads, search. */
  'forms': { points: 120, seconds: 60 },
  /** Key: tenant. Signed-out forms sent from many addresses at once: reset, sign-up, links. */
  'forms-tenant': { points: 6000, seconds: 600 },
  /** Key: tenant and login or link. Where somebody who is known must type the own password once more. */
  'password-check': { points: 10, seconds: 600 },
  /** Key: tenant and login, client address or mailed address. Each request makes two mails. */
  'contact-us': { points: 10, seconds: 3600 },
  /** Key: tenant. */
  'contact-us-tenant': { points: 300, seconds: 3600 },
  /** Key: tenant and login. What people write on tickets: each makes a mail, and may carry files. */
  'tickets': { points: 60, seconds: 3600 },
  /** Key: tenant and login. Each makes a file and a mail. */
  'usage-exports': { points: 20, seconds: 3600 },
} as const satisfies Record<string, { points: number; seconds: number }>;

export type LimitName = keyof typeof limitTable;

export interface Limits {
  /** Counts one; throws TooMany when there were too many. Never throws for a store that fails: this process then counts alone. */
  readonly take: (name: LimitName, key: string) => Promise<void>;
  /** Takes one back, for a try that turned out to be good. */
  readonly giveBack: (name: LimitName, key: string) => Promise<void>;
  readonly close: () => Promise<void>;
}

interface Options {
  readonly webUrl: string;
  readonly redisUrl?: string | undefined;
  readonly log: StoreLog;
  /** Multiplies all points: on a developer's machine everybody has one address. */
  readonly times?: number;
}

export async function createLimits({ webUrl, redisUrl, log, times = 1 }: Options): Promise<Limits> {
  const { limiter, close } = redisUrl ? await inRedis(redisUrl, log) : inPostgres(webUrl, log);
  const within = createDeadline('the limit store');
  const counters = new Map(Object.entries(limitTable).map(([name, { points, seconds }]) => {
    const rule = { keyPrefix: name, points: points * times, duration: seconds };
    // Beyond the limit this process answers by itself, so that a flood does not reach the store.
    const shared = limiter({ ...rule, inMemoryBlockOnConsumed: rule.points + 1 });
    return [name, insured(shared, new RateLimiterMemory(rule), within, log)];
  }));
  const counter = (name: LimitName) => counters.get(name) as Counter;
  return {
    take: (name, key) => counter(name).take(key),
    giveBack: (name, key) => counter(name).giveBack(key),
    close,
  };
}

interface Rule {
  readonly keyPrefix: string;
  readonly points: number;
  readonly duration: number;
  readonly inMemoryBlockOnConsumed: number;
}

interface Backend {
  readonly limiter: (rule: Rule) => RateLimiterAbstract;
  readonly close: () => Promise<void>;
}

function inPostgres(url: string, log: StoreLog): Backend {
  const pool = openSmallPool(url, log, 2);
  // The library writes by position: key, points, expire must stay the first three columns, in this order.
  const table = { storeClient: pool, storeType: 'pool', schemaName: 'app', tableName: 'limits', tableCreated: true };
  return { limiter: (rule) => new RateLimiterPostgres({ ...table, ...rule }), close: () => pool.end() };
}

async function inRedis(url: string, log: StoreLog): Promise<Backend> {
  const { closeRedis, openRedis } = await import('./redis.ts');
  const client = await openRedis(url, log);
  return {
    limiter: ({ keyPrefix, ...rule }) => new RateLimiterRedis({
      storeClient: client, useRedisPackage: true, keyPrefix: `portico:limit:${keyPrefix}`, ...rule,
    }),
    close: () => closeRedis(client),
  };
}

interface Counter {
  readonly take: (key: string) => Promise<void>;
  readonly giveBack: (key: string) => Promise<void>;
}

/** The library's own insurance begins only when the store reports a failure; a frozen one reports nothing. */
function insured(shared: RateLimiterAbstract, alone: RateLimiterAbstract, within: Deadline, log: StoreLog): Counter {
  const either = async (work: (limiter: RateLimiterAbstract) => Promise<unknown>) => {
    try {
      await within(() => work(shared));
    } catch (error) {
      if (error instanceof RateLimiterRes) throw error;
      log.warn({ err: error }, 'limits are counted in this process alone');
      await work(alone);
    }
  };
  return {
    take: (key) => either((limiter) => limiter.consume(key)).catch(refuse),
    giveBack: (key) => either((limiter) => limiter.reward(key)),
  };
}

function refuse(reason: unknown): never {
  if (reason instanceof RateLimiterRes) throw new TooMany(Math.max(1, Math.ceil(reason.msBeforeNext / 1000)));
  throw reason;
}
