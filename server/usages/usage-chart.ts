import { makeChart, shortNumber, type Chart } from '../charts/chart.ts';
import { read } from '../platform/database.ts';
import type { CustomerRequest } from '../tenancy/people.ts';

interface Used {
  readonly month: string;
  readonly quantity: number;
  readonly unit: string | null;
}

/** The columns that a login has chosen and, in the same statement, what the account has used per month. */
export async function readColumnsAndChart(req: CustomerRequest): Promise<{ columns: readonly string[] | null; chart: Chart | undefined }> {
  const { person, account, tenant: { site } } = req;
  const [row] = await read<{ columns: readonly string[] | null; months: readonly Used[] }>('usage-columns-and-months', text, [account.id, site.today(), person.loginRef]);
  return { columns: row?.columns ?? null, chart: usagePerMonth(row?.months ?? [], req) };
}

/** Of the last twelve months, in the unit that is used most often: different units cannot be added up. */
function usagePerMonth(months: readonly Used[], { formats, t }: CustomerRequest): Chart | undefined {
  const unit = months[0]?.unit ?? '';
  const title = unit ? t('charts.usage', { unit }) : t('charts.usage-plain');
  const values = months.map(({ quantity }) => quantity);
  return makeChart({ id: 'usage', kind: 'bars', title, months: months.map(({ month }) => month), series: [{ label: title, values }], locale: formats.locale, full: formats.number, short: shortNumber(formats.locale) });
}

const text = `
  with recent as (select used_on, quantity, unit from app.usages where account_id = $1 and used_on >= date_trunc('month', $2::date) - interval '11 months' and used_on <= $2::date),
       usual as (select unit from recent group by unit order by count(*) desc, unit limit 1),
       months as (
         select to_char(first, 'YYYY-MM') as month, (select unit from usual) as unit,
                coalesce((select sum(quantity) from recent where unit = (select unit from usual) and date_trunc('month', used_on) = first), 0)::float8 as quantity
           from generate_series(date_trunc('month', $2::date) - interval '11 months', date_trunc('month', $2::date), interval '1 month') first order by first)
  select (select usage_columns from app.logins where id = $3) as columns, (select jsonb_agg(months) from months) as months`;
