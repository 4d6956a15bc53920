import { read } from '../platform/database.ts';
import { NotFound } from '../platform/errors.ts';

/** An invoice as staff see it, unsent and void ones, too. Money is in minor units of its currency. */
export interface StaffInvoice {
  readonly id: string;
  readonly number: string;
  readonly accountId: string;
  readonly accountNumber: string;
  readonly accountName: string;
  readonly status: 'unsent' | 'sent' | 'void';
  readonly issuedOn: string;
  readonly dueOn: string | null;
  readonly currency: string;
  readonly totalCents: number;
  readonly paidCents: number;
  readonly memo: string | null;
  readonly sentAt: Date | null;
  readonly voidedAt: Date | null;
  readonly voidReason: string | null;
  /** Grows with every change of an unsent invoice. */
  readonly revision: number;
  readonly touchedBy: string | null;
  readonly touchedAt: Date | null;
}

/** By its number, or by the one it had before it was sent. Who changes it, or moves money onto it, locks it first. Throws NotFound. */
export async function findStaffInvoice(number: string, lock: '' | 'for update of i' = ''): Promise<StaffInvoice> {
  const [row] = await read<StaffInvoice & Record<string, unknown>>(lock ? 'staff-invoice-locked' : 'staff-invoice', `${select} where i.number = $1 or i.draft_number = $1 ${lock}`, [number]);
  if (!row) throw new NotFound('no such invoice');
  return row;
}

const select = `select i.id, i.number, i.account_id as "accountId", a.number as "accountNumber", a.name as "accountName", i.status, i.issued_on as "issuedOn", i.due_on as "dueOn",
    i.currency, i.total_cents as "totalCents", i.paid_cents as "paidCents", i.memo, i.sent_at as "sentAt", i.voided_at as "voidedAt", i.void_reason as "voidReason",
    i.revision, (select name from app.staff_users s where s.id = i.touched_by) as "touchedBy", i.touched_at as "touchedAt"
  from app.invoices i join app.accounts a on a.id = i.account_id`;

export interface StaffLine {
  readonly id: string;
  readonly description: string;
  readonly quantity: string;
  readonly unitPriceCents: number | null;
  readonly amountCents: number;
}

export function readStaffLines({ id }: StaffInvoice): Promise<StaffLine[]> {
  return read<StaffLine & Record<string, unknown>>(
    'staff-invoice-lines',
    `select id, description, trim_scale(quantity)::text as quantity, unit_price_cents as "unitPriceCents", amount_cents as "amountCents"
       from app.invoice_lines where invoice_id = $1 order by position, id`,
    [id],
  );
}

/** What stands on an invoice, or is reserved for it by a payment under way. */
export interface Applied {
  readonly id: string;
  readonly kind: 'payment' | 'prepayment' | 'credit';
  readonly number: string;
  readonly amountCents: number;
  /** False: a payment that is still under way has reserved it. */
  readonly isApplied: boolean;
}

export function readApplied({ id }: StaffInvoice): Promise<Applied[]> {
  return read<Applied & Record<string, unknown>>(
    'staff-applied',
    `select l.id, case when l.credit_id is not null then 'credit' when exists (select from app.journals j where (j.kind, j.source_id) = ('apply', l.id)) then 'prepayment' else 'payment' end as kind,
            coalesce(p.number, c.number) as number, l.amount_cents as "amountCents", l.applied_at is not null as "isApplied"
       from app.allocations l left join app.payments p on p.id = l.payment_id left join app.credits c on c.id = l.credit_id
      where l.invoice_id = $1 and l.reversed_at is null and (l.applied_at is not null or p.state in ('created', 'submitted', 'unknown', 'awaiting_customer', 'processing'))
      order by l.created_at, l.id`,
    [id],
  );
}
