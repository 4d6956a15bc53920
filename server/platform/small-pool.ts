import { Pool } from 'pg';
import type { StoreLog } from './redis.ts';

/** A pool of its own for a small store, so that a busy page never waits for it nor it for a page. */
export function openSmallPool(url: string, log: StoreLog, max: number): Pool {
  const pool = new Pool({
    connectionString: url,
    max,
    keepAlive: true,
    idleTimeoutMillis: 0,
    // Later than the caller's deadline, which has answered by then: these only free the connection.
    connectionTimeoutMillis: 2000,
    query_timeout: 2000,
    statement_timeout: 2000,
  });
  // Without a listener one idle connection that the server ends would end this process.
  pool.on('error', (error) => log.warn({ err: error }, 'an idle connection of a store was lost'));
  return pool;
}
