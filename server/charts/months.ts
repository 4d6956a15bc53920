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

/** The twelve months up to that of a day, in one currency, of one account or of all; given the names of its parameters. */
export function monthsSql({ day, currency, account }: { readonly day: string; readonly currency: string; readonly account?: string }): string {
  const whose = account ? `account_id = ${account} and` : '';
  const owed = account ? `coalesce((select sum(amount_cents) from app.ledger_days where ${whose} ledger = 'receivable' and currency = ${currency} and posted_on < next), 0)` : '0';
  return `select to_char(first, 'YYYY-MM') as month, ${owed}::bigint as "owedCents",
         coalesce((select sum(total_cents) from app.visible_invoices where ${whose} currency = ${currency} and issued_on >= first and issued_on < next), 0)::bigint as "billedCents",
         coalesce((select sum(amount_cents - refunded_cents) from app.payments
                    where ${whose} currency = ${currency} and state in ('succeeded', 'partially_refunded') and paid_on >= first and paid_on < next), 0)::bigint as "paidCents"
    from (select (date_trunc('month', ${day}::date) - make_interval(months => ago))::date as first,
                 (date_trunc('month', ${day}::date) - make_interval(months => ago - 1))::date as next from generate_series(11, 0, -1) ago) months
   order by first`;
}
