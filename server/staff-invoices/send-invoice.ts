import { lockAccount } from '../accounts/lock-account.ts';
import { drawNumber } from '../ledger/numbers.ts';
import { postJournal } from '../ledger/post-journal.ts';
import { fromCents } from '../money/money.ts';
import { read, run } from '../platform/database.ts';
import { refuse } from '../platform/forms.ts';
import { recordPortalLog } from '../portal-log/portal-log.ts';
import type { StaffRequest } from '../tenancy/people.ts';
import { refuseUnseen } from './draft.ts';
import { mailInvoice } from './mail.ts';
import { findStaffInvoice, type StaffInvoice } from './staff-invoice.ts';

/** What stands before the number of an invoice that has not been sent yet: its own number is drawn when it is. */
export const draftPrefix = 'DRAFT-';

export interface Sent {
  readonly number: string;
  /** Where the mail goes; null: nobody of the account has an address. */
  readonly mailedTo: string | null;
}

/** From now on the customer sees the invoice and owes it: S2-16. Posts it on the day it was issued. Throws Refused. */
export async function sendInvoice(draft: string, req: StaffRequest): Promise<Sent> {
  const { accountId } = await findStaffInvoice(draft);
  await lockAccount(accountId);
  const invoice = await findStaffInvoice(draft, 'for update of i');
  refuseUnseen(invoice, req);
  await demandSendable(invoice, req);
  const number = invoice.number.startsWith(draftPrefix) ? await drawFree() : invoice.number;
  await run(`update app.invoices set status = 'sent', number = $2, draft_number = nullif(number, $2), sent_at = now(), touched_by = $3, touched_at = now() where id = $1`, [invoice.id, number, req.staff.staffId]);
  const { id, currency, issuedOn, totalCents } = invoice;
  await postJournal({
    accountId, kind: 'invoice', sourceId: id, currency, postedOn: issuedOn, memo: number,
    legs: [{ ledger: 'receivable', amountCents: totalCents }, { ledger: 'revenue', amountCents: -totalCents }],
  });
  await recordPortalLog({ kind: 'invoice', message: `Invoice ${number} sent Amount: ${fromCents(totalCents, currency)}`, accountId, staffId: req.staff.staffId });
  return { number, mailedTo: await mailInvoice(req, { ...invoice, number }) };
}

async function demandSendable(invoice: StaffInvoice, { t, formats, tenant }: StaffRequest): Promise<void> {
  const [lines] = await read<{ count: number; cents: number }>('lines-sum', 'select count(*)::int as count, coalesce(sum(amount_cents), 0)::bigint as cents from app.invoice_lines where invoice_id = $1', [invoice.id]);
  if (!lines?.count) refuse('', t('staff-invoices.no-lines'));
  if (lines.cents !== invoice.totalCents) refuse('', t('staff-invoices.lines-differ'));
  if (invoice.issuedOn > tenant.site.today()) refuse('', t('staff-invoices.issued-later', { day: formats.date(invoice.issuedOn) }));
}

/** Numbers that came from elsewhere may stand where the counter has not been yet. */
async function drawFree(): Promise<string> {
  for (;;) {
    const number = await drawNumber('invoices');
    const taken = await read('invoice-number-taken', 'select 1 from app.invoices where number = $1', [number]);
    if (taken.length === 0) return number;
  }
}
