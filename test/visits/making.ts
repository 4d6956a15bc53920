import { randomUUID } from 'node:crypto';
import { sql, type World } from '../support/world.ts';

/** A visit; without `starts_at` it waits. */
export async function makeVisit(world: World, accountId: string, columns: Readonly<Record<string, unknown>> = {}): Promise<{ id: string; number: string }> {
  const startsAt = columns['starts_at'] as string | undefined;
  const given = {
    account_id: accountId, number: `V-${randomUUID().slice(0, 8)}`, title: 'Boiler service', currency: 'USD',
    status: startsAt ? 'scheduled' : 'waiting', ...(startsAt && { ends_at: new Date(Date.parse(startsAt) + 7_200_000).toISOString() }), ...columns,
  };
  const names = Object.keys(given);
  const [row] = await sql<{ id: string; number: string }>(world, `insert into app.visits (${names.join(', ')}) values (${names.map((_, at) => `$${at + 1}`).join(', ')}) returning id, number`, Object.values(given));
  return row ?? { id: '', number: '' };
}

export async function makeResource(world: World, name = 'Jo Ann', columns: Readonly<Record<string, unknown>> = {}): Promise<string> {
  const given = { name, ...columns };
  const names = Object.keys(given);
  const [row] = await sql<{ id: string }>(world, `insert into app.resources (${names.join(', ')}) values (${names.map((_, at) => `$${at + 1}`).join(', ')}) returning id`, Object.values(given));
  return row?.id ?? '';
}

/** An instant some days after today in New York, at an hour of the clock in UTC. */
export function inDays(days: number, hour = 15): string {
  const today = new Intl.DateTimeFormat('en-CA', { timeZone: 'America/New_York' }).format(Date.now());
  return new Date(Date.parse(today) + days * 86_400_000 + hour * 3_600_000).toISOString();
}

/** What stands in the part of the page under that heading. */
export function section(html: string, id: string): string {
  return new RegExp(`<section[^>]*aria-labelledby="${id}">(.*?)</section>`, 's').exec(html)?.[1] ?? '';
}
