import type { Gateway, PayPage } from '../gateways/gateway.ts';
import { GatewayMisuse } from '../gateways/gateway.ts';
import { read } from '../platform/database.ts';
import { Unavailable } from '../platform/errors.ts';
import { withTenant } from '../tenancy/tenant-transaction.ts';
import { closeEarlierPage } from './fence.ts';
import { paymentPath } from '../payments/payment.ts';
import { kindsForPage, readRules } from './payment-rules.ts';
import { reservePayment, type PaymentOrder, type Reserved } from './reserve-payment.ts';
import { settlePayment } from './settle-payment.ts';
import { gatewayOf, refuseSecond, type Till } from './take-payment.ts';

export type PageOrder = Omit<PaymentOrder, 'methodId'> & { readonly origin: string; readonly locale: string };

/**
 * Reserve, open the gateway's own page, and send the payer there; a webhook or the reconciler settles. `url` is null when there is nothing
 * to pay on a page: the same form was sent before, or no page could be opened. The payment's own page says which. Throws Refused.
 */
export async function openPayPage(till: Till, order: PageOrder): Promise<{ number: string; url: string | null }> {
  const gateway = gatewayOf(till);
  await closeEarlierPage(till, order);
  const reserved = await till.enter(() => reservePayment(till, gateway, { ...order, methodId: null })).catch((error: unknown) => refuseSecond(error, till.t));
  const { number } = reserved;
  const page = await openOnce(till, gateway, order, reserved);
  if (!page) return { number, url: null };
  if (await till.enter(() => keepPage(reserved.id, page.reference))) return { number, url: page.url };
  // Somebody has closed the payment meanwhile: nobody has the page's address, and now it is closed, too.
  await gateway.cancel(reserved.id, page.reference);
  return { number, url: null };
}

/** No transaction is open meanwhile. Whatever goes wrong: nobody has the page's address, so nobody can ever pay there. */
async function openOnce({ tenant, outside, enter }: Till, gateway: Gateway, { accountId, origin, locale }: PageOrder, { id, number, charge, expiresAt }: Reserved): Promise<PayPage | null> {
  if (!charge || !expiresAt || !gateway.payPages) return null;
  const path = `${origin}${paymentPath(tenant.site, number)}`;
  try {
    const rules = await enter(() => readRules(accountId, tenant.site));
    return await gateway.payPages.open({ ...charge, kinds: kindsForPage(tenant.site, gateway, rules, charge.currency), expiresAt, locale, returnUrl: `${path}?paid=1`, leaveUrl: path });
  } catch (error) {
    if (!(error instanceof Unavailable || error instanceof GatewayMisuse)) throw error;
    outside.log.error({ err: error, tenant: tenant.slug, payment: number }, 'the gateway has opened no page');
    await withTenant(tenant.id, () => settlePayment(outside, tenant, id, { outcome: 'failed', message: 'Not charged' }));
    return null;
  }
}

/** From here on somebody may pay there. False: somebody has closed the payment meanwhile, and nobody may learn the page's address. */
async function keepPage(id: string, reference: string): Promise<boolean> {
  const kept = await read('keep-page', `update app.payments set state = 'awaiting_customer', gateway_reference = $2, submitted_at = now() where id = $1 and state = 'created' returning id`, [id, reference]);
  return kept.length === 1;
}
