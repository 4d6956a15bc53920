import { numberPrefixes } from '../../ledger/numbers.ts';
import { slowly, type Check } from '../staging.ts';
import { accountExists, countWritten, idTwice, numberChecks, numberOrDrawn, type Loader, type Plan } from './loader.ts';
import { invoiceExists, invoiceIsTheirs } from './usages.ts';

export const visitsLoader: Loader = {
  numbered: 'visits',
  checks: ({ site }) => [idTwice, ...numberChecks('visits'), accountExists, invoiceExists, invoiceIsTheirs, moved, seriesIsTheirs, endsLater(site.zone)],
  write: async (plan) => {
    await slowly(addResources);
    await slowly(addSeries);
    return { updated: await updateVisits(plan), created: await insertVisits(plan) };
  },
};

const moved: Check = {
  text: `select r.line, 'account', 'visit-moved', jsonb_build_object('id', r.external_id)
    from import_rows r join app.visits t on t.external_id = r.external_id join app.accounts a on (a.tenant_id, a.id) = (t.tenant_id, t.account_id) where a.external_id is distinct from r.account`,
};

const seriesIsTheirs: Check = {
  text: `select r.line, 'series', 'series-of-another', jsonb_build_object('id', r.series) from import_rows r
    where r.account <> (select min(o.account) from import_rows o where o.series = r.series)
       or exists (select from app.visit_series s join app.accounts a on (a.tenant_id, a.id) = (s.tenant_id, s.account_id) where s.external_id = r.series and a.external_id is distinct from r.account)`,
};

const [begins, ends] = ['starts', 'ends'].map((column) => `((r.day + r.${column}::time) at time zone $1)`);

/** In the night in which the clock is changed, a window can end before it has begun. */
const endsLater = (zone: string): Check => ({
  text: `select r.line, 'ends', 'ends-before-begins', '{}'::jsonb from import_rows r where ${ends} not between ${begins} + interval '5 minutes' and ${begins} + interval '2 days'`,
  values: [zone],
});

/** Whoever is named and not there yet is added, in a colour of the own. */
const addResources = `insert into app.resources (name, colour)
  select name, (array['#2f6f9f', '#8a5a1f', '#4d7a3a', '#7a4d8a', '#a0413f', '#3a7a78'])[1 + (row_number() over (order by name)) % 6]
    from (select distinct resource as name from import_rows where resource is not null) named on conflict (tenant_id, name) do nothing`;

const addSeries = `insert into app.visit_series (external_id, account_id, every, unit)
  select distinct on (r.series) r.series, o.id, split_part(r.repeats, ' ', 1)::int, rtrim(split_part(r.repeats, ' ', 2), 's')
    from import_rows r join app.accounts o on o.external_id = r.account where r.series is not null order by r.series, r.line
  on conflict (tenant_id, external_id) do nothing`;

const isTimed = `r.status <> 'waiting'`;
/** Our column, the file's columns it is made of, and how. What waits belongs to nobody yet. */
const written: readonly (readonly [ours: string, columns: readonly string[], value: string])[] = [
  ['title', ['title'], 'r.title'],
  ['category', ['category'], `coalesce(r.category, '')`],
  ['status', ['status', 'day'], 'r.status'],
  ['starts_at', ['status', 'day'], begins ?? ''],
  ['ends_at', ['status', 'day'], ends ?? ''],
  ['minutes', ['status', 'day'], `coalesce(extract(epoch from ${ends} - ${begins})::int / 60, t.minutes)`],
  ['resource_id', ['resource'], `(select id from app.resources where name = r.resource and ${isTimed})`],
  ['series_id', ['series'], '(select id from app.visit_series where external_id = r.series)'],
  ['invoice_id', ['invoice'], '(select id from app.invoices where external_id = r.invoice)'],
  ['address', ['address'], `coalesce(r.address, '')`],
  ['notes', ['notes'], `coalesce(r.notes, '')`],
  ['internal_notes', ['internal_notes'], `coalesce(r.internal_notes, '')`],
  ['price_cents', ['price'], 'r.price'],
  ['currency', ['currency'], 'r.currency'],
  ['paid_by_autopay', ['paid_by_autopay'], 'r.paid_by_autopay'],
];

/** What staff have changed in the portal stays as it is: the file is older than they are. */
function updateVisits({ given, site }: Plan): Promise<number> {
  const pairs = written.filter(([, columns]) => columns.some((column) => given.has(column)));
  return countWritten(
    `update app.visits t set ${pairs.map(([ours, , value]) => `${ours} = ${value}`).join(', ')}, version = t.version + 1 from import_rows r
      where t.external_id = r.external_id and t.changed_at is null and $1::text is not null
        and row(${pairs.map(([ours]) => `t.${ours}`).join(', ')}) is distinct from row(${pairs.map(([, , value]) => value).join(', ')})`,
    [site.zone],
  );
}

function insertVisits({ firstNumber, site }: Plan): Promise<number> {
  const columns = written.filter(([ours]) => ours !== 'minutes');
  return countWritten(
    `insert into app.visits (external_id, account_id, number, minutes, closed_at, ${columns.map(([ours]) => ours).join(', ')})
     select r.external_id, o.id, ${numberOrDrawn(numberPrefixes.visits, firstNumber)}, coalesce(extract(epoch from ${ends} - ${begins})::int / 60, 60),
            case when r.status in ('done', 'cancelled') then coalesce(${ends}, now()) end, ${columns.map(([, , value]) => value).join(', ')}
       from import_rows r join app.accounts o on o.external_id = r.account
      where not exists (select from app.visits t where t.external_id = r.external_id) order by r.line`,
    [site.zone],
  );
}
