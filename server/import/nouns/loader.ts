import type { Numbered } from '../../ledger/numbers.ts';
import type { Site } from '../../site/site.ts';
import { slowly, type Check } from '../staging.ts';

/** What is to be written: the rows in import_rows, the columns that the file has, and the first of the numbers drawn for those without one. */
export interface Plan {
  readonly given: ReadonlySet<string>;
  readonly site: Site;
  readonly firstNumber: number;
}

export interface Counts {
  readonly created: number;
  readonly updated: number;
}

/** How the rows of one file are compared with what is there and written, all of them in a few statements. */
export interface Loader {
  /** Whose rows have numbers for people. */
  readonly numbered?: Numbered;
  /** Locks what must stand still between the checks and the writing. */
  readonly lock?: string;
  /** Statements that put beside the rows what the checks and the writing both ask for. */
  readonly prepare?: readonly Check[];
  readonly checks: (plan: Plan) => readonly Check[];
  readonly write: (plan: Plan) => Promise<Counts>;
}

/** Runs an insert or an update and counts its rows. */
export async function countWritten(text: string, values: readonly unknown[] = []): Promise<number> {
  const [row] = await slowly<{ count: number }>(`with written as (${text} returning 1) select count(*) as count from written`, values);
  return row?.count ?? 0;
}

/** No row stands twice in the file. */
export const idTwice: Check = twice('external_id', 'id-twice');

/** Nobody else has the number, in the file or already. */
export function numberChecks(table: string): readonly Check[] {
  const taken = `select r.line, 'number', 'number-taken', jsonb_build_object('number', r.number)
    from import_rows r join app.${table} t on t.number = r.number where t.external_id is distinct from r.external_id`;
  return [twice('number', 'number-twice'), { text: taken }];
}

export const accountExists: Check = {
  text: `select r.line, 'account', 'no-account', jsonb_build_object('id', r.account)
    from import_rows r where not exists (select from app.accounts a where a.external_id = r.account)`,
};

/** One error for each row that differs from what is there, at its first column that does. `from` joins import_rows r to it. */
export function changed(key: string, from: string, differs: Differences, { given }: Plan): Check {
  const asked = Object.entries(differs).filter(([column]) => given.has(column));
  const cases = asked.map(([column, differ]) => `when ${differ} then '${column}'`);
  if (!cases.length) return { text: 'select 0, null, null, null where false' };
  return { text: `select line, "column", '${key}', jsonb_build_object('id', external_id)
    from (select r.line, r.external_id, case ${cases.join(' ')} end as "column" from import_rows r ${from}) compared where "column" is not null` };
}

/** When the row's cell in that column is another than what is there. */
export type Differences = Readonly<Record<string, string>>;

/** An SQL expression: the row's own number, or the next of those drawn, in the order of the file. Ranks all rows of the select it stands in. */
export function numberOrDrawn(prefix: string, firstNumber: number): string {
  return `coalesce(r.number, '${prefix}' || (${firstNumber} - 1 + row_number() over (partition by r.number is null order by r.line)))`;
}

function twice(column: string, key: string): Check {
  return { text: `select line, '${column}', '${key}', jsonb_build_object('value', value, 'first', first)
    from (select line, ${column} as value, min(line) over (partition by ${column}) as first from import_rows where ${column} is not null) r where line > first` };
}
