import { monthOf, unseen } from '../ledger/sql.ts';
import { read } from '../platform/database.ts';
import type { StaffRequest, CustomerRequest } from '../tenancy/people.ts';
import { makeChart, shortMoney, type Chart } from './chart.ts';

export interface Month {
  readonly month: string;
  readonly billedCents: number;
  readonly paidCents: number;
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
  const months = await read<{ month: string; owedCents: number }>('account-months', owedSql, [until, currency, req.account.id]);
  const label = req.t('charts.balance');
  return makeChart({ ...sourceOf(req, months, currency), id: 'balance', kind: 'line', title: label, series: [{ label, values: months.map(({ owedCents }) => owedCents) }] });
}

function sourceOf({ formats }: CustomerRequest | StaffRequest, months: readonly { readonly month: string }[], currency: string) {
  const { locale } = formats;
  return { months: months.map(({ month }) => month), locale, full: (cents: number) => formats.money(cents, currency), short: shortMoney(locale, currency) };
}

/** The twelve months up to that of a day, in one currency, of one account or of all; given the names of its parameters. Every table is read once for all of them. */
export function monthsSql({ day, currency, account }: { readonly day: string; readonly currency: string; readonly account?: string }): string {
  const { first, next, months } = twelveUpTo(day);
  const whose = `${account ? `account_id = ${account} and` : ''} currency = ${currency}`;
  const billed = `select ${monthOf('issued_on')} as month, sum(total_cents) as cents from app.visible_invoices where ${whose} and issued_on >= ${first} and issued_on < ${next} group by 1`;
  const paid = `select ${monthOf('paid_on')} as month, sum(amount_cents - refunded_cents) as cents from app.payments
                 where ${whose} and state in ('succeeded', 'partially_refunded') and paid_on >= ${first} and paid_on < ${next} group by 1`;
  return `select to_char(month, 'YYYY-MM') as month, coalesce(billed.cents, 0)::bigint as "billedCents", coalesce(paid.cents, 0)::bigint as "paidCents"
    from ${months} left join (${billed}) billed using (month) left join (${paid}) paid using (month) order by month`;
}

function twelveUpTo(day: string) {
  const first = unseen(`(${monthOf(`${day}::date`)} - interval '11 months')::date`);
  const next = unseen(`(${monthOf(`${day}::date`)} + interval '1 month')::date`);
  return { first, next, months: `(select (${first} + make_interval(months => ahead))::date as month from generate_series(0, 11) ahead) months` };
}

const year = twelveUpTo('$1');
/** What was owed at the end of each of them. What came before is a part of the first month's. */
const owedSql = `select to_char(month, 'YYYY-MM') as month, coalesce(sum(moved.cents) over (order by month), 0)::bigint as "owedCents"
    from ${year.months} left join (
      select greatest(month, ${year.first}) as month, sum(amount_cents) as cents from app.ledger_months
       where currency = $2 and account_id = $3 and ledger = 'receivable' and month < ${year.next} group by 1) moved using (month) order by month`;
