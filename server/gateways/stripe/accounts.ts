import { globally, read } from '../../platform/database.ts';
import { findTenant } from '../../tenancy/tenant.ts';
import { GatewayMisuse } from '../gateway.ts';

const claimed = new Set<string>();

/**
 * The connected account that the organization has published. The first organization to use an account keeps it for good, so that webhooks
 * of an earlier one still find their payments; what a second one wants with it throws GatewayMisuse.
 */
export async function stripeAccountOf(tenantId: string): Promise<string> {
  const [row] = await globally(() => read<{ slug: string }>('tenant-slug', 'select slug from app.tenants where id = $1', [tenantId]));
  const account = row && (await findTenant(row.slug))?.site.stripeAccount;
  if (!account) throw new GatewayMisuse('the organization has named no Stripe account');
  if (!claimed.has(`${tenantId} ${account}`)) await claim(tenantId, account);
  return account;
}

/** null for an account that nobody here has used. */
export async function tenantOfAccount(account: string): Promise<{ id: string; slug: string } | null> {
  const [row] = await globally(() => read<{ id: string; slug: string }>('tenant-of-account', findOwner, [account]));
  return row ?? null;
}

const findOwner = `select t.id, t.slug from app.gateway_accounts g join app.tenants t on t.id = g.owner_id
   where g.gateway = 'stripe' and g.external_account = $1`;

async function claim(tenantId: string, account: string): Promise<void> {
  await globally(() => read('claim-account', claimAccount, [account, tenantId]));
  if ((await tenantOfAccount(account))?.id !== tenantId) throw new GatewayMisuse('this Stripe account belongs to another organization');
  claimed.add(`${tenantId} ${account}`);
}

const claimAccount = `insert into app.gateway_accounts (gateway, external_account, owner_id) values ('stripe', $1, $2) on conflict do nothing`;
