import { read } from '../platform/database.ts';
import type { Outside } from '../tenancy/outside.ts';
import type { Tenant } from '../tenancy/tenant.ts';
import { withTenant } from '../tenancy/tenant-transaction.ts';
import { makeTask } from '../staff-tasks/staff-task.ts';
import { askOnce } from './refund-payment.ts';
import { settleRefund } from './settle-refund.ts';

/** A request that is still at work is left in peace. */
const patienceSeconds = 60;
/** Gateways remember a key for a day: after that a repeat could pay twice, and a person has to look. */
const memorySeconds = 20 * 3600;

interface OpenRefund {
  readonly id: string;
  readonly accountId: string;
  readonly payment: string;
  readonly gateway: string | null;
  readonly reference: string | null;
  readonly amountCents: number;
  readonly currency: string;
  readonly ageSeconds: number;
}

/** Asks again, with the same key, about every refund that a crash or a time-out has left undecided. Returns how many are left. */
export async function reconcileRefunds(outside: Outside, tenant: Tenant, { olderThanSeconds = patienceSeconds } = {}): Promise<number> {
  const open = await withTenant(tenant.id, () => listOpen(olderThanSeconds));
  let left = 0;
  for (const refund of open) left += (await reconcile(outside, tenant, refund)) ? 0 : 1;
  return left;
}

async function reconcile(outside: Outside, tenant: Tenant, refund: OpenRefund): Promise<boolean> {
  if (refund.ageSeconds > memorySeconds) {
    const { accountId, amountCents, currency, payment, id } = refund;
    await withTenant(tenant.id, () => makeTask({ kind: 'refund', accountId, source: id, details: { amountCents, currency, payment } }));
    return false;
  }
  const gateway = outside.gateways[refund.gateway as keyof Outside['gateways']];
  const verdict = refund.gateway
    ? await askOnce(gateway, { key: refund.id, reference: refund.reference ?? '', amountCents: refund.amountCents }, outside.log)
    : { outcome: 'succeeded' as const, reference: null, message: '' };
  // Not reached now says nothing about what was asked for earlier.
  const known = verdict.outcome === 'failed' ? { outcome: 'unknown' as const, message: verdict.message } : verdict;
  await withTenant(tenant.id, () => settleRefund(outside, tenant, refund.id, known));
  return known.outcome !== 'unknown';
}

function listOpen(olderThanSeconds: number): Promise<(OpenRefund & Record<string, unknown>)[]> {
  return read(
    'open-refunds',
    `select r.id, r.account_id as "accountId", p.number as payment, r.gateway, p.gateway_reference as reference, r.amount_cents as "amountCents", r.currency,
            extract(epoch from now() - r.created_at)::float8 as "ageSeconds"
       from app.refunds r join app.payments p on (p.tenant_id, p.id) = (r.tenant_id, r.payment_id)
      where r.state in ('created', 'submitted', 'unknown') and r.created_at <= now() - make_interval(secs => $1) order by r.id limit 500`,
    [olderThanSeconds],
  );
}
