import { lockAccount } from '../accounts/lock-account.ts';
import type { Outcome, PaidWith } from '../gateways/gateway.ts';
import { recountPaid } from '../invoices/recount-paid.ts';
import { postJournal } from '../ledger/post-journal.ts';
import { fill } from '../money/allocate.ts';
import { fromCents } from '../money/money.ts';
import { sendReceipt } from '../payments/mail.ts';
import { isUndecided, paidWith as paidWithText, type PaymentState } from '../payments/payment.ts';
import { tellReturned } from '../payments/tell-returned.ts';
import { read } from '../platform/database.ts';
import { enqueue } from '../platform/queue.ts';
import { recordPortalLog } from '../portal-log/portal-log.ts';
import { reactivateAccount } from '../suspension/reactivate.ts';
import type { Outside } from '../tenancy/outside.ts';
import type { Tenant } from '../tenancy/tenant.ts';

/** What is known about a charge. 'failed' only from behind a fence: it has not charged and never will, under the reference that was fenced. */
export type Verdict = Exclude<Outcome, { outcome: 'not_reached' }> | { readonly outcome: 'failed'; readonly message: string; readonly reference?: string | null };

export interface SettledPayment {
  readonly id: string;
  readonly number: string;
  readonly state: PaymentState;
  readonly accountId: string;
  readonly accountName: string;
  readonly amountCents: number;
  readonly currency: string;
  readonly reference: string | null;
  readonly brand: string | null;
  readonly last4: string | null;
  readonly contactId: string | null;
  readonly loginRef: string | null;
}

/**
 * Writes down what became of a charge, in the current transaction. The request, the reconciler and later the webhook all end here;
 * doing it twice changes nothing. Money that has come is always kept: what its invoices no longer need waits as a prepayment.
 */
export async function settlePayment(outside: Outside, tenant: Tenant, id: string, verdict: Verdict): Promise<void> {
  const payment = await lockPayment(id);
  if (!payment || !mayMove(payment.state, verdict) || isLateFence(payment, verdict)) return;
  if (payment.state === 'failed') outside.log.error({ tenant: tenant.slug, payment: payment.number }, 'a payment that was called failed has charged after all');
  if (verdict.outcome === 'succeeded') await bookMoney(outside, tenant, payment, verdict);
  else if (verdict.outcome === 'declined' || verdict.outcome === 'failed') await closeUnpaid(outside, tenant, payment, verdict);
  else await keepOpen(tenant, id, verdict);
}

/** From failed to succeeded: no fence lets that happen, but if it did the money must not be lost. */
function mayMove(state: PaymentState, { outcome }: Verdict): boolean {
  if (state === 'created') return outcome === 'failed';
  if (state === 'failed') return outcome === 'succeeded';
  if (state === 'submitted') return true;
  return isUndecided(state) && outcome !== state && outcome !== 'unknown';
}

/** The attempt was opened at the gateway after the fence had looked: who closes it has to look again. */
function isLateFence({ reference }: SettledPayment, verdict: Verdict): boolean {
  return verdict.outcome === 'failed' && reference !== (verdict.reference ?? null);
}

async function lockPayment(id: string): Promise<SettledPayment | undefined> {
  const [found] = await read<{ accountId: string }>('account-of-payment', 'select account_id as "accountId" from app.payments where id = $1', [id]);
  if (!found) return undefined;
  await lockAccount(found.accountId);
  const [payment] = await read<SettledPayment & Record<string, unknown>>(
    'payment-to-settle',
    `select p.id, p.number, p.state, p.account_id as "accountId", a.name as "accountName", p.amount_cents as "amountCents", p.currency,
            p.gateway_reference as reference, ${paidWithText}, p.contact_id as "contactId", p.login_ref as "loginRef"
       from app.payments p join app.accounts a on (a.tenant_id, a.id) = (p.tenant_id, p.account_id)
       left join app.payment_methods m on (m.tenant_id, m.id) = (p.tenant_id, p.method_id) where p.id = $1`,
    [id],
  );
  return payment;
}

async function bookMoney(outside: Outside, tenant: Tenant, payment: SettledPayment, { reference, message, paidWith }: Extract<Outcome, { outcome: 'succeeded' }>): Promise<void> {
  const { appliedCents, unappliedCents } = await applyToInvoices(payment);
  await keepPaidWith(payment.id, paidWith);
  await read(
    'payment-succeeded',
    `update app.payments set state = 'succeeded', gateway_reference = $2, message = $3, unapplied_cents = $4, paid_on = $5, settled_at = now() where id = $1`,
    [payment.id, reference, message, unappliedCents, tenant.site.today()],
  );
  await postJournal({
    accountId: payment.accountId, kind: 'payment', sourceId: payment.id, currency: payment.currency, postedOn: tenant.site.today(), memo: payment.number,
    legs: [
      { ledger: 'cash', amountCents: payment.amountCents },
      { ledger: 'receivable', amountCents: -appliedCents },
      { ledger: 'prepayment', amountCents: -unappliedCents },
    ],
  });
  await reactivateAccount(outside, tenant, payment.accountId);
  await log(payment, 'Approved');
  await sendReceipt(outside, tenant, { ...payment, ...paidWith });
}

