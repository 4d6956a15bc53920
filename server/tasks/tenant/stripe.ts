import { Client } from 'pg';
import { StartError, type Config } from '../../config.ts';
import { connectStripe, isRefusal } from '../../gateways/stripe/client.ts';
import { say } from '../../platform/program.ts';
import { noSuchTenant } from './status.ts';

/**
 * Gives a connected Stripe account to an organization, for good: it may charge in it, and the account's webhooks are its own. Doing it
 * twice changes nothing; what another organization has is refused. As the database's owner, since the portal itself may not.
 */
export async function giveStripeAccount({ stripe }: Pick<Config, 'stripe'>, ownerUrl: string, slug: string, account: string): Promise<void> {
  if (!/^acct_\w{1,60}$/.test(account)) throw new StartError(`"${account}" is not an account of Stripe: it begins with acct_.`);
  if (stripe.secretKey) await demandConnected(stripe, account);
  const owner = await claimStripeAccount(ownerUrl, slug, account);
  if (owner === undefined) throw noSuchTenant(slug);
  if (owner !== slug) throw new StartError(`${account} belongs to "${owner}" already.`);
  say(`${account} belongs to ${slug}: its staff can name it under Settings, Payments.${stripe.secretKey ? '' : ' Without STRIPE_SECRET_KEY nobody has asked Stripe about it.'}`);
}

/** Returns whose it is now; undefined when there is no such organization. */
export async function claimStripeAccount(ownerUrl: string, slug: string, account: string): Promise<string | undefined> {
  const client = new Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    const { rows: [tenant] } = await client.query<{ id: string }>('select id from app.tenants where slug = $1', [slug]);
    if (!tenant) return undefined;
    await client.query(`insert into app.gateway_accounts (gateway, external_account, owner_id) values ('stripe', $1, $2) on conflict do nothing`, [account, tenant.id]);
    const { rows: [owner] } = await client.query<{ slug: string }>(
      `select t.slug from app.gateway_accounts g join app.tenants t on t.id = g.owner_id where g.gateway = 'stripe' and g.external_account = $1`, [account]);
    return owner?.slug;
  } finally {
    await client.end();
  }
}

async function demandConnected(settings: Config['stripe'], account: string): Promise<void> {
  const stripe = await connectStripe(settings);
  await stripe.accounts.retrieve(account).catch((error: unknown) => {
    throw new StartError(isRefusal(error) ? `Stripe knows no account ${account} that is connected to this platform.` : `Stripe cannot be asked about ${account}: ${(error as Error).message}`);
  });
}
