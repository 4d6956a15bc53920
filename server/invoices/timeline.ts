import { read } from '../platform/database.ts';

/** Something that happened to an invoice. `number` is of the payment, credit or refund it is about. */
export interface InvoiceEvent {
  readonly what: 'sent' | 'viewed' | 'paid' | 'credited' | 'taken-off' | 'refunded' | 'declined' | 'voided';
  readonly on: string;
  readonly number: string | null;
  readonly amountCents: number | null;
}

/** Newest first. Attempts that failed, and what became of an invoice that nobody sees any more, are for staff. */
export function readTimeline(invoiceId: string, zone: string, reader: 'customer' | 'staff'): Promise<InvoiceEvent[]> {
  return read<InvoiceEvent & Record<string, unknown>>('invoice-timeline', text, [invoiceId, zone, reader === 'staff']);
}

/** In the transaction of a look: the first one counts. */
export async function noteView(invoiceId: string): Promise<void> {
  await read('invoice-viewed', 'update app.invoices set viewed_at = now() where id = $1 and viewed_at is null', [invoiceId]);
}

const text = `with parts as materialized (
    select l.*, coalesce(p.number, c.number) as source, p.state, p.paid_on, j.posted_on
      from app.allocations l left join app.payments p on (p.tenant_id, p.id) = (l.tenant_id, l.payment_id) left join app.credits c on (c.tenant_id, c.id) = (l.tenant_id, l.credit_id)
      left join app.journals j on (j.tenant_id, j.kind, j.source_id) = (l.tenant_id, 'apply', l.id) where l.invoice_id = $1)
  select what, coalesce(day, (at at time zone $2)::date) as "on", number, cents as "amountCents" from (
    select 'sent' as what, case when sent_at is null or external_id is not null then issued_on end as day, sent_at as at, null as number, null::bigint as cents from app.invoices where id = $1 and status <> 'unsent' and (sent_at is not null or status = 'sent')
    union all select 'viewed', null, viewed_at, null, null from app.invoices where id = $1 and viewed_at is not null
    union all select 'voided', null, voided_at, null, null from app.invoices where id = $1 and voided_at is not null and $3::boolean
    union all select case when credit_id is null then 'paid' else 'credited' end, coalesce(posted_on, paid_on), applied_at, source, amount_cents from parts where applied_at is not null
    union all select 'taken-off', null, reversed_at, source, amount_cents from parts where applied_at is not null and reversed_at is not null
    union all select 'declined', paid_on, created_at, source, amount_cents from parts where applied_at is null and state = 'declined' and $3
    union all select 'refunded', null, r.settled_at, parts.source, r.amount_cents from app.refunds r join parts on (parts.tenant_id, parts.payment_id) = (r.tenant_id, r.payment_id) where r.state = 'succeeded'
  ) happened where coalesce(day, (at at time zone $2)::date) is not null order by "on" desc, at desc nulls last limit 200`;
