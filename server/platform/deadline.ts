import { Unavailable } from './errors.ts';

export type Deadline = <T>(work: () => Promise<T>) => Promise<T>;

/**
 * Runs each piece of work for at most `ms`, then throws Unavailable; the late result is dropped. For `breakMs` after a
 * late answer everybody is refused at once, so that nobody queues behind a frozen store. Other failures pass unchanged.
 * No option of the Redis client does this: each newly written command starts its socket timer again.
 */
export function createDeadline(what: string, ms = 1500, breakMs = 1000): Deadline {
  let openUntil = 0;
  return async (work) => {
    if (performance.now() < openUntil) throw new Unavailable(`${what} gave no answer a moment ago`);
    const late = Promise.withResolvers<never>();
    const timer = setTimeout(() => {
      openUntil = performance.now() + breakMs;
      late.reject(new Unavailable(`${what} gave no answer within ${ms} ms`));
    }, ms);
    try {
      return await Promise.race([work(), late.promise]);
    } finally {
      clearTimeout(timer);
    }
  };
}
