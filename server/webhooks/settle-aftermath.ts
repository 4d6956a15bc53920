import type { DisputeState, Intent, IntentRefund } from '../gateways/stripe/intent.ts';
import { drawNumber } from '../ledger/numbers.ts';
import { read } from '../platform/database.ts';
import { Unavailable } from '../platform/errors.ts';
import { refundableCents } from '../refunds/reserve-refund.ts';
import { reversePayment, winDispute } from '../refunds/return-payment.ts';
import { settleRefund } from '../refunds/settle-refund.ts';
import { makeTask } from '../staff-tasks/staff-task.ts';
import type { Outside } from '../tenancy/outside.ts';
import type { Tenant } from '../tenancy/tenant.ts';

/**
 * Brings a payment to where Stripe says that it stands after its success: refunds, disputes, money that a bank has taken back. It looks at
 * what is, not at what has happened, so that order and repeats do not matter. The account is locked. Throws Unavailable: come again.
 */
export async function settleAftermath(outside: Outside, tenant: Tenant, paymentId: string, { answer, refunds, dispute }: Intent): Promise<void> {
  for (const refund of refunds) await settleOne(outside, tenant, paymentId, refund);
  if (answer.outcome === 'declined') await takeBack(outside, tenant, paymentId, 'returned', answer.message);
  else await settleDispute(outside, tenant, paymentId, dispute);
}

async function settleOne(outside: Outside, tenant: Tenant, paymentId: string, refund: IntentRefund): Promise<void> {
  const { answer, reference } = refund;
  const hasSucceeded = answer.outcome === 'succeeded' || answer.outcome === 'processing';
  const [known] = await read<{ id: string; state: string }>(
    'refund-of-hook', 'select id, state from app.refunds where payment_id = $1 and (id::text = $2 or gateway_reference = $3)', [paymentId, refund.refund, reference]);
  if (!known && !hasSucceeded) return;
  // Promised and then not kept, often by a bank account that is closed: the books stay, and somebody pays it out in another way.
  if (known?.state === 'succeeded') return hasSucceeded ? undefined : askStaff(paymentId, refund, 'Not paid out after all');
  const id = known?.id ?? (await reserveForeign(outside, tenant, paymentId, refund));
  if (id) await settleRefund(outside, tenant, id, { outcome: hasSucceeded ? 'succeeded' : 'declined', reference, message: answer.message });
}

/** One that was made in Stripe's dashboard. What the payment cannot give back in our books is for a person to look at. */
async function reserveForeign(outside: Outside, tenant: Tenant, paymentId: string, refund: IntentRefund): Promise<string | undefined> {
  const [made] = await read<{ id: string }>('reserve-foreign-refund', reserveText, [paymentId, refund.amountCents, await drawNumber('refunds'), refund.reference]);
  if (made) return made.id;
  const [open] = await read('refund-under-way', `select 1 from app.refunds where payment_id = $1 and state in ('created', 'submitted', 'unknown')`, [paymentId]);
  if (open) throw new Unavailable('another refund of this payment is under way');
  outside.log.error({ tenant: tenant.slug, payment: paymentId, refund: refund.reference }, 'a refund that was made at Stripe does not fit into the books');
  return askStaff(paymentId, refund, 'Made at Stripe, not in the books').then(() => undefined);
}

const reserveText = `insert into app.refunds (account_id, payment_id, number, request_key, state, amount_cents, currency, gateway, gateway_reference, reason)
  select p.account_id, p.id, $3, md5($4)::uuid, 'submitted', $2, p.currency, p.gateway, $4, 'Stripe' from app.payments p
   where p.id = $1 and p.state in ('succeeded', 'partially_refunded') and $2::bigint between 1 and ${refundableCents} returning id`;

async function askStaff(paymentId: string, { reference, amountCents }: IntentRefund, message: string): Promise<void> {
  const [payment] = await read<{ accountId: string; number: string; currency: string }>('payment-of-refund', 'select account_id as "accountId", number, currency from app.payments where id = $1', [paymentId]);
  if (payment) await makeTask({ kind: 'refund', accountId: payment.accountId, source: reference, details: { amountCents, currency: payment.currency, payment: payment.number, message } });
}

async function settleDispute(outside: Outside, tenant: Tenant, paymentId: string, dispute: DisputeState): Promise<void> {
  if (dispute === 'open') await takeBack(outside, tenant, paymentId, 'disputed', '');
  if (dispute === 'lost') await takeBack(outside, tenant, paymentId, 'returned', 'Dispute lost');
  if (dispute === 'won') await winDispute(outside, tenant, paymentId);
}

/** A refund under way holds it up: once that is decided the money can go. */
async function takeBack(outside: Outside, tenant: Tenant, paymentId: string, to: 'returned' | 'disputed', message: string): Promise<void> {
  if (await reversePayment(outside, tenant, paymentId, { to, message })) return;
  const [waits] = await read('reversal-waits', `select 1 from app.payments where id = $1 and state in ('succeeded', 'partially_refunded')`, [paymentId]);
  if (waits) throw new Unavailable('a refund of this payment is under way');
}
