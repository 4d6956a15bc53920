import { run } from '../../server/platform/database.ts';
import { withTenant } from '../../server/tenancy/tenant-transaction.ts';
import type { Book } from '../ledger/bookkeeping.ts';
import { statementsOf } from '../support/statements.ts';

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
 * How many rows of each table the work's last statement touches with these values, whether they are wanted or thrown away; `joins`
 * are pairs that a join tried in vain. As planned for any values: that is what the server does from the sixth time on.
 */
export async function planned({ world }: Book, work: () => Promise<unknown>, values: readonly (string | readonly string[])[]): Promise<Record<string, number>> {
  return withTenant(world.id, async () => {
    const text = (await statementsOf(work)).at(-1)?.text ?? '';
    await run('set local plan_cache_mode = force_generic_plan');
    await run(`prepare planned as ${text}`);
    const [row] = await run<{ 'QUERY PLAN': { Plan: Node }[] }>(`explain (analyze, format json) execute planned${values.length ? ` (${values.map(quoted).join(', ')})` : ''}`);
    await run('deallocate planned');
    const read: Record<string, number> = {};
    if (row?.['QUERY PLAN'][0]) count(row['QUERY PLAN'][0].Plan, read);
    return read;
  });
}

function quoted(value: string | readonly string[]): string {
  return typeof value === 'string' ? `'${value}'` : `'{${value.join(',')}}'`;
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