/** What was taken on the gateway's own page is known only now. */
async function keepPaidWith(id: string, paidWith: PaidWith | undefined): Promise<void> {
  if (!paidWith) return;
  const { kind, brand, last4 } = paidWith;
  await read('paid-with', 'update app.payments set method_kind = $2, method_label = $3 where id = $1 and is_hosted', [id, kind === 'bank' ? 'bank_draft' : 'card', `${brand} ${last4}`]);
}

/** An invoice that was voided or paid meanwhile takes nothing or less. Paid sums are always counted anew, never added to. */
async function applyToInvoices({ id, amountCents }: SettledPayment): Promise<{ appliedCents: number; unappliedCents: number }> {
  const parts = await read<{ id: string; invoiceId: string; wantedCents: number; roomCents: number }>(
    'allocations-to-apply',
    `select l.id, l.invoice_id as "invoiceId", l.amount_cents as "wantedCents",
            case when i.status = 'sent' then i.total_cents - i.paid_cents else 0 end as "roomCents"
       from app.allocations l join app.invoices i on (i.tenant_id, i.id) = (l.tenant_id, l.invoice_id)
      where l.payment_id = $1 and l.applied_at is null order by i.id for update of i`,
    [id],
  );
  const { givenCents, unappliedCents } = fill(amountCents, parts);
  await read('apply-allocations', applyAllocations, [parts.map((part) => part.id), givenCents]);
  await recountPaid(parts.map((part) => part.invoiceId));
  return { appliedCents: amountCents - unappliedCents, unappliedCents };
}

const applyAllocations = `update app.allocations l
     set amount_cents = case when given.cents > 0 then given.cents else l.amount_cents end,
         applied_at = case when given.cents > 0 then now() end, reversed_at = case when given.cents > 0 then null else now() end
    from unnest($1::uuid[], $2::bigint[]) given (id, cents) where l.id = given.id`;

/** Nothing came and nothing will: the invoices are free again. */
async function closeUnpaid(outside: Outside, tenant: Tenant, payment: SettledPayment, verdict: { outcome: 'declined' | 'failed'; message: string; reference?: string | null }): Promise<void> {
  await read('release-allocations', 'update app.allocations set reversed_at = now() where payment_id = $1 and applied_at is null and reversed_at is null', [payment.id]);
  await setState(payment.id, verdict.outcome, verdict.reference ?? null, verdict.message);
  await log(payment, verdict.message);
  // Bank money was believed to come for days: a page alone would tell nobody.
  if (payment.state === 'processing') await tellReturned(outside, tenant, payment, 'returned', verdict.message);
}

/** A job asks again when the gateway has had time to know. */
async function keepOpen(tenant: Tenant, id: string, verdict: Extract<Verdict, { outcome: 'processing' | 'unknown' }>): Promise<void> {
  if (verdict.outcome === 'processing') await keepPaidWith(id, verdict.paidWith);
  await setState(id, verdict.outcome, 'reference' in verdict ? verdict.reference : null, verdict.message);
  await enqueue('reconcile-payments', { tenantId: tenant.id }, { key: `reconcile ${id}`, at: new Date(Date.now() + askAgainSeconds * 1000) });
}

const askAgainSeconds = 90;

async function setState(id: string, state: PaymentState, reference: string | null, message: string): Promise<void> {
  await read(
    'payment-state',
    `update app.payments set state = $2, gateway_reference = coalesce($3, gateway_reference), message = $4,
            settled_at = case when $2 in ('declined', 'failed') then now() end where id = $1`,
    [id, state, reference, message],
  );
}

/** The words of the report: "Account: Bestie Amount: 115.95 Response Code: Approved". */
function log(payment: SettledPayment, response: string): Promise<void> {
  const { accountId, accountName, amountCents, currency } = payment;
  return recordPortalLog({
    kind: 'payment', message: `Account: ${accountName} Amount: ${fromCents(amountCents, currency)} Response Code: ${response}`,
    accountId, contactId: payment.contactId ?? undefined, loginRef: payment.loginRef ?? undefined,
  });
}
