import { createHash, randomUUID } from 'node:crypto';
import { read, run } from '../platform/database.ts';
import { NotFound } from '../platform/errors.ts';
import type { CleanFile } from '../platform/files/clean-file.ts';
import { file, type Reply } from '../platform/replies.ts';
import type { Outside } from '../tenancy/outside.ts';
import type { CustomerRequest } from '../tenancy/people.ts';
import { findVisitOr404 } from './visit.ts';

/** A picture of what was done. */
export interface Photo {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly storedAs: string;
  readonly caption: string;
}

/** In the order in which they were added. */
export function listPhotos(visitId: string): Promise<Photo[]> {
  return read<Photo & Record<string, unknown>>('visit-photos', `${select} where p.visit_id = $1 and p.removed_at is null order by p.id`, [visitId]);
}

/** Undefined for one of another visit, or one that was taken away. */
export async function findPhoto(visitId: string, id: string): Promise<Photo | undefined> {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id)) return undefined;
  const [found] = await read<Photo & Record<string, unknown>>('visit-photo', `${select} where p.visit_id = $1 and p.id = $2 and p.removed_at is null`, [visitId, id]);
  return found;
}

export const newPhotoKey = (tenantId: string): string => `visit-photos/${tenantId}/${randomUUID()}`;

/** The bytes lie in their place already. */
export async function keepPhoto(visit: { id: string; accountId: string }, { name, type, content }: CleanFile, given: { storedAs: string; caption: string; staffId: string }): Promise<void> {
  await run(
    `with file as (insert into app.files (account_id, purpose, name, type, bytes, sha256, stored_as) values ($1, 'visit photo', $2, $3, $4, $5, $6) returning id)
     insert into app.visit_photos (account_id, visit_id, file_id, caption, staff_id) select $1, $7, file.id, $8, $9 from file`,
    [visit.accountId, name, type, content.length, createHash('sha256').update(content).digest('hex'), given.storedAs, visit.id, given.caption, given.staffId],
  );
}

/** Nobody can reach it any more; that it was there, and its bytes, are kept. */
export async function removePhoto(id: string): Promise<void> {
  await run('update app.visit_photos set removed_at = now() where id = $1 and removed_at is null', [id]);
}

/** After the visit, for its own account alone. */
export async function downloadPhoto(req: CustomerRequest): Promise<Reply> {
  const visit = await findVisitOr404(req);
  const found = visit.status === 'done' ? await findPhoto(visit.id, String(req.params['id'])) : undefined;
  return sendPhoto(found, req.outside);
}

/** Drawn anew when it came in, so that a page may show it. */
export function sendPhoto(found: Photo | undefined, { files }: Outside): Reply {
  if (!found) throw new NotFound('no such photo');
  const make = async () => {
    const content = await files.read(found.storedAs);
    if (!content) throw new NotFound('the photo is gone');
    return content;
  };
  return file({ name: found.name, type: found.type, inline: true, make });
}

const select = `select p.id, f.name, f.type, f.stored_as as "storedAs", p.caption
  from app.visit_photos p join app.files f on (f.tenant_id, f.id) = (p.tenant_id, p.file_id)`;
