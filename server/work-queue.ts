import { features } from './features.ts';
import { startWorker } from './platform/queue.ts';
import type { Outside } from './tenancy/outside.ts';

/** Works the queue in this process, with the jobs of every feature and what the clock starts. */
export function workQueue(workerUrl: string, outside: Outside): Promise<{ stop(): Promise<void> }> {
  const jobs = Object.assign({}, ...features.map((feature) => feature.jobs?.(outside))) as ReturnType<NonNullable<(typeof features)[number]['jobs']>>;
  return startWorker(workerUrl, jobs, features.flatMap((feature) => feature.clock ?? []), outside.log);
}
