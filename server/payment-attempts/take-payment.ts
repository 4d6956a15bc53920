import type { ChargeRequest, Gateway, Outcome } from '../gateways/gateway.ts';
import { Refused } from '../platform/errors.ts';
import type { Translate } from '../platform/text.ts';
import type { Outside } from '../tenancy/outside.ts';
import type { Tenant } from '../tenancy/tenant.ts';
import { withTenant } from '../tenancy/tenant-transaction.ts';
import { closeEarlierPage, fence } from './fence.ts';
import { keepReference, reservePayment, submitPayment, type PaymentOrder } from './reserve-payment.ts';
import { settlePayment, type Verdict } from './settle-payment.ts';

export interface Till {
  readonly tenant: Tenant;
  readonly outside: Outside;
  /** The payer's words, for refusals. */
  readonly t: Translate;
  /** Opens one short transaction as the payer. Never called while another one is open. */
  readonly enter: <T>(work: () => Promise<T>) => Promise<T>;
}

/**
 * Reserve, charge, settle. Returns the payment's number, whatever became of it: read its state. The same request key is the same
 * payment. Throws Refused, before anything is charged, when the order is not allowed or no longer true.
 */
export async function takePayment(till: Till, order: PaymentOrder): Promise<string> {
  const { outside, tenant } = till;
  const gateway = gatewayOf(till);

  await closeEarlierPage(till, order);
  const reserved = await till.enter(() => reservePayment(till, gateway, order)).catch((error: unknown) => refuseSecond(error, till.t));
  if (!reserved.charge || !(await till.enter(() => submitPayment(reserved.id)))) return reserved.number;

  const opened = (reference: string) => till.enter(() => keepReference(reserved.id, reference));
  const verdict = await chargeOnce(gateway, { ...reserved.charge, opened }, outside);

  // The money may have moved: whatever goes wrong from here on, the reconciler finishes it, and the payment's page says so.
  await withTenant(tenant.id, () => settlePayment(outside, tenant, reserved.id, verdict)).catch((error: unknown) => {
    outside.log.error({ err: error, tenant: tenant.slug, payment: reserved.number }, 'a payment was not settled and is left to the reconciler');
  });
  return reserved.number;
}

/** No transaction is open and no connection held while the gateway thinks. */
async function chargeOnce(gateway: Gateway, request: ChargeRequest, outside: Outside): Promise<Verdict> {
  let outcome: Outcome;
  try {
    outcome = await gateway.charge(request);
  } catch (error) {
    outside.log.error({ err: error, payment: request.key }, 'the gateway refused to take a charge');
    outcome = { outcome: 'not_reached', message: '' };
  }
  return outcome.outcome === 'not_reached' ? fence(gateway, { id: request.key, reference: null }) : outcome;
}

/** Throws where there is none. */
export function gatewayOf({ outside, tenant }: Till): Gateway {
  const { gateway } = tenant.site;
  if (gateway === 'none') throw new Error('an organization without a gateway takes no payments');
  return outside.gateways[gateway];
}

/** Two at once: the partial unique index has let one of them in. */
export function refuseSecond(error: unknown, t: Translate): never {
  const { code, constraint } = ((error as { parent?: object }).parent ?? error) as { code?: string; constraint?: string };
  if (code === '23505' && constraint === 'payments_one_open') throw new Refused({ '': t('payments.under-way') });
  throw error;
}
