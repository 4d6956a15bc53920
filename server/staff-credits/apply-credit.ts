import { lockAccount } from '../accounts/lock-account.ts';
import { recountPaid } from '../invoices/recount-paid.ts';
import { postJournal } from '../ledger/post-journal.ts';
import { fromCents } from '../money/money.ts';
import { read } from '../platform/database.ts';
import { NotFound } from '../platform/errors.ts';
import { refuse } from '../platform/forms.ts';
import { recordPortalLog } from '../portal-log/portal-log.ts';
import { reactivateAccount } from '../suspension/reactivate.ts';
import type { StaffRequest } from '../tenancy/people.ts';
import { findCredit } from './credit.ts';

export interface Application {
  /** Made with the form, the id of what it makes: sending it twice applies once. */
  readonly key: string;
  readonly invoice: string;
  readonly amountCents: number;
}

/** Puts a part of a credit on an invoice. One conditional statement takes it out of the credit: fifty at once spend it once. Throws Refused. */
export async function applyCredit(number: string, { key, invoice: wanted, amountCents }: Application, req: StaffRequest): Promise<void> {
  const { t, formats, tenant, staff, outside } = req;
  const { id, accountId, currency } = await findCredit(number);
  await lockAccount(accountId);
  if ((await read('earlier-application', 'select 1 from app.allocations where id = $1', [key])).length > 0) return;
  const [invoice] = await read<{ id: string; openCents: number; isBeingPaid: boolean }>('invoice-for-credit', lockInvoice, [accountId, wanted, currency]);
  if (!invoice) refuse('invoice', t('staff-credits.no-invoice'));
  if (invoice.isBeingPaid) refuse('invoice', t('staff-credits.being-paid', { number: wanted }));
  if (amountCents > invoice.openCents) refuse('amount', t('staff-credits.invoice-needs-less', { number: wanted, amount: formats.money(invoice.openCents, currency) }));
  const spent = await read('spend-credit', 'update app.credits set balance_cents = balance_cents - $2 where id = $1 and voided_at is null and balance_cents >= $2 and $2 > 0 returning id', [id, amountCents]);
  if (spent.length === 0) refuse('amount', t('staff-credits.has-less', { number }));
  await read('apply-credit', 'insert into app.allocations (id, account_id, invoice_id, credit_id, amount_cents, applied_at) values ($1, $2, $3, $4, $5, now())', [key, accountId, invoice.id, id, amountCents]);
  await recountPaid([invoice.id]);
  await postJournal({
    accountId, kind: 'apply', sourceId: key, currency, postedOn: tenant.site.today(), memo: number,
    legs: [{ ledger: 'credit', amountCents }, { ledger: 'receivable', amountCents: -amountCents }],
  });
  await recordPortalLog({ kind: 'credit', message: `Credit ${number} applied to ${wanted} Amount: ${fromCents(amountCents, currency)}`, accountId, staffId: staff.staffId });
  await reactivateAccount(outside, tenant, accountId);
}

const lockInvoice = `select i.id, i.total_cents - i.paid_cents as "openCents",
    exists (select from app.allocations l join app.payments p on p.id = l.payment_id
             where l.invoice_id = i.id and l.reversed_at is null and p.state in ('created', 'submitted', 'unknown', 'awaiting_customer', 'processing')) as "isBeingPaid"
  from app.visible_invoices i where i.account_id = $1 and i.number = $2 and i.currency = $3 for update of i`;

/** Takes what staff have applied off its invoice again: the credit or prepayment can be used anew. A repeat changes nothing. */
export async function takeOff(invoiceNumber: string, allocationId: string, { tenant, staff }: StaffRequest): Promise<void> {
  const [found] = await read<{ accountId: string }>('applied-account', 'select account_id as "accountId" from app.allocations where id = $1', [allocationId]);
  if (!found) throw new NotFound('no such allocation');
  await lockAccount(found.accountId);
  const [part] = await read<Part & Record<string, unknown>>('take-off', takeOffText, [allocationId, invoiceNumber]);
  if (!part) return;
  const { accountId, amountCents, currency, invoiceId, creditId, paymentId, source } = part;
  if (creditId) await read('give-credit-back', 'update app.credits set balance_cents = balance_cents + $2 where id = $1', [creditId, amountCents]);
  else await read('give-prepayment-back', 'update app.payments set unapplied_cents = unapplied_cents + $2 where id = $1', [paymentId, amountCents]);
  await recountPaid([invoiceId]);
  await postJournal({
    accountId, kind: 'correction', sourceId: allocationId, currency, postedOn: tenant.site.today(), memo: source,
    legs: [{ ledger: 'receivable', amountCents }, { ledger: creditId ? 'credit' : 'prepayment', amountCents: -amountCents }],
  });
  await recordPortalLog({ kind: 'credit', message: `${creditId ? 'Credit' : 'Prepayment'} ${source} taken off ${invoiceNumber} Amount: ${fromCents(amountCents, currency)}`, accountId, staffId: staff.staffId });
}

interface Part {
  readonly accountId: string;
  readonly invoiceId: string;
  readonly creditId: string | null;
  readonly paymentId: string | null;
  readonly amountCents: number;
  readonly currency: string;
  readonly source: string;
}

/** Only what was applied by a step of its own: a payment that went to its invoice is refunded instead. */
const takeOffText = `update app.allocations l set reversed_at = now() from app.invoices i
  where l.id = $1 and i.id = l.invoice_id and i.number = $2 and l.applied_at is not null and l.reversed_at is null
    and exists (select from app.journals j where (j.kind, j.source_id) = ('apply', l.id))
  returning l.account_id as "accountId", l.invoice_id as "invoiceId", l.credit_id as "creditId", l.payment_id as "paymentId", l.amount_cents as "amountCents", i.currency,
    coalesce((select c.number from app.credits c where c.id = l.credit_id), (select p.number from app.payments p where p.id = l.payment_id)) as source`;
