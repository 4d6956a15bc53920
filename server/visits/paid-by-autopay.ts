import { read } from '../platform/database.ts';

/** A scheduled service as far as autopay is about it. Its invoice is charged, once it is done and that is sent. */
export interface PlannedJob {
  readonly number: string;
  readonly title: string;
  readonly startsAt: Date;
  readonly endsAt: Date;
  readonly priceCents: number | null;
  readonly currency: string;
  readonly isPaidByAutopay: boolean;
}

/** The account's scheduled services, the next one first. */
export function readJobs(accountId: string): Promise<PlannedJob[]> {
  return read<PlannedJob & Record<string, unknown>>('autopay-jobs', `select v.number, v.title, v.starts_at as "startsAt", v.ends_at as "endsAt", v.price_cents as "priceCents", v.currency,
      coalesce(v.paid_by_autopay, a.autopay) as "isPaidByAutopay" from app.visits v join app.accounts a on (a.tenant_id, a.id) = (v.tenant_id, v.account_id)
    where v.account_id = $1 and v.status = 'scheduled' order by v.starts_at, v.id limit 500`, [accountId]);
}

/** S4-52, C-14: what is scheduled at this moment is paid by autopay from now on, or stays with whoever pays it by hand. Returns how many there are. */
export async function decideJobs(accountId: string, isByAutopay: boolean): Promise<number> {
  return (await read('autopay-decides-jobs', `update app.visits set paid_by_autopay = $2 where account_id = $1 and status = 'scheduled' returning id`, [accountId, isByAutopay])).length;
}

/** From now on each is paid as the account is. */
export async function releaseJobs(accountId: string): Promise<void> {
  await read('autopay-releases-jobs', `update app.visits set paid_by_autopay = null where account_id = $1 and status in ('waiting', 'scheduled') and paid_by_autopay is not null`, [accountId]);
}
