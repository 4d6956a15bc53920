import { Logger as WorkerLogger, run as runWorker, runMigrations, type JobHelpers, type Runner, type TaskList } from 'graphile-worker';
import { Pool, type PoolConfig } from 'pg';
import type { Logger } from 'pino';
import { run } from './database.ts';
import { demandPostgres } from './postgres/demand-postgres.ts';

/** Ids only: a job reads what it is about when it runs. Without tenantId it belongs to the whole installation. */
export type JobPayload = Readonly<Record<string, string>> & { readonly tenantId?: string };
export type Job = (payload: JobPayload) => Promise<void>;

/** A job of the clock: five fields in UTC, and what it starts. */
export interface Recurring {
  readonly job: string;
  readonly cron: string;
}

/** The queue's own tables, and the one function through which the web role, which owns nothing, may put something in. Repeats change nothing. */
export async function prepareQueue(workerUrl: string, webRole: string): Promise<void> {
  const pool = openPool(workerUrl, 1, { connectionTimeoutMillis: 5_000 });
  try {
    await demandPostgres('DATABASE_WORKER_URL', (sql) => pool.query(sql));
    await runMigrations({ pgPool: pool, logger: silent });
    // Two that start at once would each replace what the other one is replacing.
    await pool.query(`
      select pg_advisory_xact_lock(hashtext('portico queue'));
      create schema if not exists jobs;
      create or replace function jobs.enqueue(task text, payload json, key text default null, run_at timestamptz default null)
      returns bigint language sql security definer set search_path = pg_catalog, pg_temp
      as $$ select id from graphile_worker.add_job(task, payload, run_at => coalesce(enqueue.run_at, now()), max_attempts => 12, job_key => key) $$;
      create or replace function jobs.oldest_due() returns timestamptz language sql stable security definer set search_path = pg_catalog, pg_temp
      as $$ select min(run_at) from graphile_worker._private_jobs where locked_at is null and attempts < max_attempts and run_at <= now() $$;
      revoke execute on function jobs.enqueue, jobs.oldest_due from public;
      grant usage on schema jobs to ${webRole};
      grant execute on function jobs.enqueue, jobs.oldest_due to ${webRole}`);
  } finally {
    await pool.end();
  }
}

/** Puts a job into the queue in the current transaction: it runs once that has committed, never before, never without. A later one with the same key takes its place. */
export async function enqueue(job: string, payload: JobPayload, { key, at }: { key?: string; at?: Date } = {}): Promise<void> {
  await run('select jobs.enqueue($1, $2, $3, $4)', [job, payload, key ?? null, at ?? null]);
}

/** Works the queue in this process until stop(), which lets the jobs in hand end. */
export async function startWorker(workerUrl: string, jobs: Readonly<Record<string, Job>>, recurring: readonly Recurring[], log: Logger): Promise<{ stop(): Promise<void> }> {
  const pool = openPool(workerUrl, 4);
  pool.on('error', (error) => log.warn({ err: error }, 'the job queue lost a connection'));
  const taskList: TaskList = Object.fromEntries(Object.entries(jobs).map(([name, job]) => [name, (payload: unknown, _helpers: JobHelpers) => job(payload as JobPayload)]));
  const crontab = recurring.map(({ cron, job }) => `${cron} ${job}`).join('\n');
  const runner: Runner = await runWorker({ pgPool: pool, taskList, crontab, concurrency: 2, noHandleSignals: true, logger: toLog(log), pollInterval: 2000 });
  return {
    stop: async () => {
      await runner.stop();
      await pool.end();
    },
  };
}

const silent = new WorkerLogger(() => () => undefined);

function toLog(log: Logger): WorkerLogger {
  return new WorkerLogger(() => (level, message) => {
    if (level === 'error') log.error({ job: message }, 'a job failed and will be tried again');
    else if (level === 'warning') log.warn({ job: message }, 'job queue');
  });
}

function openPool(connectionString: string, max: number, more: PoolConfig = {}): Pool {
  const pool = new Pool({ connectionString, max, ...more });
  // graphile-worker warns unless both are heard; a lost connection is seen by the query that needed it.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}
