import { run } from './database.ts';

/** A search of a long table, the newest first, whose cost is bounded whatever is asked for. */
export interface BoundedQuery {
  readonly table: string;
  /** The column of time that, with the id, gives the order of an index behind each indexed condition. */
  readonly at: string;
  /** What is read of the found rows, `s`. */
  readonly columns: string;
  /** What is looked up for each row of one page, `p`: scalar subqueries, which a large table cannot make into a comparison of each with each; '' for nothing. */
  readonly added: string;
  /** What one index finds, in order; '' for all. */
  readonly indexed: string;
  /** What is then looked for in a stretch of it; '' for nothing more. */
  readonly rest: string;
  readonly values: readonly unknown[];
}

/** Microseconds since 1970 and the id of the row before. */
export type Cursor = readonly [micros: string, id: string];

export interface Found<Row> {
  readonly rows: Row[];
  /** The cursor of the next page, or ''. */
  readonly next: string;
  /** Where to go on looking when nothing more was found in the stretch, or ''. `stoppedAt` is how far it came. */
  readonly further: string;
  readonly stoppedAt: Date | null;
  /** How many rows were looked at. */
  readonly looked: number;
}

/** So many rows are looked through at once for what no index finds. */
export const stretch = 20_000;

export const cursorPattern = /^\d{1,16}_[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
export const cursorOf = (text: string): Cursor => text.split('_') as unknown as Cursor;

export async function boundedSearch<Row extends { id: string }>({ table, at, columns, added, indexed, rest, values }: BoundedQuery, size: number): Promise<Found<Row>> {
  // As a subquery it is no number that the planner knows: it would plan for all of the stretch, and sort what an index has in order.
  const most = rest ? `(select ${stretch})` : size + 1;
  const found = await run<Row & { micros: number; place: number; matches: boolean; at: Date }>(
    `select p.*${added && `, ${added}`} from (
       select s.id, ${columns}, s.place, s.${at} as at, (extract(epoch from s.${at}) * 1000000)::bigint as micros, (${rest || 'true'}) as matches
         from (select *, row_number() over (order by ${at} desc, id desc)::int as place from ${table} ${indexed && `where ${indexed}`} order by ${at} desc, id desc limit ${most}) s
        where ${rest ? `(${rest}) or s.place = ${stretch}` : 'true'} order by s.${at} desc, s.id desc limit ${size + 1}) p
      order by p.at desc, p.id desc`,
    values,
  );
  const rows = found.filter(({ matches }) => matches);
  const textOf = (row: { micros: number; id: string } | undefined) => (row ? `${row.micros}_${row.id}` : '');
  if (rows.length > size) return { rows: rows.slice(0, size), next: textOf(rows[size - 1]), further: '', stoppedAt: null, looked: rows[size - 1]?.place ?? 0 };
  const end = rest ? found.find(({ place }) => place === stretch) : undefined;
  return { rows, next: '', further: textOf(end), stoppedAt: end?.at ?? null, looked: end?.place ?? rows.at(-1)?.place ?? 0 };
}

/** All rows that a search looks at: for jobs alone. */
export async function countBounded({ table, indexed, values }: Pick<BoundedQuery, 'table' | 'indexed' | 'values'>): Promise<number> {
  const used = [...indexed.matchAll(/\$(\d+)/g)].map(([, place]) => Number(place));
  const [found] = await run<{ count: number }>(`select count(*)::int as count from ${table} ${indexed && `where ${indexed}`}`, values.slice(0, Math.max(0, ...used)));
  return found?.count ?? 0;
}

/** A condition with one '?', and what stands there. */
export type Criterion = readonly [condition: string, value: unknown];

export interface Range {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly zone: string;
  readonly after?: Cursor | undefined;
}

/**
 * The first of the criteria that an index finds goes to its index; the others, and `words`, are looked for in the stretch. Local days
 * begin and end when they do in the zone: where clocks change they have 23 or 25 hours.
 */
export function splitCriteria(at: string, { from, to, zone, after }: Range, criteria: readonly (Criterion | undefined)[], words?: Criterion): Pick<BoundedQuery, 'indexed' | 'rest' | 'values'> {
  const values: unknown[] = [];
  const given = (value: unknown) => `$${values.push(value)}`;
  const range = [
    from && `${at} >= (${given(from)}::date)::timestamp at time zone ${given(zone)}`,
    to && `${at} < (${given(to)}::date + 1)::timestamp at time zone ${given(zone)}`,
    after && `(${at}, id) < (timestamptz 'epoch' + ${given(after[0])}::bigint * interval '1 microsecond', ${given(after[1])}::uuid)`,
  ];
  const [first, ...others] = [...criteria, words].flatMap((criterion) => (criterion ? [criterion] : []));
  const isIndexed = first !== words;
  const written = ([condition, value]: Criterion) => condition.replace('?', () => given(value));
  const indexed = [first && isIndexed && written(first), ...range].filter(Boolean).join(' and ');
  return { indexed, rest: (isIndexed || !first ? others : [first]).map(written).join(' and '), values };
}

/** Anywhere in a text, signs and all: for ilike. */
export function likeText(typed: string): string {
  return `%${typed.replace(/[\\%_]/g, (sign) => `\\${sign}`)}%`;
}
