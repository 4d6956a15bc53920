import { createHash } from 'node:crypto';
import { addressIn, mailTo, type Sender } from '../links/link-mail.ts';
import { run } from '../platform/database.ts';
import type { JobPayload } from '../platform/queue.ts';
import type { Outside } from '../tenancy/outside.ts';
import { demandTenant } from '../tenancy/tenant.ts';
import { withTenant } from '../tenancy/tenant-transaction.ts';
import { shownColumns } from '../usages/columns.ts';
import { drawSheet } from './sheet.ts';
import { findWaiting, type UsageExport } from './usage-export.ts';
import { readUsages } from '../usages/usage.ts';

interface Reader {
  readonly name: string;
  readonly locale: string | null;
  readonly contactId: string | undefined;
  readonly accountName: string;
}

/** S3-24, S3-26: makes the file with no transaction open, then mails the link. A second run of the same job changes nothing. */
export async function makeExport(outside: Outside, { tenantId = '', exportId = '' }: JobPayload): Promise<void> {
  const tenant = await demandTenant(tenantId);
  const { site } = tenant;
  const found = await withTenant(tenantId, async () => {
    const asked = await findWaiting(exportId);
    if (!asked) return null;
    const { accountId, filter, most } = asked;
    const usages = await readUsages({ accountId, zone: site.zone, filter, size: most });
    return { asked, reader: await findReader(asked), usages: usages.slice(0, most) };
  });
  if (!found) return;
  const t = site.translate(site.language(found.reader.locale));
  const content = await drawSheet(found.usages, shownColumns(site, found.asked.columns), t);
  const key = `usage-exports/${tenantId}/${exportId}.xlsx`;
  await outside.files.put(key, content);
  const name = `${t('usages.file')}-${site.today()}.xlsx`;
  await withTenant(tenantId, () => handOver({ outside, tenant }, { ...found, count: found.usages.length, file: { key, name, content } }));
}

interface Made {
  readonly asked: UsageExport;
  readonly reader: Reader;
  readonly count: number;
  readonly file: { readonly key: string; readonly name: string; readonly content: Buffer };
}

async function handOver(sender: Sender, { asked, reader, count, file }: Made): Promise<void> {
  const { site } = sender.tenant;
  const [waiting] = await run('select id from app.exports where id = $1 and ready_at is null for update', [asked.id]);
  if (!waiting) return;
  const [kept] = await run<{ id: string }>(
    `insert into app.files (account_id, purpose, name, type, bytes, sha256, stored_as) values ($1, 'usage export', $2, $3, $4, $5, $6) returning id`,
    [asked.accountId, file.name, excelType, file.content.length, createHash('sha256').update(file.content).digest('hex'), file.key],
  );
  const [ready] = await run<{ until: Date }>(
    `update app.exports set file_id = $2, record_count = $3, ready_at = now(), expires_at = now() + make_interval(hours => $4) where id = $1 returning expires_at as until`,
    [asked.id, kept?.id, count, site.usageExportHours],
  );
  const until = site.formats(reader.locale).dateTime(ready?.until ?? new Date());
  await mailTo(sender, { ...reader, email: asked.email, accountId: asked.accountId }, (t) => ({
    type: 'Usage Export',
    subject: t('usages.mail-subject'),
    blocks: [
      { text: t('usages.mail-text', { count, account: reader.accountName }) },
      { link: t('usages.mail-link'), url: addressIn(sender, `/usages/exports/${asked.id}`) },
      { text: t('usages.mail-until', { until }) },
    ],
  }));
}

export const excelType = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

async function findReader({ accountId, loginRef }: UsageExport): Promise<Reader> {
  const [row] = await run<Reader & Record<string, unknown>>(
    `select coalesce(concat_ws(' ', c.first_name, c.last_name), l.login_id) as name, l.locale, c.id as "contactId", a.name as "accountName"
       from app.logins l join app.accounts a on a.id = $1 left join app.contacts c on c.login_ref = l.id and c.account_id = a.id
      where l.id = $2 order by c.is_primary desc, c.id limit 1`,
    [accountId, loginRef],
  );
  if (!row) throw new Error(`no login ${loginRef}`);
  return row;
}
