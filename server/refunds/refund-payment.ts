import { GatewayMisuse, type Gateway, type RefundRequest } from '../gateways/gateway.ts';
import { Refused } from '../platform/errors.ts';
import type { Till } from '../payment-attempts/take-payment.ts';
import { withTenant } from '../tenancy/tenant-transaction.ts';
import { reserveRefund, type RefundOrder } from './reserve-refund.ts';
import { settleRefund, type RefundVerdict } from './settle-refund.ts';

/**
 * Reserve, ask the gateway, settle: as a payment walks, the other way. Returns the refund's id, whatever became of it. The same
 * request key is the same refund. Throws Refused when the payment has not so much to give back.
 */
export async function refundPayment(till: Till, order: RefundOrder): Promise<string> {
  const { outside, tenant, t } = till;
  const reserved = await till.enter(() => reserveRefund(order, t)).catch((error: unknown) => refuseTwin(error, t('refunds.too-much')));
  if (reserved.request === undefined) return reserved.id;
  const gateway = reserved.gateway === null ? null : outside.gateways[reserved.gateway as keyof typeof outside.gateways];
  const verdict = reserved.request ? await askOnce(gateway ?? undefined, reserved.request, outside.log) : { outcome: 'succeeded' as const, reference: null, message: '' };
  await withTenant(tenant.id, () => settleRefund(outside, tenant, reserved.id, verdict)).catch((error: unknown) => {
    outside.log.error({ err: error, tenant: tenant.slug, refund: reserved.id }, 'a refund was not settled and is left to the reconciler');
  });
  return reserved.id;
}

/** No transaction is open while the gateway thinks. The key makes a repeat harmless: it answers what became of the first. */
export async function askOnce(gateway: Gateway | undefined, request: RefundRequest, log: Till['outside']['log']): Promise<RefundVerdict> {
  try {
    if (!gateway?.abilities.refund || !request.reference) return { outcome: 'failed', message: 'The payment service gives nothing back' };
    const answer = await gateway.refund(request);
    if (answer.outcome === 'not_reached') return { outcome: 'failed', message: answer.message };
    // Promised by the gateway, on its way to the payer: for the books that is paid back.
    return answer.outcome === 'processing' ? { ...answer, outcome: 'succeeded' } : answer;
  } catch (error) {
    log.error({ err: error, refund: request.key }, 'the gateway refused to refund');
    return error instanceof GatewayMisuse ? { outcome: 'failed', message: 'Not refunded' } : { outcome: 'unknown', message: '' };
  }
}

function refuseTwin(error: unknown, message: string): never {
  const { code } = ((error as { parent?: object }).parent ?? error) as { code?: string };
  if (code === '23505') throw new Refused({ '': message });
  throw error;
}
