import { run } from '../platform/database.ts';
import { demandTenant } from '../tenancy/tenant.ts';
import { withTenant } from '../tenancy/tenant-transaction.ts';

const atOnce = 1000;

/** S1-93: the text of mails that are kept no longer. Who got which mail when, and what it was about, stays. */
export async function deleteOldMail(tenantId: string): Promise<void> {
  const { site } = await demandTenant(tenantId);
  let deleted = atOnce;
  while (deleted === atOnce) deleted = await withTenant(tenantId, () => deleteSome(site.mailDays));
}

async function deleteSome(days: number): Promise<number> {
  const rows = await run(
    `update app.messages set text_body = '', html_body = '' where id in (
       select id from app.messages where created_at < now() - make_interval(days => $1) and status <> 'queued' and (text_body <> '' or html_body <> '')
        order by created_at limit ${atOnce}) returning id`,
    [days],
  );
  return rows.length;
}
