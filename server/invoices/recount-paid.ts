import { read } from '../platform/database.ts';

/** Paid sums are always counted anew, never added to. The invoices are locked by whoever moves the money. */
export async function recountPaid(invoiceIds: readonly string[]): Promise<void> {
  await read(
    'recount-paid',
    `update app.invoices i set paid_cents = (select coalesce(sum(l.amount_cents), 0)::bigint from app.allocations l
        where (l.tenant_id, l.invoice_id) = (i.tenant_id, i.id) and l.applied_at is not null and l.reversed_at is null)
      where i.id = any($1::uuid[])`,
    [invoiceIds],
  );
}
