import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type { QueryResultRow } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { connection } from '../platform/database.ts';
import { columns, type Column, type NounName } from './columns.ts';
import { ErrorList, RowsRefused, type RowError } from './row-errors.ts';

const mostMinutes = 5;

/**
 * Copies the checked rows into the temporary table import_rows (line, then the noun's columns) and makes import_errors beside it.
 * Both belong to the current transaction alone. COPY into the walled tables themselves is refused by PostgreSQL.
 */
export async function stageRows(noun: NounName, spool: string): Promise<void> {
  await slowly(`set local statement_timeout = '${mostMinutes}min'; set local lock_timeout = '${mostMinutes}min'`);
  // Two imports of one organization would each not see what the other is about to write.
  await slowly(`select pg_advisory_xact_lock(hashtextextended('import ' || app.tenant(), 0))`);
  await slowly(`set local lock_timeout = '10s'`);
  const names = columns[noun].map((column) => `"${column.name}" ${stagedType(noun, column)}`);
  await slowly(`create temporary table import_rows (line integer not null, ${names.join(', ')}) on commit drop;
    create temporary table import_errors (line integer not null, "column" text not null, key text not null, "values" jsonb not null, found integer not null) on commit drop`);
  const copy = Object.assign(copyFrom('copy pg_temp.import_rows from stdin'), { query_timeout: mostMinutes * 60_000 });
  await pipeline(createReadStream(spool), connection().query(copy));
  await slowly('analyze import_rows');
  // While the tables are young the planner takes an organization for small, and loops over what it should hash.
  await slowly('set local enable_nestloop = off');
}

/** Runs statements that are allowed to take minutes; everywhere else five seconds are the most. */
export async function slowly<Row extends QueryResultRow>(text: string, values?: readonly unknown[]): Promise<Row[]> {
  const query = { text, query_timeout: mostMinutes * 60_000, ...(values ? { values: [...values] } : {}) };
  const { rows } = await connection().query<Row>(query);
  return rows;
}

/** Runs each of the checks, which write what they find into import_errors. Throws RowsRefused when there is anything. */
export async function runChecks(checks: readonly Check[]): Promise<void> {
  for (const [found, { text, values }] of checks.entries()) await slowly(`insert into import_errors select *, ${found} from (${text}) fault`, values);
  const errors = new ErrorList();
  for (const row of await slowly<RowError & Record<string, unknown>>('select line, "column", key, "values" from import_errors order by line, "column", found, "values"::text limit 1000')) errors.add(row);
  const [counted] = await slowly<{ count: number }>('select count(*) as count from import_errors');
  errors.count = counted?.count ?? 0;
  if (errors.count) throw new RowsRefused(errors);
}

/** A select of line, column, key and values as jsonb: one row for each row of the file that breaks the rule. */
export interface Check {
  readonly text: string;
  readonly values?: readonly unknown[];
}

/** Amounts whose currency stands in another row are staged as they are written. */
function stagedType(noun: NounName, { type }: Column): string {
  if (type === 'amount') return columns[noun].some((column) => column.type === 'currency') ? 'bigint' : 'numeric';
  return { day: 'date', decimal: 'numeric', 'yes/no': 'boolean' }[type as string] ?? 'text';
}
