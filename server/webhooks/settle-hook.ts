import type { Hook } from '../gateways/stripe/hook.ts';
import { tenantOfAccount } from '../gateways/stripe/accounts.ts';
import { toStripe } from '../gateways/stripe/client.ts';
import type { Intent } from '../gateways/stripe/intent.ts';
import { settlePayment } from '../payments/settle-payment.ts';
import { globally, read } from '../platform/database.ts';
import type { Outside } from '../tenancy/outside.ts';
import { findTenant, type Tenant } from '../tenancy/tenant.ts';
import { withTenant } from '../tenancy/tenant-transaction.ts';

/**
 * What a signed webhook leads to, in a word. It is a hint that something has changed, never the change itself: order, age and content do not
 * matter, since the object is read again at Stripe. Throws Unavailable when Stripe cannot be asked; then nothing is stored, and it comes again.
 */
export async function settleHook(outside: Outside, hook: Hook): Promise<string> {
  const { stripe } = outside.gateways;
  if (hook.isLive !== stripe.isLive) return ignore(outside, hook, 'test and live do not mix');
  if (await isKnown(hook)) return 'known';
  const owner = hook.account ? await tenantOfAccount(hook.account) : null;
  const tenant = owner && (await findTenant(owner.slug));
  if (!hook.intent || !tenant) {
    await globally(() => remember(hook));
    return 'stored';
  }
  const intent = await stripe.readIntent(hook.account, hook.intent);
  await withTenant(tenant.id, async () => {
    if (intent) await settleIntent(outside, tenant, intent);
    await remember(hook);
  });
  return 'settled';
}

function ignore({ log }: Outside, { id, type }: Hook, reason: string): string {
  log.warn({ hook: id, type }, `a webhook was ignored: ${reason}`);
  return 'ignored';
}

/** Only what this organization has asked for itself, under that name and for that amount. */
async function settleIntent(outside: Outside, tenant: Tenant, { attempt, reference, answer, amount, currency }: Intent): Promise<void> {
  if (answer.outcome === 'not_found' || answer.outcome === 'not_reached' || !isId(attempt)) return;
  const [payment] = await read<{ amountCents: number; currency: string }>('payment-of-hook', findPayment, [attempt, reference]);
  if (!payment) return;
  const asked = toStripe(payment.amountCents, payment.currency);
  if (asked.amount === amount && asked.currency === currency) return settlePayment(outside, tenant, attempt, answer);
  outside.log.error({ tenant: tenant.slug, payment: attempt, amount, currency }, 'Stripe names another amount than was asked for; nothing was booked');
}

const findPayment = `select amount_cents as "amountCents", currency from app.payments where id = $1 and gateway = 'stripe' and gateway_reference = $2`;

const isId = (text: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);

async function isKnown({ id }: Hook): Promise<boolean> {
  const rows = await globally(() => read('is-hook-known', `select 1 from app.gateway_events where gateway = 'stripe' and external_id = $1`, [id]));
  return rows.length > 0;
}

async function remember({ id, type, account }: Hook): Promise<void> {
  await read('remember-hook', `insert into app.gateway_events (gateway, external_id, type, external_account) values ('stripe', $1, $2, $3) on conflict do nothing`, [id, type, account]);
}
