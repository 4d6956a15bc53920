import { Client } from 'pg';
import { features } from '../../server/features.ts';
import type { JobPayload } from '../../server/platform/queue.ts';
import { testPortal } from './portal.ts';
import type { World } from './world.ts';

/** Runs the jobs of one organization that are due, oldest first, until none is left; no worker runs in tests. A job that fails throws. */
export async function drain(world: World): Promise<number> {
  const { database, outside } = await testPortal();
  const jobs = Object.assign({}, ...features.map((feature) => feature.jobs?.(outside) ?? {})) as Record<string, (payload: JobPayload) => Promise<void>>;
  const client = new Client({ connectionString: database.workerUrl });
  await client.connect();
  try {
    for (let done = 0; ; done += 1) {
      const { rows } = await client.query<{ id: string; task: string; payload: JobPayload }>(due, [world.id]);
      if (!rows[0]) return done;
      await jobs[rows[0].task]?.(rows[0].payload);
      await client.query('select graphile_worker.complete_jobs(array[$1::bigint])', [rows[0].id]);
    }
  } finally {
    await client.end();
  }
}

const due = `select j.id, t.identifier as task, j.payload from graphile_worker._private_jobs j join graphile_worker._private_tasks t on t.id = j.task_id
  where j.payload ->> 'tenantId' = $1 and j.run_at <= now() order by j.run_at, j.id limit 1`;
