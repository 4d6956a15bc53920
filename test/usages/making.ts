import { randomUUID } from 'node:crypto';
import { sql, type World } from '../support/world.ts';

export async function makeUsage(world: World, accountId: string, columns: Readonly<Record<string, unknown>> = {}): Promise<void> {
  const given = { account_id: accountId, number: `U-${randomUUID().slice(0, 8)}`, description: 'Compute hours', used_on: '2026-11-01', quantity: '1', unit: 'hours', currency: 'USD', ...columns };
  await sql(world, `insert into app.usages (${Object.keys(given).join(', ')}) values (${Object.keys(given).map((_, at) => `$${at + 1}`).join(', ')})`, Object.values(given));
}

/** U-1 to U-<count>, the last one the newest, two on each day; the quantity is the number. */
export async function makeUsages(world: World, accountId: string, count: number): Promise<void> {
  await sql(world, `insert into app.usages (account_id, number, description, used_on, quantity, unit, currency)
    select $1, 'U-' || n, 'Block storage', '2020-01-01'::date + n / 2, n, 'GB', 'USD' from generate_series(1, $2::int) n order by n`, [accountId, count]);
}
