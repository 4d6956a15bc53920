import { read } from '../platform/database.ts';
import type { Outside } from '../tenancy/outside.ts';
import { withTenant } from '../tenancy/tenant-transaction.ts';

/** Makes the gateway forget a method that was deleted here; doing it twice changes nothing. Throws when the gateway cannot be asked, and the queue tries again. */
export async function detachMethod({ gateways }: Pick<Outside, 'gateways'>, tenantId: string, methodId: string): Promise<void> {
  const [method] = await withTenant(tenantId, () => read<{ gateway: string; token: string }>('method-to-detach', 'select gateway, token from app.payment_methods where id = $1 and removed_at is not null', [methodId]));
  if (method) await gateways[method.gateway as keyof Outside['gateways']]?.detach(method.token);
}
