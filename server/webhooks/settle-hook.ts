import type { Hook } from '../gateways/stripe/hook.ts';
import { tenantOfAccount } from '../gateways/stripe/accounts.ts';
import { toStripe } from '../gateways/stripe/client.ts';
import type { Intent } from '../gateways/stripe/intent.ts';
import { pageSecondsLeft } from '../payments/payment.ts';
import { reconcileAttempt, type Attempt } from '../payment-attempts/reconcile-payments.ts';
import { settlePayment } from '../payment-attempts/settle-payment.ts';
import { globally, read } from '../platform/database.ts';
import type { Outside } from '../tenancy/outside.ts';
import { findTenant, type Tenant } from '../tenancy/tenant.ts';
import { withTenant } from '../tenancy/tenant-transaction.ts';
import { settleAftermath } from './settle-aftermath.ts';

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
  if (!tenant || !(hook.intent || hook.session)) {
    await globally(() => remember(hook));
    return 'stored';
  }
  const aftermath = /^(charge|refund)\./.test(hook.type);
  const intent = hook.intent ? await stripe.readIntent(hook.account, hook.intent, { aftermath }) : null;
  await settlePage(outside, tenant, hook, intent);
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

/** What waits on Stripe's page is known by that page's name until it is paid. */
async function settlePage(outside: Outside, tenant: Tenant, { account, session }: Hook, intent: Intent | null): Promise<void> {
  const attempt = intent && isId(intent.attempt) ? intent.attempt : null;
  const [page] = await withTenant(tenant.id, () => read<Attempt & Record<string, unknown>>('page-of-hook', findPage, [`${account}/${session}`, attempt, `${account}/`]));
  if (page) await reconcileAttempt(outside, tenant, page);
}

const findPage = `select id, gateway, gateway_reference as reference, state, 0::float8 as "ageSeconds", ${pageSecondsLeft} as "pageSecondsLeft" from app.payments p
  where gateway = 'stripe' and state = 'awaiting_customer' and (gateway_reference = $1 or (id = $2::uuid and starts_with(gateway_reference, $3)))`;

/** Only what this organization has asked for itself, under that name and for that amount. */
async function settleIntent(outside: Outside, tenant: Tenant, intent: Intent): Promise<void> {
  const { attempt, reference, answer, amount, currency } = intent;
  if (answer.outcome === 'not_found' || answer.outcome === 'not_reached' || !isId(attempt)) return;
  const [payment] = await read<{ amountCents: number; currency: string }>('payment-of-hook', findPayment, [attempt, reference]);
  if (!payment) return;
  const asked = toStripe(payment.amountCents, payment.currency);
  if (asked.amount === amount && asked.currency === currency) {
    await settlePayment(outside, tenant, attempt, answer);
    return settleAftermath(outside, tenant, attempt, intent);
  }
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
