import { read } from '../platform/database.ts';
import type { Site } from '../site/site.ts';
import type { CustomerAccount } from '../tenancy/people.ts';

/** What autopay will charge on one day, in one currency. Amounts in minor units. */
export interface PlannedCharge {
  readonly on: string;
  readonly currency: string;
  readonly amountCents: number;
  readonly invoices: readonly PlannedInvoice[];
  /** The last day on which it can still be skipped. */
  readonly skipUntil: string;
  readonly maySkip: boolean;
}

export interface PlannedInvoice {
  readonly number: string;
  readonly dueOn: string | null;
  readonly amountCents: number;
  /** How often it has been tried in vain. */
  readonly tries: number;
}

export interface Forecast {
  /** The nearest first. */
  readonly charges: readonly PlannedCharge[];
  /** What stays open until somebody pays it: skipped, or tried as often as the organization wants. */
  readonly left: readonly (PlannedInvoice & { readonly currency: string; readonly why: 'skipped' | 'tried'; readonly maySkip: boolean })[];
}

/**
 * The open invoices of an account with the day on which autopay charges them, seen from the run of that day; `retryDays` are those of further
 * tries. charge_on is null where no try is left. What belongs to a service that was left to be paid by hand (C-14) is not among them.
 * The run and the forecast use this one text. OFFSET 0 keeps the day from being worked out for each invoice.
 */
export const plannedSql = ({ invoices = payable, day, retryDays }: { readonly invoices?: string; readonly day: string; readonly retryDays: string }): string => `select i.id, i.number, i.currency, i.due_on, i.total_cents - i.paid_cents as cents, tried.times,
    exists (select 1 from app.autopay_skips s where (s.tenant_id, s.invoice_id) = (i.tenant_id, i.id)) as is_skipped,
    case when tried.times = 0 then greatest(coalesce(i.due_on, i.issued_on), run.day)
         when (${retryDays})[tried.times] is not null then greatest(tried.first_on + (${retryDays})[tried.times], run.day) end as charge_on
  from (select ${day} as day offset 0) run, (select i.* from ${invoices}) i cross join lateral (
    select count(*)::int as times, min(r.run_on) as first_on from app.autopay_tries r where (r.tenant_id, r.invoice_id) = (i.tenant_id, i.id)) tried
 where not exists (select 1 from app.visits v where (v.tenant_id, v.invoice_id) = (i.tenant_id, i.id) and v.paid_by_autopay is false)`;

/** Of account $1, but what is being paid already. */
const payable = `app.visible_invoices i where i.account_id = $1 and i.paid_cents < i.total_cents
   and not exists (select 1 from app.allocations l join app.payments p on (p.tenant_id, p.id) = (l.tenant_id, l.payment_id)
                    where (l.tenant_id, l.invoice_id) = (i.tenant_id, i.id) and p.state = 'processing')`;

/** Today as long as today's run has not begun, else tomorrow. $today is the name of today's parameter. */
export const nextRunSql = (today: string): string =>
  `(case when exists (select 1 from app.autopay_runs where run_on = ${today}::date) then ${today}::date + 1 else ${today}::date end)`;

export async function readForecast(account: CustomerAccount, site: Site): Promise<Forecast> {
  const rows = await read<ForecastRow>('autopay-forecast', forecastText, [account.id, site.today(), site.autopayRetryDays, site.skipCutoffDays]);
  const charges = Map.groupBy(rows.filter(({ on, isSkipped }) => on && !isSkipped), ({ on, currency }) => `${on} ${currency}`);
  return {
    charges: [...charges.values()].map(chargeOf),
    left: rows.filter(({ on, isSkipped }) => !on || isSkipped).map((row) => ({ ...row, why: row.isSkipped ? 'skipped' : 'tried' })),
  };
}

/**
 * Takes the invoices of one planned charge out of autopay for good; somebody has to pay them. One conditional statement: after the
 * cut-off, after the run, or when the plan is another one meanwhile, nothing is skipped. Returns how many were.
 */
export async function skipCharge(account: CustomerAccount, site: Site, charge: { readonly on: string; readonly currency: string }): Promise<number> {
  const skipped = await read('autopay-skip', skipText, [account.id, site.today(), site.autopayRetryDays, site.skipCutoffDays, charge.on, charge.currency]);
  return skipped.length;
}

/** Puts a skipped invoice back. One conditional statement: only while its charge could still be skipped. Returns whether it was. */
export async function unskipInvoice(account: CustomerAccount, site: Site, number: string): Promise<boolean> {
  const back = await read('autopay-unskip', unskipText, [account.id, site.today(), site.autopayRetryDays, site.skipCutoffDays, number]);
  return back.length === 1;
}

interface ForecastRow extends PlannedInvoice, Record<string, unknown> {
  readonly currency: string;
  readonly on: string | null;
  readonly isSkipped: boolean;
  readonly skipUntil: string;
  readonly maySkip: boolean;
}

function chargeOf(rows: readonly ForecastRow[]): PlannedCharge {
  const [first] = rows as [ForecastRow];
  const { on, currency, skipUntil, maySkip } = first;
  return { on: on ?? '', currency, skipUntil, maySkip, invoices: rows, amountCents: rows.reduce((sum, { amountCents }) => sum + amountCents, 0) };
}

const planned = plannedSql({ day: nextRunSql('$2'), retryDays: '$3::int[]' });

const forecastText = `select number, currency, due_on as "dueOn", cents as "amountCents", times as tries, is_skipped as "isSkipped", charge_on as "on",
    charge_on - $4::int as "skipUntil", coalesce($2::date <= charge_on - $4::int, false) as "maySkip"
  from (${planned} limit 500) planned order by charge_on nulls last, currency, due_on nulls last, number`;

const unskipText = `delete from app.autopay_skips where account_id = $1 and invoice_id in (
    select id from (${planned}) planned where number = $5 and is_skipped and $2::date <= charge_on - $4::int) returning invoice_id`;

const skipText = `insert into app.autopay_skips (account_id, invoice_id)
  select $1, id from (${planned}) planned where charge_on = $5::date and currency = $6 and not is_skipped and $2::date <= charge_on - $4::int
  on conflict do nothing returning invoice_id`;
