import { read } from '../platform/database.ts';
import { recordPortalLog } from '../portal-log/portal-log.ts';
import type { Outside } from '../tenancy/outside.ts';
import type { Tenant } from '../tenancy/tenant.ts';
import { sendReactivated } from './mail.ts';

/**
 * S0-41: a suspended account is open again as soon as nothing of it is past due. In the transaction that books the money, under the
 * account's lock; changes nothing while something is past due, or where staff do this themselves.
 */
export async function reactivateAccount(outside: Outside, tenant: Tenant, accountId: string): Promise<void> {
  if (!tenant.site.reactivatesByItself) return;
  const [account] = await read(
    'reactivate-account',
    `update app.accounts a set stage = 'active', suspended_at = null where a.id = $1 and a.stage = 'suspended' and not exists (
       select 1 from app.visible_invoices i where (i.tenant_id, i.account_id) = (a.tenant_id, a.id) and i.paid_cents < i.total_cents and i.due_on < $2::date)
     returning a.id`,
    [accountId, tenant.site.today()],
  );
  if (!account) return;
  await recordPortalLog({ kind: 'account', message: 'Account reactivated: nothing is past due', accountId });
  await sendReactivated(outside, tenant, accountId);
}
