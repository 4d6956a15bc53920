import { read } from '../platform/database.ts';
import type { Site } from '../site/site.ts';
import type { CustomerAccount } from '../tenancy/people.ts';
import { visitColumns, type Visit } from './visit.ts';

export interface HistoryFilter {
  readonly q?: string | undefined;
  readonly state?: 'done' | 'cancelled' | undefined;
  readonly from?: string | null | undefined;
  readonly to?: string | null | undefined;
}

export const pageSize = 25;
const mostOpen = 300;

/** S4-34, S4-36, S4-37: what has its day, the next one first; and the waiting list, what came first before. */
export async function readOpenVisits(account: CustomerAccount, site: Site): Promise<{ scheduled: Visit[]; waiting: Visit[] }> {
  const rows = await read<Visit & Record<string, unknown>>('visits-open', openText, [account.id]);
  const having = (status: 'scheduled' | 'waiting') => (site.showsServices(status) ? rows.filter((visit) => visit.status === status) : []);
  return { scheduled: having('scheduled'), waiting: having('waiting') };
}

/** One thing on the scheduled side: a visit, and where it comes again, those that follow it. */
export interface ScheduledItem {
  readonly visit: Visit;
  readonly later: readonly Visit[];
}

/** Recurring services stand once, with their next visit; the days of the others behind it. */
export function groupSeries(visits: readonly Visit[]): ScheduledItem[] {
  const groups = Map.groupBy(visits, ({ id, series }) => series?.id ?? id);
  return [...groups.values()].map(([visit, ...later]) => ({ visit: visit as Visit, later }));
}

/** S4-35: what is done or cancelled, the latest first. `after` is the id of the last row of the page before it; next is empty on the last one. */
export async function listHistory(account: CustomerAccount, { zone }: Site, filter: HistoryFilter, { after, size = pageSize }: { after?: string | undefined; size?: number } = {}): Promise<{ rows: Visit[]; next: string }> {
  const { q, state, from, to } = filter;
  const values = [account.id, zone, size + 1, q ? `%${q.replace(/[\\%_]/g, (sign) => `\\${sign}`)}%` : null, state ?? null, from || null, to || null];
  const rows = await (after ? read<Visit & Record<string, unknown>>('visits-after', historyText(cursor), [...values, after]) : read<Visit & Record<string, unknown>>('visits', historyText(''), values));
  const last = rows.length > size ? rows[size - 1] : undefined;
  return { rows: rows.slice(0, size), next: last?.id ?? '' };
}

const openText = `(select ${visitColumns} from app.visits v where v.account_id = $1 and v.status = 'scheduled' order by v.starts_at, v.id limit ${mostOpen})
  union all (select ${visitColumns} from app.visits v where v.account_id = $1 and v.status = 'waiting' order by v.id limit ${mostOpen})`;

const cursor = 'and (v.listed_at, v.id) < (select listed_at, id from app.visits where account_id = $1 and id = $8)';

const historyText = (further: string) => `select ${visitColumns} from app.visits v
  where v.account_id = $1 and v.status in ('done', 'cancelled') ${further}
    and ($4::text is null or v.title ilike $4 or v.category ilike $4 or v.number ilike $4)
    and ($5::text is null or v.status = $5)
    and ($6::date is null or v.listed_at >= $6::date::timestamp at time zone $2) and ($7::date is null or v.listed_at < ($7::date + 1)::timestamp at time zone $2)
  order by v.listed_at desc, v.id desc limit $3`;
