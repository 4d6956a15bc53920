import { randomBytes } from 'node:crypto';
import { hash, verify } from '@node-rs/argon2';
import { Unavailable } from '../platform/errors.ts';

const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;
const atOnce = 2;
const mayWait = 20;

let running = 0;
const waiting: (() => void)[] = [];
const nobody = hash(randomBytes(16).toString('hex'), cost);

/** argon2id, at most two at once: more would starve everything else that shares the thread pool. Throws Unavailable when twenty wait. */
export function hashPassword(password: string): Promise<string> {
  return inTurn(() => hash(password, cost));
}

/** Without a stored hash it works just as long and says no, so that the time tells nobody who has a sign-in. */
export function isPassword(stored: string | null, password: string): Promise<boolean> {
  return inTurn(async () => (await verify(stored ?? (await nobody), password)) && stored !== null);
}

/** Takes a place in the queue first and throws Unavailable when there is none: a try that cannot be hashed is not counted. */
async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (running >= atOnce) {
    if (waiting.length >= mayWait) throw new Unavailable('too many sign-ins at once', 2);
    await new Promise<void>((go) => waiting.push(go));
  } else running += 1;
  try {
    return await work();
  } finally {
    const next = waiting.shift();
    if (next) next();
    else running -= 1;
  }
}

/** Throws Unavailable now, before a try is counted, when a hash would not find a place in the queue. */
export function needHashSlot(): void {
  if (running >= atOnce && waiting.length >= mayWait) throw new Unavailable('too many sign-ins at once', 2);
}
