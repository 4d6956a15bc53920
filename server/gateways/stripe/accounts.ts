import { globally, read } from '../../platform/database.ts';
import { findTenant } from '../../tenancy/tenant.ts';
import { GatewayMisuse } from '../gateway.ts';

const given = new Set<string>();

/**
 * The connected account that the organization has published, which the operator must have given to it (npm run tenant -- stripe-account):
 * anything else throws GatewayMisuse. A gift is for good, so that webhooks of an earlier account still find their payments.
 */
export async function stripeAccountOf(tenantId: string): Promise<string> {
  const [row] = await globally(() => read<{ slug: string }>('tenant-slug', 'select slug from app.tenants where id = $1', [tenantId]));
  const account = row && (await findTenant(row.slug))?.site.stripeAccount;
  if (!account) throw new GatewayMisuse('the organization has named no Stripe account');
  if (given.has(`${tenantId} ${account}`)) return account;
  if ((await tenantOfAccount(account))?.id !== tenantId) throw new GatewayMisuse('this Stripe account was not given to the organization');
  given.add(`${tenantId} ${account}`);
  return account;
}

/** null for an account that nobody here has. */
export async function tenantOfAccount(account: string): Promise<{ id: string; slug: string } | null> {
  const [row] = await globally(() => read<{ id: string; slug: string }>('tenant-of-account', findOwner, [account]));
  return row ?? null;
}

const findOwner = `select t.id, t.slug from app.gateway_accounts g join app.tenants t on t.id = g.owner_id
   where g.gateway = 'stripe' and g.external_account = $1`;
