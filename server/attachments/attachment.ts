import { createHash, randomUUID } from 'node:crypto';
import { read, run } from '../platform/database.ts';
import type { FileType } from '../platform/files/file-type.ts';

export interface Attachment {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly bytes: number;
  readonly storedAs: string;
  readonly createdAt: string;
}

/** S3-15: what hangs on an invoice, oldest first. */
export function listAttachments(invoiceId: string): Promise<Attachment[]> {
  return read<Attachment & Record<string, unknown>>('attachments', `${select} where t.invoice_id = $1 and t.removed_at is null order by t.id`, [invoiceId]);
}

/** Undefined for what hangs on another invoice, or no more. */
export async function findAttachment(invoiceId: string, id: string): Promise<Attachment | undefined> {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id)) return undefined;
  const [found] = await read<Attachment & Record<string, unknown>>('attachment', `${select} where t.invoice_id = $1 and t.id = $2 and t.removed_at is null`, [invoiceId, id]);
  return found;
}

export interface NewAttachment {
  readonly invoice: { readonly id: string; readonly accountId: string };
  readonly name: string;
  readonly type: FileType;
  readonly content: Buffer;
  readonly storedAs: string;
  readonly staffId: string;
}

export const newKey = (tenantId: string): string => `attachments/${tenantId}/${randomUUID()}`;

/** The bytes lie in their place already. */
export async function keepAttachment({ invoice, name, type, content, storedAs, staffId }: NewAttachment): Promise<void> {
  await run(
    `with file as (insert into app.files (account_id, purpose, name, type, bytes, sha256, stored_as) values ($1, 'invoice attachment', $2, $3, $4, $5, $6) returning id)
     insert into app.invoice_attachments (account_id, invoice_id, file_id, staff_id) select $1, $7, file.id, $8 from file`,
    [invoice.accountId, name, type.type, content.length, createHash('sha256').update(content).digest('hex'), storedAs, invoice.id, staffId],
  );
}

/** Nobody can reach it any more; that it was there, and its bytes, are kept. */
export async function removeAttachment(id: string): Promise<void> {
  await run('update app.invoice_attachments set removed_at = now() where id = $1 and removed_at is null', [id]);
}

const select = `select t.id, f.name, f.type, f.bytes, f.stored_as as "storedAs", t.created_at as "createdAt"
  from app.invoice_attachments t join app.files f on (f.tenant_id, f.id) = (t.tenant_id, t.file_id)`;
