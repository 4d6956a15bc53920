import { createHash, randomUUID } from 'node:crypto';
import { run } from '../platform/database.ts';
import type { CleanFile } from '../platform/files/clean-file.ts';
import type { Outside } from '../tenancy/outside.ts';
import { withTenant } from '../tenancy/tenant-transaction.ts';

const purpose = 'ticket attachment';

/**
 * Lays the files down, does the work that hangs them on a ticket, and takes away again what hangs on none: after a refusal, a form
 * that came twice, a failure. What a process that dies leaves behind, the sweep finds by its row.
 */
export async function withFiles<T>(outside: Outside, tenantId: string, accountId: string, files: readonly CleanFile[], work: (fileIds: readonly string[]) => Promise<T>): Promise<T> {
  if (files.length === 0) return work([]);
  const placed = files.map((file) => ({ ...file, id: randomUUID(), storedAs: `tickets/${tenantId}/${randomUUID()}` }));
  const ids = placed.map(({ id }) => id);
  await withTenant(tenantId, async () => {
    for (const { id, name, type, content, storedAs } of placed) {
      await run('insert into app.files (id, account_id, purpose, name, type, bytes, sha256, stored_as) values ($1, $2, $3, $4, $5, $6, $7, $8)',
        [id, accountId, purpose, name, type, content.length, createHash('sha256').update(content).digest('hex'), storedAs]);
    }
  });
  try {
    for (const { storedAs, content } of placed) await outside.files.put(storedAs, content);
    return await work(ids);
  } finally {
    await removeLoose(outside, tenantId, ids);
  }
}

/** In the transaction that writes what they belong to. */
export async function hangFiles(fileIds: readonly string[], to: { readonly ticketId: string; readonly entryId?: string | undefined; readonly accountId: string }): Promise<void> {
  for (const id of fileIds) await run('insert into app.ticket_files (ticket_id, entry_id, account_id, file_id) values ($1, $2, $3, $4)', [to.ticketId, to.entryId ?? null, to.accountId, id]);
}

/** Files that were laid down more than a day ago and hang on no ticket. */
export async function sweepLooseFiles(outside: Outside, tenantId: string): Promise<void> {
  await removeLoose(outside, tenantId, null);
}

async function removeLoose(outside: Outside, tenantId: string, ids: readonly string[] | null): Promise<void> {
  const loose = await withTenant(tenantId, () => run<{ id: string; storedAs: string }>(
    `select f.id, f.stored_as as "storedAs" from app.files f
      where f.purpose = $2 and (f.id = any($1::uuid[]) or ($1::uuid[] is null and f.created_at < now() - interval '1 day'))
        and not exists (select from app.ticket_files t where (t.tenant_id, t.file_id) = (f.tenant_id, f.id)) limit 500`,
    [ids, purpose],
  ));
  // First the file: a run that ends in between finds it again.
  for (const { storedAs } of loose) await outside.files.remove(storedAs);
  if (loose.length > 0) await withTenant(tenantId, () => run('delete from app.files where id = any($1::uuid[])', [loose.map(({ id }) => id)]));
}
