import { Pool } from 'pg';
import type { StoreLog } from './redis.ts';

/** A pool of its own for a small store, so that a busy page never waits for it nor it for a page. */
export function openSmallPool(url: string, log: StoreLog, max: number): Pool {
  const pool = new Pool({
    connectionString: url,
    max,
    keepAlive: true,
    idleTimeoutMillis: 0,
    connectionTimeoutMillis: 1400,
    query_timeout: 1400,
    statement_timeout: 1400,
  });
  // Without a listener one idle connection that the server ends would end this process.
  pool.on('error', (error) => log.warn({ err: error }, 'an idle connection of a store was lost'));
  return pool;
}
