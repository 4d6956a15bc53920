import { read } from '../platform/database.ts';
import type { StaffRequest, CustomerRequest } from '../tenancy/people.ts';
import { makeChart, shortMoney, type Chart } from './chart.ts';

export interface Month {
  readonly month: string;
  readonly billedCents: number;
  readonly paidCents: number;
  /** What was owed at its end. */
  readonly owedCents: number;
}

/** Of months that some other statement has read: see monthsSql. */
export function billedAndPaid(req: CustomerRequest | StaffRequest, months: readonly Month[], currency: string): Chart | undefined {
  const series = [
    { label: req.t('charts.billed'), values: months.map(({ billedCents }) => billedCents) },
    { label: req.t('charts.paid'), values: months.map(({ paidCents }) => paidCents) },
  ];
  return makeChart({ ...sourceOf(req, months, currency), id: 'billed', kind: 'bars', title: req.t('charts.billed-and-paid'), series });
}

export async function balanceOverTime(req: CustomerRequest, currency: string, until: string): Promise<Chart | undefined> {
  const months = await read<Month & Record<string, unknown>>('account-months', monthsSql({ day: '$1', currency: '$2', account: '$3' }), [until, currency, req.account.id]);
  const label = req.t('charts.balance');
  return makeChart({ ...sourceOf(req, months, currency), id: 'balance', kind: 'line', title: label, series: [{ label, values: months.map(({ owedCents }) => owedCents) }] });
}

function sourceOf({ formats }: CustomerRequest | StaffRequest, months: readonly Month[], currency: string) {
  const { locale } = formats;
  return { months: months.map(({ month }) => month), locale, full: (cents: number) => formats.money(cents, currency), short: shortMoney(locale, currency) };
}

/** The twelve months up to that of a day, in one currency, of one account or of all; given the names of its parameters. Every table is read once for all of them. */
export function monthsSql({ day, currency, account }: { readonly day: string; readonly currency: string; readonly account?: string }): string {
  const whose = `${account ? `account_id = ${account} and` : ''} currency = ${currency}`;
  const first = `(${monthOf(`${day}::date`)} - interval '11 months')::date`;
  const next = `(${monthOf(`${day}::date`)} + interval '1 month')::date`;
  const billed = `select ${monthOf('issued_on')} as month, sum(total_cents) as cents from app.visible_invoices where ${whose} and issued_on >= ${first} and issued_on < ${next} group by 1`;
  const paid = `select ${monthOf('paid_on')} as month, sum(amount_cents - refunded_cents) as cents from app.payments
                 where ${whose} and state in ('succeeded', 'partially_refunded') and paid_on >= ${first} and paid_on < ${next} group by 1`;
  // What came before is a part of the first month's.
  const moved = `select greatest(${monthOf('posted_on')}, ${first}) as month, sum(amount_cents) as cents from app.ledger_days where ${whose} and ledger = 'receivable' and posted_on < ${next} group by 1`;
  return `select to_char(month, 'YYYY-MM') as month, ${account ? 'coalesce(sum(moved.cents) over (order by month), 0)' : '0'}::bigint as "owedCents",
         coalesce(billed.cents, 0)::bigint as "billedCents", coalesce(paid.cents, 0)::bigint as "paidCents"
    from (select (${first} + make_interval(months => ahead))::date as month from generate_series(0, 11) ahead) months
    left join (${billed}) billed using (month) left join (${paid}) paid using (month) ${account ? `left join (${moved}) moved using (month)` : ''}
   order by month`;
}

const monthOf = (day: string): string => `date_trunc('month', ${day}::timestamp)::date`;
