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

/**
 * The payments of the account `$1` that wait for its bank, and the invoices that they pay: first in a `with`, for whatever asks for a state.
 * Mostly there are none, so they are looked for once, not for each invoice.
 */
export const waitingPayments = `confirming as (select tenant_id, id, number, amount_cents, currency, created_at from app.payments where account_id = $1 and state = 'processing'),
  paying as (select l.invoice_id from confirming p join app.allocations l on (l.tenant_id, l.payment_id) = (p.tenant_id, p.id))`;

/** Beside `paying`: whether bank money is under way for the invoice. */
export const isBeingPaid = 'i.id = any (array(select invoice_id from paying))';

const invoiceState = `case when i.paid_cents >= i.total_cents then 'paid'
       when ${isBeingPaid} then 'being-paid'
       when i.due_on < $2::date then 'past-due'
       when i.paid_cents > 0 then 'partly-paid' else 'open' end`;

const plainColumns = 'i.id, i.number, i.issued_on as "issuedOn", i.due_on as "dueOn", i.currency, i.total_cents as "totalCents", i.paid_cents as "paidCents"';

/**
 * What a customer may see of invoices: sent, not void. The one scope behind every list, sum, PDF, statement, export and pay button.
 * `$1` is the account, `$2` today in the organization's zone; beside waitingPayments.
 */
export const invoiceColumns = `${plainColumns}, ${invoiceState} as state`;

/** Behind a `with`: the account's open invoices with their state, as `open`, for a statement that asks of them more than once, and waitingPayments. */
export const openInvoices = `${waitingPayments},
  open as (select i.tenant_id, i.id, i.number, i.issued_on, i.due_on, i.currency, i.total_cents, i.paid_cents, ${invoiceState} as state
    from app.visible_invoices i where i.account_id = $1 and i.paid_cents < i.total_cents)`;

/** As invoiceColumns, where `open` has been read already. */
export const columnsBeside = `${plainColumns}, coalesce((select o.state from open o where o.id = i.id), 'paid') as state`;

/** S3-15: with how many files hang on it. */
export const listedColumns = `${invoiceColumns},
  (select count(*)::int from app.invoice_attachments f where (f.tenant_id, f.invoice_id) = (i.tenant_id, i.id) and f.removed_at is null) as "attachmentCount"`;

/** The account's invoice with that number, or undefined: foreign, unsent and void ones do not exist for it. */
export async function findInvoice(account: CustomerAccount, number: string, today: string): Promise<(InvoiceRow & { memo: string | null }) | undefined> {
  const text = `with ${waitingPayments} select ${listedColumns}, i.memo from app.visible_invoices i where i.account_id = $1 and i.number = $3`;
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
