import { lockAccount } from '../accounts/lock-account.ts';
import { postJournal } from '../ledger/post-journal.ts';
import { read } from '../platform/database.ts';
import { refuse } from '../platform/forms.ts';
import { recountPaid } from '../invoices/recount-paid.ts';
import type { Translate } from '../platform/text.ts';

export interface OpenInvoice {
  readonly id: string;
  readonly number: string;
  readonly dueOn: string | null;
  readonly openCents: number;
}

/** What money in that currency can be put against, the most urgent first. */
export function listOpenInvoices(accountId: string, currency: string): Promise<OpenInvoice[]> {
  return read<OpenInvoice & Record<string, unknown>>(
    'open-invoices',
    `select id, number, due_on as "dueOn", total_cents - paid_cents as "openCents" from app.visible_invoices i
      where account_id = $1 and currency = $2 and paid_cents < total_cents and not ${isOnPayPage} order by due_on nulls last, issued_on, id limit 200`,
    [accountId, currency],
  );
}

/** Somebody may be paying the invoice `i` on the gateway's page at this moment. */
const isOnPayPage = `exists (select 1 from app.allocations l join app.payments p on (p.tenant_id, p.id) = (l.tenant_id, l.payment_id)
   where (l.tenant_id, l.invoice_id) = (i.tenant_id, i.id) and l.reversed_at is null and p.state = 'awaiting_customer')`;

export interface Application {
  /** Made with the form, the id of what it makes: sending it twice applies once. */
  readonly key: string;
  readonly accountId: string;
  readonly paymentId: string;
  readonly invoiceNumber: string;
  readonly amountCents: number;
  readonly postedOn: string;
}

/** Puts money that waits against an invoice: the only way a prepayment ever pays one. Throws Refused when either has not so much. */
export async function applyPrepayment({ key, accountId, paymentId, invoiceNumber, amountCents, postedOn }: Application, t: Translate): Promise<void> {
  await lockAccount(accountId);
  if ((await read('earlier-application', 'select 1 from app.allocations where id = $1', [key])).length > 0) return;
  const [invoice] = await read<{ id: string; currency: string }>('invoice-to-fill', invoiceText, [accountId, invoiceNumber, amountCents]);
  if (!invoice) refuse('applied', t('prepayments.invoice-needs-less'));
  const [spent] = await read<{ number: string }>('spend-prepayment', spendText, [paymentId, accountId, amountCents, invoice.currency]);
  if (!spent) refuse('applied', t('prepayments.has-less'));
  await read('apply-prepayment', 'insert into app.allocations (id, account_id, invoice_id, payment_id, amount_cents, applied_at) values ($1, $2, $3, $4, $5, now())', [key, accountId, invoice.id, paymentId, amountCents]);
  await recountPaid([invoice.id]);
  await postJournal({
    accountId, kind: 'apply', sourceId: key, currency: invoice.currency, postedOn, memo: spent.number,
    legs: [{ ledger: 'prepayment', amountCents }, { ledger: 'receivable', amountCents: -amountCents }],
  });
}

/** An attempt that is still open may take the same room: what it then no longer finds waits as a prepayment. */
const invoiceText = `select id, currency from app.visible_invoices i
  where account_id = $1 and number = $2 and total_cents - paid_cents >= $3 and not ${isOnPayPage} for update of i`;

/** Conditional: of fifty at once only as many find money as there is money for. */
const spendText = `update app.payments set unapplied_cents = unapplied_cents - $3
   where id = $1 and account_id = $2 and currency = $4 and state in ('succeeded', 'partially_refunded') and $3 > 0 and unapplied_cents >= $3 returning number`;
