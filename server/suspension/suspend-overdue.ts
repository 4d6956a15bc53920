import { lockAccount } from '../accounts/lock-account.ts';
import { read } from '../platform/database.ts';
import { recordPortalLog } from '../portal-log/portal-log.ts';
import type { Outside } from '../tenancy/outside.ts';
import { demandTenant, type Tenant } from '../tenancy/tenant.ts';
import { withTenant } from '../tenancy/tenant-transaction.ts';
import { sendSuspended } from './mail.ts';

/** Suspends every active account that has been past due for more days than the organization allows. Returns how many; a repeat finds none. */
export async function suspendOverdue(outside: Outside, tenantId: string): Promise<number> {
  const tenant = await demandTenant(tenantId);
  const days = tenant.site.suspendsAfterDays;
  if (days === null) return 0;
  let suspended = 0;
  for (let after = firstId; ;) {
    const found = await withTenant(tenantId, () => read<{ id: string }>('accounts-to-suspend', candidates, [after, tenant.site.today(), days]));
    for (const { id } of found) if (await withTenant(tenantId, () => suspend(outside, tenant, id, days))) suspended += 1;
    const last = found.at(-1);
    if (!last) return suspended;
    after = last.id;
  }
}

const firstId = '00000000-0000-0000-0000-000000000000';

/** $2 today, $3 days. Bank money that is under way gets its time. */
const isLate = `exists (select 1 from app.visible_invoices i
    where (i.tenant_id, i.account_id) = (a.tenant_id, a.id) and i.paid_cents < i.total_cents and i.due_on < $2::date - $3::int
      and not exists (select 1 from app.allocations l join app.payments p on (p.tenant_id, p.id) = (l.tenant_id, l.payment_id)
                       where (l.tenant_id, l.invoice_id) = (i.tenant_id, i.id) and p.state in ('submitted', 'unknown', 'processing')))`;

const candidates = `select a.id from app.accounts a where a.stage = 'active' and a.id > $1 and ${isLate} order by a.id limit 100`;

/** One short transaction for each account; asked again under its lock, because it may just have been paid. */
async function suspend(outside: Outside, tenant: Tenant, accountId: string, days: number): Promise<boolean> {
  await lockAccount(accountId);
  const [account] = await read(
    'suspend', `update app.accounts a set stage = 'suspended', suspended_at = now() where a.id = $1 and a.stage = 'active' and ${isLate} returning a.id`,
    [accountId, tenant.site.today(), days],
  );
  if (!account) return false;
  await recordPortalLog({ kind: 'account', message: `Account suspended: past due for more than ${days} days`, accountId });
  await sendSuspended(outside, tenant, accountId);
  return true;
}
