import { channel } from 'node:diagnostics_channel';
import { randomBytes } from 'node:crypto';
import { currentTenantId } from '../platform/database.ts';
import { Unavailable } from '../platform/errors.ts';

export interface Hasher {
  readonly hash: (password: string) => Promise<string>;
  /** Without a stored hash it works just as long and says no, so that the time tells nobody who has a sign-in. */
  readonly verify: (stored: string | null, password: string) => Promise<boolean>;
}

/** Tells who listens of each hash that begins: for counting. */
export const hashes = channel('portico:hash');

/**
 * Does work that hashes (argon2id). It takes a place in the queue first and throws Unavailable when there is none, so that nothing is
 * counted, read or written for somebody who cannot be served.
 */
export async function withHashing<T>(work: (hasher: Hasher) => Promise<T>): Promise<T> {
  if (places === 0) throw new Unavailable('too many sign-ins at once', 2);
  places -= 1;
  try {
    return await work(hasher);
  } finally {
    places += 1;
  }
}

export function hashPassword(password: string): Promise<string> {
  return withHashing((one) => one.hash(password));
}

const argon2 = () => import('@node-rs/argon2');
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;
// At most two at once: more would starve everything else that shares the thread pool. Twenty may wait.
let free = 2;
let places = 22;
const waiting: (() => void)[] = [];
let nobody: Promise<string> | undefined;

const hasher: Hasher = {
  hash: (password) => inTurn(async () => (await argon2()).hash(password, cost)),
  verify: (stored, password) => inTurn(async () => {
    const { hash, verify } = await argon2();
    // Made with the first of all, whoever it is for.
    nobody ??= hash(randomBytes(16).toString('hex'), cost);
    const other = await nobody;
    return (await verify(stored ?? other, password)) && stored !== null;
  }),
};

async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (currentTenantId() !== undefined) throw new Error('a hash inside a transaction would hold its connection');
  if (free === 0) await new Promise<void>((go) => waiting.push(go));
  else free -= 1;
  hashes.publish(undefined);
  try {
    return await work();
  } finally {
    const next = waiting.shift();
    if (next) next();
    else free += 1;
  }
}
