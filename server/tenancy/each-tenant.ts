import { enqueue } from '../platform/queue.ts';
import { listTenants } from './tenant.ts';
import { withTenant } from './tenant-transaction.ts';

/** One job per organization, so that a slow or broken one holds up none of the others. What still waits from before is not doubled. */
export async function enqueueForEachTenant(job: string): Promise<void> {
  for (const { id } of await listTenants()) await withTenant(id, () => enqueue(job, { tenantId: id }, { key: `${job} ${id}` }));
}
