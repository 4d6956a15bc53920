import { randomUUID } from 'node:crypto';
import { lockAccount } from '../accounts/lock-account.ts';
import { postJournal, type Journal } from '../ledger/post-journal.ts';
import { fill } from '../money/allocate.ts';
import { fromCents } from '../money/money.ts';
import { tellReturned } from '../payments/tell-returned.ts';
import type { PaymentState } from '../payments/payment.ts';
import type { SettledPayment } from '../payment-attempts/settle-payment.ts';
import { read } from '../platform/database.ts';
import { recordPortalLog } from '../portal-log/portal-log.ts';
import { reactivateAccount } from '../suspension/reactivate.ts';
import type { Outside } from '../tenancy/outside.ts';
import type { Tenant } from '../tenancy/tenant.ts';
import { recountPaid } from '../invoices/recount-paid.ts';
import { takeBack } from './take-back.ts';

/** Money that had come and is gone again: a bank sends it back, or a card holder disputes it. */
export interface Reversal {
  readonly to: 'returned' | 'disputed';
  /** In words that a payer may read. */
  readonly message: string;
  readonly staffId?: string | undefined;
}

interface Reversible extends SettledPayment {
  readonly leftCents: number;
  readonly refundedCents: number;
  readonly hasOpenRefund: boolean;
}

/**
 * Takes everything out of the books again that a payment has left: its invoices are open again, whoever paid gets a letter, staff a
 * task. Money that is disputed already only changes its state. Returns whether it did; false while a refund is under way: come again.
 */
export async function reversePayment(outside: Outside, tenant: Tenant, id: string, { to, message, staffId }: Reversal): Promise<boolean> {
  const payment = await lockReversible(id);
  const isLost = payment?.state === 'disputed' && to === 'returned';
  const mayMove = payment && (isLost || payment.state === 'succeeded' || payment.state === 'partially_refunded');
  if (!mayMove || payment.hasOpenRefund) return false;
  await setState(id, to, message);
  if (!isLost) await takeOut(tenant, payment, to);
  await log(payment, to === 'returned' ? `Returned${message && `: ${message}`}` : 'Disputed', staffId);
  if (!isLost) await tellReturned(outside, tenant, payment, to, message);
  return true;
}

/** The dispute was won: the money is back, and goes to the invoices it had paid as far as they still need it. Returns whether it did. */
export async function winDispute(outside: Outside, tenant: Tenant, id: string, staffId?: string): Promise<boolean> {
  const payment = await lockReversible(id);
  if (payment?.state !== 'disputed') return false;
  const cents = payment.amountCents - payment.refundedCents;
  const parts = await read<Part & Record<string, unknown>>('parts-before-dispute', partsText, [id]);
  const { givenCents, unappliedCents } = fill(cents, parts);
  await read('apply-again', applyAgain, [payment.accountId, id, parts.map(({ invoiceId }) => invoiceId), givenCents]);
  await recountPaid(parts.map(({ invoiceId }) => invoiceId));
  await read('payment-back', `update app.payments set state = case when refunded_cents > 0 then 'partially_refunded' else 'succeeded' end, unapplied_cents = $2, message = '' where id = $1`, [id, unappliedCents]);
  await post(tenant, payment, 'correction', cents, { appliedCents: cents - unappliedCents, unappliedCents });
  await reactivateAccount(outside, tenant, payment.accountId);
  await log(payment, 'Dispute won', staffId);
  return true;
}

interface Part {
  readonly invoiceId: string;
  readonly wantedCents: number;
  readonly roomCents: number;
}

async function takeOut(tenant: Tenant, payment: Reversible, to: Reversal['to']): Promise<void> {
  const { appliedCents, unappliedCents } = await takeBack(payment.id, payment.leftCents);
  await post(tenant, payment, to === 'returned' ? 'return' : 'dispute', -payment.leftCents, { appliedCents: -appliedCents, unappliedCents: -unappliedCents });
}

async function post(tenant: Tenant, { id, accountId, currency, number }: Reversible, kind: 'return' | 'dispute' | 'correction', cashCents: number, given: { appliedCents: number; unappliedCents: number }): Promise<void> {
  const journal: Journal = {
    accountId, kind, sourceId: id, currency, postedOn: tenant.site.today(), memo: number,
    legs: [{ ledger: 'cash', amountCents: cashCents }, { ledger: 'receivable', amountCents: -given.appliedCents }, { ledger: 'prepayment', amountCents: -given.unappliedCents }],
  };
  // Disputed again after it was won. The state, under its lock, keeps each round from being booked twice.
  if (!(await postJournal(journal))) await postJournal({ ...journal, sourceId: randomUUID() });
}

function setState(id: string, state: PaymentState, message: string): Promise<unknown> {
  return read('payment-reversed', 'update app.payments set state = $2, message = $3 where id = $1', [id, state, message]);
}

async function lockReversible(id: string): Promise<Reversible | undefined> {
  const [found] = await read<{ accountId: string }>('account-of-reversal', 'select account_id as "accountId" from app.payments where id = $1', [id]);
  if (!found) return undefined;
  await lockAccount(found.accountId);
  const [payment] = await read<Reversible & Record<string, unknown>>(
    'payment-to-reverse',
    `select p.id, p.number, p.state, p.account_id as "accountId", a.name as "accountName", p.amount_cents as "amountCents", p.refunded_cents as "refundedCents", p.currency,
            p.gateway_reference as reference, m.brand, m.last4, p.contact_id as "contactId", p.login_ref as "loginRef",
            (p.unapplied_cents + (select coalesce(sum(l.amount_cents), 0) from app.allocations l
               where (l.tenant_id, l.payment_id) = (p.tenant_id, p.id) and l.applied_at is not null and l.reversed_at is null))::bigint as "leftCents",
            exists (select 1 from app.refunds r where (r.tenant_id, r.payment_id) = (p.tenant_id, p.id) and r.state in ('created', 'submitted', 'unknown')) as "hasOpenRefund"
       from app.payments p join app.accounts a on (a.tenant_id, a.id) = (p.tenant_id, p.account_id)
       left join app.payment_methods m on (m.tenant_id, m.id) = (p.tenant_id, p.method_id) where p.id = $1`,
    [id],
  );
  return payment;
}

/** What the last dispute took away, all at one moment. */
const partsText = `select i.id as "invoiceId", taken.cents as "wantedCents", case when i.status = 'sent' then i.total_cents - i.paid_cents else 0 end as "roomCents"
    from app.invoices i join (
      select l.invoice_id, sum(l.amount_cents)::bigint as cents from app.allocations l join app.payments p on (p.tenant_id, p.id) = (l.tenant_id, l.payment_id)
       where p.id = $1 and l.applied_at is not null
         and l.reversed_at = (select max(j.created_at) from app.journals j where j.kind = 'dispute' and j.account_id = p.account_id and j.memo = p.number)
       group by l.invoice_id) taken on taken.invoice_id = i.id
   order by i.issued_on, i.id for update of i`;

const applyAgain = `insert into app.allocations (account_id, payment_id, invoice_id, amount_cents, applied_at)
  select $1, $2, given.invoice, given.cents, now() from unnest($3::uuid[], $4::bigint[]) given (invoice, cents) where given.cents > 0`;

function log({ accountId, accountName, amountCents, currency, contactId }: Reversible, words: string, staffId?: string): Promise<void> {
  return recordPortalLog({
    kind: 'payment', message: `Account: ${accountName} Amount: ${fromCents(amountCents, currency)} Response Code: ${words}`, accountId, contactId: contactId ?? undefined, staffId,
  });
}
