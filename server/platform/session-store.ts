import connectPgSimple from 'connect-pg-simple';
import { RedisStore } from 'connect-redis';
import session, { type SessionData, type Store } from 'express-session';
import { createDeadline, type Deadline } from './deadline.ts';
import { AppError, Unavailable } from './errors.ts';
import type { StoreLog } from './redis.ts';
import { openSmallPool } from './small-pool.ts';

export interface SessionStore {
  readonly store: Store;
  /** Throws Unavailable when sessions can neither be read nor written. */
  readonly ping: () => Promise<void>;
  readonly close: () => Promise<void>;
}

interface Outside {
  readonly webUrl: string;
  readonly redisUrl?: string | undefined;
  readonly log: StoreLog;
}

/** A store that answers within 1.5 s or with Unavailable, so that an outage is never taken for "signed out". */
export async function createSessionStore({ webUrl, redisUrl, log }: Outside): Promise<SessionStore> {
  const { inner, ping, close } = redisUrl ? await inRedis(redisUrl, log) : inPostgres(webUrl, log);
  const within = createDeadline('the session store');
  return {
    store: new GuardedStore(inner, within),
    ping: async () => {
      await within(ping).catch((error: unknown) => Promise.reject(unavailable(error)));
    },
    close,
  };
}

// Longer than any sign-in lives (sign_ins is the truth and ends them), so that no page has to write to prolong it.
const secondsKept = 7 * 86_400;

interface Backend {
  readonly inner: Store;
  readonly ping: () => Promise<unknown>;
  readonly close: () => Promise<void>;
}

function inPostgres(url: string, log: StoreLog): Backend {
  const pool = openSmallPool(url, log, 4);
  const PgStore = connectPgSimple(session);
  const inner = new PgStore({
    pool, schemaName: 'app', tableName: 'sessions', ttl: secondsKept, pruneSessionInterval: false,
  });
  return { inner, ping: () => pool.query('select from app.sessions limit 0'), close: () => pool.end() };
}

async function inRedis(url: string, log: StoreLog): Promise<Backend> {
  const { closeRedis, openRedis } = await import('./redis.ts');
  const client = await openRedis(url, log);
  const inner = new RedisStore({ client, prefix: 'portico:session:', ttl: secondsKept });
  return { inner, ping: () => client.ping(), close: () => closeRedis(client) };
}

type Done<T> = (error?: unknown, value?: T) => void;

/** Has no touch: express-session then writes nothing for a page that only reads. */
class GuardedStore extends session.Store {
  readonly #inner: Store;
  readonly #within: Deadline;

  constructor(inner: Store, within: Deadline) {
    super();
    this.#inner = inner;
    this.#within = within;
  }

  override get(sid: string, done: Done<SessionData | null>): void {
    this.#call<SessionData | null>((answer) => this.#inner.get(sid, answer), done);
  }

  override set(sid: string, data: SessionData, done?: Done<void>): void {
    this.#call<void>((answer) => this.#inner.set(sid, data, answer), done);
  }

  override destroy(sid: string, done?: Done<void>): void {
    this.#call<void>((answer) => this.#inner.destroy(sid, answer), done);
  }

  #call<T>(start: (answer: Done<T>) => void, done: Done<T> = () => undefined): void {
    const work = () => new Promise<T | undefined>((resolve, reject) => {
      start((error, value) => (error ? reject(error) : resolve(value)));
    });
    // Called on the next tick: what the callback throws must not look like a second answer of the store.
    this.#within(work).then(
      (value) => process.nextTick(done, null, value),
      (error: unknown) => process.nextTick(done, unavailable(error)),
    );
  }
}

/** express-session takes an error whose code is ENOENT (a PostgreSQL socket that is gone) for "no such session". */
function unavailable(error: unknown): AppError {
  if (error instanceof AppError) return error;
  return Object.assign(new Unavailable('the session store failed'), { cause: error });
}
