import { lockAccount } from '../accounts/lock-account.ts';
import { postJournal } from '../ledger/post-journal.ts';
import { fromCents } from '../money/money.ts';
import { read } from '../platform/database.ts';
import { enqueue } from '../platform/queue.ts';
import { recordPortalLog } from '../portal-log/portal-log.ts';
import type { Outside } from '../tenancy/outside.ts';
import type { Tenant } from '../tenancy/tenant.ts';
import { sendRefundMail } from './mail.ts';
import { takeBack } from './take-back.ts';

/** What became of a refund. 'failed': it was surely never asked for. */
export type RefundVerdict =
  | { readonly outcome: 'succeeded' | 'declined'; readonly reference: string | null; readonly message: string }
  | { readonly outcome: 'unknown' | 'failed'; readonly message: string };

export interface RefundRecord {
  readonly id: string;
  readonly number: string;
  readonly state: string;
  readonly paymentId: string;
  readonly payment: string;
  readonly accountId: string;
  readonly accountName: string;
  readonly contactId: string | null;
  readonly staffId: string | null;
  readonly amountCents: number;
  readonly currency: string;
}

/** Writes down what became of a refund, in the current transaction. The request and the reconciler both end here; doing it twice changes nothing. */
export async function settleRefund(outside: Outside, tenant: Tenant, id: string, verdict: RefundVerdict): Promise<void> {
  const refund = await lockRefund(id);
  const isOpen = refund && ['created', 'submitted', 'unknown'].includes(refund.state);
  if (!refund || !(isOpen || (refund.state === 'failed' && verdict.outcome === 'succeeded'))) return;
  if (verdict.outcome === 'succeeded') await bookRefund(outside, tenant, refund);
  await read(
    'refund-state',
    `update app.refunds set state = $2, message = $3, gateway_reference = $4, settled_at = case when $2 <> 'unknown' then now() end where id = $1`,
    [id, verdict.outcome, verdict.message, 'reference' in verdict ? verdict.reference : null],
  );
  if (verdict.outcome === 'unknown') await enqueue('reconcile-refunds', { tenantId: tenant.id }, { key: `reconcile refund ${id}`, at: new Date(Date.now() + askAgainSeconds * 1000) });
  else await log(refund, verdict);
}

const askAgainSeconds = 90;

async function bookRefund(outside: Outside, tenant: Tenant, refund: RefundRecord): Promise<void> {
  const { unappliedCents, appliedCents } = await takeBack(refund.paymentId, refund.amountCents);
  const moved = await read('payment-refunded', refundedText, [refund.paymentId, refund.amountCents]);
  if (moved.length !== 1) throw new Error(`payment ${refund.payment} cannot be refunded any more`);
  await postJournal({
    accountId: refund.accountId, kind: 'refund', sourceId: refund.id, currency: refund.currency, postedOn: tenant.site.today(), memo: refund.payment,
    legs: [
      { ledger: 'cash', amountCents: -refund.amountCents },
      { ledger: 'prepayment', amountCents: unappliedCents },
      { ledger: 'receivable', amountCents: appliedCents },
    ],
  });
  await sendRefundMail(outside, tenant, refund);
}

const refundedText = `update app.payments set refunded_cents = refunded_cents + $2,
         state = case when refunded_cents + $2 >= amount_cents then 'refunded' else 'partially_refunded' end
   where id = $1 and state in ('succeeded', 'partially_refunded') and refunded_cents + $2 <= amount_cents returning id`;

/** Locks in the order account, invoice, payment, as everything does that moves money. */
async function lockRefund(id: string): Promise<RefundRecord | undefined> {
  const [found] = await read<{ accountId: string }>('account-of-refund', 'select account_id as "accountId" from app.refunds where id = $1', [id]);
  if (!found) return undefined;
  await lockAccount(found.accountId);
  const [refund] = await read<RefundRecord & Record<string, unknown>>(
    'refund-to-settle',
    `select r.id, r.number, r.state, r.payment_id as "paymentId", p.number as payment, r.account_id as "accountId", a.name as "accountName",
            p.contact_id as "contactId", r.staff_id as "staffId", r.amount_cents as "amountCents", r.currency
       from app.refunds r join app.payments p on (p.tenant_id, p.id) = (r.tenant_id, r.payment_id)
       join app.accounts a on (a.tenant_id, a.id) = (r.tenant_id, r.account_id) where r.id = $1`,
    [id],
  );
  return refund;
}

function log({ accountId, accountName, amountCents, currency, contactId, staffId }: RefundRecord, { outcome, message }: RefundVerdict): Promise<void> {
  const words = outcome === 'succeeded' ? 'Refunded' : `Refund ${outcome}${message && `: ${message}`}`;
  return recordPortalLog({
    kind: 'payment', message: `Account: ${accountName} Amount: ${fromCents(amountCents, currency)} Response Code: ${words}`,
    accountId, contactId: contactId ?? undefined, staffId: staffId ?? undefined,
  });
}
