import { lockAccount } from '../accounts/lock-account.ts';
import type { RefundRequest } from '../gateways/gateway.ts';
import { drawNumber } from '../ledger/numbers.ts';
import { read } from '../platform/database.ts';
import { refuse } from '../platform/forms.ts';
import type { Translate } from '../platform/text.ts';

export interface RefundOrder {
  readonly accountId: string;
  readonly paymentId: string;
  /** Made with the form: sending the form twice is one refund. */
  readonly requestKey: string;
  readonly amountCents: number;
  readonly reason: string;
  readonly staffId: string;
}

export interface ReservedRefund {
  readonly id: string;
  /** What to ask the gateway for; null for money that no gateway holds. Undefined: this form has refunded before. */
  readonly request: RefundRequest | null | undefined;
  readonly gateway: string | null;
}

/** One short transaction. Refunds that are still under way count as paid back. Throws Refused. */
export async function reserveRefund(order: RefundOrder, t: Translate): Promise<ReservedRefund> {
  await lockAccount(order.accountId);
  const [earlier] = await read<{ id: string }>('earlier-refund', 'select id from app.refunds where request_key = $1', [order.requestKey]);
  if (earlier) return { id: earlier.id, request: undefined, gateway: null };
  const [made] = await read<{ id: string; gateway: string | null; reference: string | null }>('reserve-refund', reserveText, [
    order.paymentId, order.accountId, order.amountCents, await drawNumber('refunds'), order.requestKey, order.reason, order.staffId,
  ]);
  if (!made) refuse('amount', t('refunds.too-much'));
  const { id, gateway, reference } = made;
  return { id, gateway, request: gateway ? { key: id, reference: reference ?? '', amountCents: order.amountCents } : null };
}

/** What a payment can still give back, in minor units: `p` is the payment. */
export const refundableCents = `(least(p.amount_cents - p.refunded_cents, p.unapplied_cents + (select coalesce(sum(l.amount_cents), 0) from app.allocations l
      where (l.tenant_id, l.payment_id) = (p.tenant_id, p.id) and l.applied_at is not null and l.reversed_at is null))
    - (select coalesce(sum(r.amount_cents), 0) from app.refunds r where (r.tenant_id, r.payment_id) = (p.tenant_id, p.id) and r.state in ('created', 'submitted', 'unknown')))::bigint`;

const reserveText = `with made as (
    insert into app.refunds (account_id, payment_id, number, request_key, state, amount_cents, currency, gateway, reason, staff_id)
    select p.account_id, p.id, $4, $5, 'submitted', $3, p.currency, p.gateway, $6, $7 from app.payments p
     where p.id = $1 and p.account_id = $2 and p.state in ('succeeded', 'partially_refunded') and $3::bigint between 1 and ${refundableCents}
    returning id, payment_id, gateway)
  select made.id, made.gateway, p.gateway_reference as reference from made join app.payments p on p.id = made.payment_id`;
