import type { Gateway } from '../gateways/gateway.ts';
import { read } from '../platform/database.ts';
import type { Outside } from '../tenancy/outside.ts';
import { demandTenant, type Tenant } from '../tenancy/tenant.ts';
import { withTenant } from '../tenancy/tenant-transaction.ts';
import { fence } from './fence.ts';
import { pageSecondsLeft, type PaymentState } from '../payments/payment.ts';
import { settlePayment, type Verdict } from './settle-payment.ts';

/** A request that is still at work must not be fenced: no gateway call of ours lasts that long. */
export const patienceSeconds = 60;

export interface Attempt {
  readonly id: string;
  readonly gateway: string | null;
  readonly reference: string | null;
  readonly state: PaymentState;
  readonly ageSeconds: number;
  /** How long the gateway's own page can still be paid, where there is one. */
  readonly pageSecondsLeft?: number | null;
}

export interface Reconciled {
  readonly asked: number;
  /** How many are still undecided, and how old the oldest of them is: that is what an operator watches. */
  readonly left: number;
  readonly oldestSeconds: number;
}

/**
 * Finds out what became of every payment that a crash, a time-out or a slow bank has left undecided. It asks the gateway and
 * never charges; what the gateway has never heard of is fenced before it is called failed. Goes on until it has asked about all.
 */
export async function reconcilePayments(outside: Outside, tenantId: string, { olderThanSeconds = patienceSeconds } = {}): Promise<Reconciled> {
  // Read once there is something to ask about: every start looks at all organizations, and nearly all have nothing.
  let tenant: Tenant | undefined;
  const sum = { asked: 0, left: 0, oldestSeconds: 0 };
  const late: string[] = [];
  for (let after = firstId; ;) {
    const attempts = await withTenant(tenantId, () => listUndecided(olderThanSeconds, after));
    const last = attempts.at(-1);
    if (!last) break;
    tenant ??= await demandTenant(tenantId);
    for (const attempt of attempts) {
      const isDecided = await reconcileAttempt(outside, tenant, attempt, olderThanSeconds);
      sum.asked += 1;
      if (isDecided) continue;
      Object.assign(sum, { left: sum.left + 1, oldestSeconds: Math.max(sum.oldestSeconds, attempt.ageSeconds) });
      if (attempt.ageSeconds > (alarmSeconds[attempt.state] ?? alarmAtFirst)) late.push(attempt.id);
    }
    after = last.id;
  }
  if (late.length > 0) outside.log.error({ tenant: tenant?.slug, payments: late.slice(0, 10), ...sum }, 'payments have been undecided for long');
  return sum;
}

const firstId = '00000000-0000-0000-0000-000000000000';
/** Banks take days to pay, and two weeks at most to say that they do not. */
const alarmSeconds: Partial<Record<PaymentState, number>> = { processing: 14 * 86_400, awaiting_customer: 3600 };
const alarmAtFirst = 900;

/** Returns whether it is decided now. Safe at any time and by many at once; younger than `fenceAfterSeconds` it is only asked about. */
export async function reconcileAttempt(outside: Outside, tenant: Tenant, attempt: Attempt, fenceAfterSeconds = patienceSeconds): Promise<boolean> {
  const gateway = outside.gateways[attempt.gateway as keyof Outside['gateways']];
  const verdict = gateway && (await askGateway(gateway, attempt, fenceAfterSeconds));
  if (!verdict) return false;
  await withTenant(tenant.id, () => settlePayment(outside, tenant, attempt.id, verdict));
  return verdict.outcome !== 'unknown' && verdict.outcome !== 'processing';
}

/** null: no news, and too early to draw a conclusion from that. */
async function askGateway(gateway: Gateway, attempt: Attempt, fenceAfterSeconds: number): Promise<Verdict | null> {
  const isWaiting = attempt.state === 'awaiting_customer';
  const isYoung = isWaiting ? (attempt.pageSecondsLeft ?? 0) > 0 : attempt.ageSeconds < fenceAfterSeconds;
  // Not submitted: nobody may charge it any more once it is closed, so the gateway need not be asked.
  if (attempt.state === 'created') return isYoung ? null : { outcome: 'failed', message: 'Not charged' };
  const answer = await gateway.lookup(attempt.id, attempt.reference);
  if (answer.outcome === 'not_reached' || answer.outcome === 'unknown') return isYoung || isWaiting ? null : { outcome: 'unknown', message: answer.message };
  if (answer.outcome !== 'not_found') return answer;
  return isYoung && !answer.isClosed ? null : fence(gateway, attempt);
}

function listUndecided(olderThanSeconds: number, after: string): Promise<(Attempt & Record<string, unknown>)[]> {
  return read(
    'undecided-payments',
    `select id, gateway, gateway_reference as reference, state, extract(epoch from now() - created_at)::float8 as "ageSeconds", ${pageSecondsLeft} as "pageSecondsLeft" from app.payments p
      where state in ('created', 'submitted', 'unknown', 'awaiting_customer', 'processing')
        and created_at <= now() - make_interval(secs => $1) and id > $2 order by id limit 200`,
    [olderThanSeconds, after],
  );
}
