import { run } from '../../server/platform/database.ts';
import { withTenant } from '../../server/tenancy/tenant-transaction.ts';
import type { Book } from '../ledger/bookkeeping.ts';
import { ofThePage, statementsOf, type Statement } from '../support/statements.ts';

interface Node {
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Relation Name'?: string;
  readonly 'Rows Removed by Filter'?: number;
  readonly 'Rows Removed by Index Recheck'?: number;
  readonly 'Rows Removed by Join Filter'?: number;
  readonly Plans?: readonly Node[];
}

/**
 * How many rows of each table the work's last statement touches, whether they are wanted or thrown away; `joins` are pairs that a
 * join tried in vain. As planned for any values: that is what the server does from the sixth time on.
 */
export async function planned({ world }: Book, work: () => Promise<unknown>): Promise<Record<string, number>> {
  return withTenant(world.id, async () => rowsOf((await statementsOf(work)).slice(-1)));
}

/** The same of all statements of a page. */
export async function plannedPage({ world }: Book, work: () => Promise<unknown>): Promise<Record<string, number>> {
  const statements = ofThePage(await statementsOf(work));
  return withTenant(world.id, () => rowsOf(statements));
}

async function rowsOf(statements: readonly Statement[]): Promise<Record<string, number>> {
  const read: Record<string, number> = {};
  await run('set local plan_cache_mode = force_generic_plan');
  for (const { text, values } of statements) {
    await run(`prepare planned as ${text}`);
    const [row] = await run<{ 'QUERY PLAN': { Plan: Node }[] }>(`explain (analyze, format json) execute planned${values.length ? ` (${values.map(quoted).join(', ')})` : ''}`);
    await run('deallocate planned');
    if (row?.['QUERY PLAN'][0]) count(row['QUERY PLAN'][0].Plan, read);
  }
  return read;
}

function quoted(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  return Array.isArray(value) ? `'{${value.join(',')}}'` : `'${value as string}'`;
}

export const rowsRead = (read: Readonly<Record<string, number>>): number => Object.values(read).reduce((sum, rows) => sum + rows, 0);

function count(node: Node, read: Record<string, number>): void {
  const table = node['Relation Name'];
  const rows = node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0) + (node['Rows Removed by Index Recheck'] ?? 0);
  if (table) read[table] = (read[table] ?? 0) + rows * node['Actual Loops'];
  const tried = node['Rows Removed by Join Filter'] ?? 0;
  if (tried) read['joins'] = (read['joins'] ?? 0) + tried * node['Actual Loops'];
  for (const child of node.Plans ?? []) count(child, read);
}
