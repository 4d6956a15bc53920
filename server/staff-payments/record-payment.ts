import { lockAccount } from '../accounts/lock-account.ts';
import { drawNumber } from '../ledger/numbers.ts';
import { fill } from '../money/allocate.ts';
import { settlePayment } from '../payment-attempts/settle-payment.ts';
import { read } from '../platform/database.ts';
import { listOpenInvoices } from '../prepayments/apply-prepayment.ts';
import type { Outside } from '../tenancy/outside.ts';
import type { Tenant } from '../tenancy/tenant.ts';

/** Money that somebody has brought. */
export interface Brought {
  readonly accountId: string;
  readonly requestKey: string;
  readonly kind: 'cash' | 'check' | 'bank_draft' | 'other';
  /** The number of the check, the name of the transfer. */
  readonly label: string;
  readonly amountCents: number;
  readonly currency: string;
  /** Pays open invoices, the most urgent first; otherwise all of it waits unapplied. */
  readonly paysInvoices: boolean;
  readonly staffId: string;
}

/** Books it as every payment is booked, in the current transaction, and returns its number. The same request key is the same payment. */
export async function recordPayment(outside: Outside, tenant: Tenant, brought: Brought): Promise<string> {
  const { accountId, requestKey, kind, label, amountCents, currency, staffId } = brought;
  await lockAccount(accountId);
  const [earlier] = await read<{ number: string }>('recorded-before', 'select number from app.payments where account_id = $1 and request_key = $2', [accountId, requestKey]);
  if (earlier) return earlier.number;
  const [made] = await read<{ id: string; number: string }>(
    'record-payment',
    `insert into app.payments (account_id, request_key, number, state, purpose, amount_cents, currency, method_kind, method_label, staff_id, paid_on)
     values ($1, $2, $3, 'processing', $4, $5, $6, $7, $8, $9, $10) returning id, number`,
    [accountId, requestKey, await drawNumber('payments'), brought.paysInvoices ? 'invoices' : 'prepayment', amountCents, currency, kind, label, staffId, tenant.site.today()],
  );
  if (!made) throw new Error('the payment was not recorded');
  if (brought.paysInvoices) await allocate(made.id, brought);
  await settlePayment(outside, tenant, made.id, { outcome: 'succeeded', reference: made.id, message: '' });
  return made.number;
}

async function allocate(paymentId: string, { accountId, currency, amountCents }: Brought): Promise<void> {
  const open = await listOpenInvoices(accountId, currency);
  const { givenCents } = fill(amountCents, open.map(({ openCents }) => ({ wantedCents: openCents, roomCents: openCents })));
  await read(
    'allocate-recorded',
    `insert into app.allocations (account_id, payment_id, invoice_id, amount_cents)
     select $1, $2, given.invoice, given.cents from unnest($3::uuid[], $4::bigint[]) given (invoice, cents) where given.cents > 0`,
    [accountId, paymentId, open.map(({ id }) => id), givenCents],
  );
}
