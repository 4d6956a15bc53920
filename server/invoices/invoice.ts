import { read } from '../platform/database.ts';
import type { CustomerAccount } from '../tenancy/people.ts';

/** Money is in cents of the invoice's currency, days are ISO days. */
export interface InvoiceRow {
  readonly id: string;
  readonly number: string;
  readonly issuedOn: string;
  readonly dueOn: string | null;
  readonly currency: string;
  readonly totalCents: number;
  readonly paidCents: number;
  readonly state: InvoiceState;
  readonly attachmentCount: number;
}
export type InvoiceState = 'paid' | 'open' | 'partly-paid' | 'past-due' | 'being-paid';

export interface InvoiceLine {
  readonly description: string;
  readonly quantity: string;
  readonly unitPriceCents: number | null;
  readonly amountCents: number;
}

const invoiceState = `case when i.paid_cents >= i.total_cents then 'paid'
       when exists (select 1 from app.allocations l join app.payments p on (p.tenant_id, p.id) = (l.tenant_id, l.payment_id)
                     where l.tenant_id = i.tenant_id and l.invoice_id = i.id and p.state = 'processing') then 'being-paid'
       when i.due_on < $2::date then 'past-due'
       when i.paid_cents > 0 then 'partly-paid' else 'open' end`;

const plainColumns = 'i.id, i.number, i.issued_on as "issuedOn", i.due_on as "dueOn", i.currency, i.total_cents as "totalCents", i.paid_cents as "paidCents"';

/**
 * What a customer may see of invoices: sent, not void. The one scope behind every list, sum, PDF, statement, export and pay button.
 * `$1` is the account, `$2` today in the organization's zone.
 */
export const invoiceColumns = `${plainColumns}, ${invoiceState} as state`;

/** The account's open invoices with their state: in a `with`, as `open`, for a statement that asks of them more than once. */
export const openInvoices = `select i.*, ${invoiceState} as state from app.visible_invoices i where i.account_id = $1 and i.paid_cents < i.total_cents`;

/** As invoiceColumns, where `open` has been read already. */
export const columnsBeside = `${plainColumns}, coalesce((select o.state from open o where o.id = i.id), 'paid') as state`;

/** S3-15: with how many files hang on it. */
export const listedColumns = `${invoiceColumns},
  (select count(*)::int from app.invoice_attachments f where (f.tenant_id, f.invoice_id) = (i.tenant_id, i.id) and f.removed_at is null) as "attachmentCount"`;

/** The account's invoice with that number, or undefined: foreign, unsent and void ones do not exist for it. */
export async function findInvoice(account: CustomerAccount, number: string, today: string): Promise<(InvoiceRow & { memo: string | null }) | undefined> {
  const text = `select ${listedColumns}, i.memo from app.visible_invoices i where i.account_id = $1 and i.number = $3`;
  const [row] = await read<InvoiceRow & { memo: string | null }>('invoice', text, [account.id, today, number]);
  return row;
}

export function readLines(invoice: InvoiceRow): Promise<InvoiceLine[]> {
  return read<InvoiceLine>(
    'invoice-lines',
    `select description, quantity::text as quantity, unit_price_cents as "unitPriceCents", amount_cents as "amountCents"
       from app.invoice_lines where invoice_id = $1 order by position, id`,
    [invoice.id],
  );
}
