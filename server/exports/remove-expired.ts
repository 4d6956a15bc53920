import { run } from '../platform/database.ts';
import type { JobPayload } from '../platform/queue.ts';
import type { Outside } from '../tenancy/outside.ts';
import { withTenant } from '../tenancy/tenant-transaction.ts';

const mostAtOnce = 500;

/** Deletes the files whose time is over. That there was one is known for 90 days more, so that its link can say so. */
export async function removeExpired(outside: Outside, { tenantId = '' }: JobPayload): Promise<void> {
  const expired = await withTenant(tenantId, findExpired);
  // First the file: a run that ends in between finds it again.
  for (const { storedAs } of expired) await outside.files.remove(storedAs);
  await withTenant(tenantId, () => forget(expired.map(({ fileId }) => fileId)));
}

function findExpired(): Promise<{ fileId: string; storedAs: string }[]> {
  return run(
    `select f.id as "fileId", f.stored_as as "storedAs" from app.exports e join app.files f on (f.tenant_id, f.id) = (e.tenant_id, e.file_id)
      where e.expires_at <= now() order by e.expires_at limit $1`,
    [mostAtOnce],
  );
}

async function forget(fileIds: readonly string[]): Promise<void> {
  await run('update app.exports set file_id = null where file_id = any($1::uuid[])', [fileIds]);
  await run('delete from app.files where id = any($1::uuid[])', [fileIds]);
  await run(`delete from app.exports where file_id is null and created_at < now() - interval '90 days'`);
}
