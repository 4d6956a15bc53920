import { lockAccount } from '../accounts/lock-account.ts';
import { postJournal } from '../ledger/post-journal.ts';
import { fromCents } from '../money/money.ts';
import { read, run } from '../platform/database.ts';
import { refuse } from '../platform/forms.ts';
import { recordPortalLog } from '../portal-log/portal-log.ts';
import { reactivateAccount } from '../suspension/reactivate.ts';
import type { StaffRequest } from '../tenancy/people.ts';
import { findStaffInvoice, readApplied } from './staff-invoice.ts';

/**
 * Takes a sent invoice back on its own day (docs/decisions/0006), or discards an unsent one: nobody sees it any more. Throws
 * Refused while money stands on it or is on its way, and says what to do; a repeat changes nothing.
 */
export async function voidInvoice(number: string, reason: string, req: StaffRequest): Promise<void> {
  const { accountId } = await findStaffInvoice(number);
  await lockAccount(accountId);
  const invoice = await findStaffInvoice(number, 'for update of i');
  if (invoice.status === 'void') return;
  if (invoice.status === 'sent' && !reason) refuse('reason', req.t('forms.required'));
  for (const { kind, number: source, amountCents, isApplied } of await readApplied(invoice)) {
    refuse('', req.t(isApplied ? `staff-invoices.stands-${kind}` : 'staff-invoices.under-way', { number, source, amount: req.formats.money(amountCents, invoice.currency) }));
  }
  await run(`update app.invoices set status = 'void', voided_at = now(), void_reason = $2, touched_by = $3, touched_at = now() where id = $1`, [invoice.id, reason || null, req.staff.staffId]);
  if (invoice.status === 'unsent') return;
  const { id, currency, totalCents } = invoice;
  await postJournal({
    accountId, kind: 'invoice_void', sourceId: id, currency, postedOn: await postedOn(id), memo: number,
    legs: [{ ledger: 'receivable', amountCents: -totalCents }, { ledger: 'revenue', amountCents: totalCents }],
  });
  await reactivateAccount(req.outside, req.tenant, accountId);
  await recordPortalLog({ kind: 'invoice', message: `Invoice ${number} voided Amount: ${fromCents(totalCents, currency)} Reason: ${reason}`, accountId, staffId: req.staff.staffId });
}

async function postedOn(invoiceId: string): Promise<string> {
  const [row] = await read<{ day: string }>('invoice-posted-on', `select posted_on as day from app.journals where (kind, source_id) = ('invoice', $1)`, [invoiceId]);
  if (!row) throw new Error(`the sent invoice ${invoiceId} is not in the ledger`);
  return row.day;
}
