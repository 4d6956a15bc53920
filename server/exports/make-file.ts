import { createHash } from 'node:crypto';
import { run } from '../platform/database.ts';
import type { Formats } from '../platform/formats.ts';
import type { Job } from '../platform/queue.ts';
import type { Translate } from '../platform/text.ts';
import type { Outside } from '../tenancy/outside.ts';
import { demandTenant, type Tenant } from '../tenancy/tenant.ts';
import { withTenant } from '../tenancy/tenant-transaction.ts';
import { findWaiting, type Export } from './export.ts';

/** What a maker works with. It opens short transactions of its own, so that none is held while a long file is made. */
export interface Making {
  readonly asked: Export;
  readonly tenant: Tenant;
  readonly t: Translate;
  readonly formats: Formats;
  readonly within: <T>(work: () => Promise<T>) => Promise<T>;
  /** What the page that waits for it shows. */
  readonly tell: (done: number, total: number) => Promise<void>;
}

export interface MadeFile {
  readonly name: string;
  readonly type: string;
  readonly content: Buffer;
}

export type Maker = (making: Making) => Promise<MadeFile>;

const linkHours = 24;

/** A second run of the same job changes nothing. */
export const fileJob = (outside: Outside, make: Maker): Job => async ({ tenantId = '', exportId = '' }) => {
  const tenant = await demandTenant(tenantId);
  const within = <T>(work: () => Promise<T>) => withTenant(tenantId, work);
  const asked = await within(() => findWaiting(exportId));
  if (!asked) return;
  const { site } = tenant;
  const tell = (done: number, total: number) => within(async () => void (await run('update app.exports set rows_done = $2, rows_total = $3 where id = $1', [exportId, done, total])));
  const file = await make({ asked, tenant, within, tell, t: site.translate(site.language(asked.locale)), formats: site.formats(asked.locale) });
  const key = `exports/${tenantId}/${exportId}`;
  await outside.files.put(key, file.content);
  await within(() => handOver(asked, file, key));
};

async function handOver({ id, accountId }: Export, { name, type, content }: MadeFile, key: string): Promise<void> {
  const [waiting] = await run('select id from app.exports where id = $1 and ready_at is null for update', [id]);
  if (!waiting) return;
  const [kept] = await run<{ id: string }>(
    `insert into app.files (account_id, purpose, name, type, bytes, sha256, stored_as) values ($1, 'export', $2, $3, $4, $5, $6) returning id`,
    [accountId, name, type, content.length, createHash('sha256').update(content).digest('hex'), key],
  );
  await run('update app.exports set file_id = $2, ready_at = now(), expires_at = now() + make_interval(hours => $3) where id = $1', [id, kept?.id, linkHours]);
}
