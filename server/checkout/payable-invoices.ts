import { isBeingPaid, waitingPayments } from '../invoices/invoice.ts';
import { read } from '../platform/database.ts';
import type { CustomerAccount } from '../tenancy/people.ts';

/** An invoice with something open on it. Money is in minor units of its currency. */
export interface PayableInvoice {
  readonly id: string;
  readonly number: string;
  readonly issuedOn: string;
  readonly dueOn: string | null;
  readonly currency: string;
  readonly openCents: number;
  readonly isPastDue: boolean;
  /** Bank money is under way for it: it cannot be paid again. */
  readonly isBeingPaid: boolean;
}

/** More than one payment can cover, and than anybody reads. */
const most = 500;

/** Everything the account owes, the most urgent first. */
export function listPayable(account: Pick<CustomerAccount, 'id'>, today: string): Promise<PayableInvoice[]> {
  return read<PayableInvoice & Record<string, unknown>>(
    'payable-invoices',
    `with ${waitingPayments}
     select i.id, i.number, i.issued_on as "issuedOn", i.due_on as "dueOn", i.currency, i.total_cents - i.paid_cents as "openCents",
            coalesce(i.due_on < $2::date, false) as "isPastDue",
            ${isBeingPaid} as "isBeingPaid"
       from app.visible_invoices i where i.account_id = $1 and i.paid_cents < i.total_cents
      order by i.due_on nulls last, i.issued_on, i.id limit ${most}`,
    [account.id, today],
  );
}
