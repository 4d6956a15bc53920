import { read } from '../platform/database.ts';
import type { PaymentState } from '../payments/payment.ts';
import { refundableCents } from '../refunds/reserve-refund.ts';

/** One attempt with everything that is known of it. Money is in minor units of its currency. */
export interface StaffPayment {
  readonly id: string;
  readonly number: string;
  readonly state: PaymentState;
  readonly purpose: 'invoices' | 'prepayment';
  readonly accountId: string;
  readonly accountNumber: string;
  readonly accountName: string;
  readonly amountCents: number;
  readonly refundedCents: number;
  readonly unappliedCents: number;
  /** What can still be given back, refunds under way taken off. */
  readonly refundableCents: number;
  readonly currency: string;
  readonly methodKind: 'card' | 'bank_draft' | 'cash' | 'check' | 'other';
  readonly methodLabel: string;
  readonly gateway: string | null;
  readonly reference: string | null;
  readonly message: string;
  readonly paidBy: string | null;
  readonly staffName: string | null;
  readonly createdAt: string;
  readonly submittedAt: string | null;
  readonly settledAt: string | null;
  readonly invoices: readonly { readonly number: string; readonly amountCents: number; readonly state: 'meant' | 'applied' | 'reversed' }[];
  readonly refunds: readonly Refund[];
}

export interface Refund {
  readonly number: string;
  readonly state: string;
  readonly amountCents: number;
  readonly reason: string;
  readonly message: string;
  readonly reference: string | null;
  readonly staffName: string | null;
  readonly createdAt: string;
}

export async function findStaffPayment(number: string): Promise<StaffPayment | undefined> {
  const [row] = await read<StaffPayment & Record<string, unknown>>('staff-payment', text, [number]);
  return row;
}

const text = `select p.id, p.number, p.state, p.purpose, p.account_id as "accountId", a.number as "accountNumber", a.name as "accountName", p.amount_cents as "amountCents",
    p.refunded_cents as "refundedCents", p.unapplied_cents as "unappliedCents", ${refundableCents} as "refundableCents", p.currency, p.method_kind as "methodKind", p.method_label as "methodLabel",
    p.gateway, p.gateway_reference as reference, p.message, nullif(concat_ws(' ', c.first_name, c.last_name), '') as "paidBy", s.name as "staffName",
    p.created_at as "createdAt", p.submitted_at as "submittedAt", p.settled_at as "settledAt",
    (select coalesce(jsonb_agg(jsonb_build_object('number', i.number, 'amountCents', l.amount_cents,
              'state', case when l.reversed_at is not null then 'reversed' when l.applied_at is not null then 'applied' else 'meant' end) order by l.id), '[]')
       from app.allocations l join app.invoices i on (i.tenant_id, i.id) = (l.tenant_id, l.invoice_id) where (l.tenant_id, l.payment_id) = (p.tenant_id, p.id)) as invoices,
    (select coalesce(jsonb_agg(jsonb_build_object('number', r.number, 'state', r.state, 'amountCents', r.amount_cents, 'reason', r.reason, 'message', r.message,
              'reference', r.gateway_reference, 'staffName', u.name, 'createdAt', r.created_at) order by r.id), '[]')
       from app.refunds r left join app.staff_users u on (u.tenant_id, u.id) = (r.tenant_id, r.staff_id) where (r.tenant_id, r.payment_id) = (p.tenant_id, p.id)) as refunds
  from app.payments p join app.accounts a on (a.tenant_id, a.id) = (p.tenant_id, p.account_id)
  left join app.contacts c on (c.tenant_id, c.id) = (p.tenant_id, p.contact_id) left join app.staff_users s on (s.tenant_id, s.id) = (p.tenant_id, p.staff_id)
 where p.number = $1`;
