import { read } from '../platform/database.ts';

/** What stands before a number that we draw. Given ones look as they like. */
export const numberPrefixes = { accounts: 'A-', invoices: 'INV-', payments: 'PAY-', credits: 'CR-', refunds: 'RF-', tickets: 'T-', visits: 'V-' } as const;

export type Numbered = keyof typeof numberPrefixes;

/** The next number of that kind, such as 'PAY-1001'. The counter stays locked until the transaction ends: draw late. */
export async function drawNumber(kind: Numbered): Promise<string> {
  return `${numberPrefixes[kind]}${await drawNumbers(kind, 1)}`;
}

/** Draws as many that follow each other and returns the first one. */
export async function drawNumbers(kind: Numbered, howMany: number): Promise<number> {
  const [row] = await read<{ first: number }>('draw-numbers', 'select app.next_number($1, $2) as first', [kind, howMany]);
  return row?.first ?? 0;
}

/** From now on only higher ones are drawn: a number that came from elsewhere stands already. */
export async function drawAbove(kind: Numbered, highest: number): Promise<void> {
  const text = `insert into app.counters (name, value) values ($1, greatest($2, 1000))
    on conflict (tenant_id, name) do update set value = excluded.value where app.counters.value < excluded.value`;
  await read('draw-above', text, [kind, highest]);
}
