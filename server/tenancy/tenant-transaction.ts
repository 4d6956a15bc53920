import { escapeLiteral, type QueryConfig } from 'pg';
import { inReading, inScope, inScopeAfter, isReadingOnly, lend, read } from '../platform/database.ts';
import { Unavailable } from '../platform/errors.ts';
import { Reading } from '../platform/reading.ts';
import type { Looking } from './people.ts';

export type Mode = 'customer' | 'staff' | 'public' | 'system';

export interface Entry {
  readonly tenantId: string;
  readonly mode: Mode;
  readonly signInId?: string | undefined;
  readonly readOnly?: boolean;
}

/**
 * Opens a transaction behind the tenant wall. Its first statement, app.enter, sets tenant, mode and accounts, touches the
 * sign-in at most once a minute and answers who it is: null when the sign-in has ended, expired or belongs to nobody.
 */
export function enter<Person, T>({ tenantId, signInId, mode, readOnly = false }: Entry, work: (person: Person | null) => Promise<T>): Promise<T> {
  const values = [tenantId, signInId, mode].map((value) => (value === undefined ? 'null' : escapeLiteral(value)));
  const opening = `select app.enter(${values.join(', ')}, ${readOnly || isReadingOnly()}) as person`;
  return inScopeAfter<T, { person: Person | null }>({ tenantId }, opening, ([row]) => work(row?.person ?? null));
}

/**
 * The same for work that only reads, in as many messages as it needs: each begins with app.enter, so none is outside the wall. Whoever
 * was here before is taken for the same person at once, and the work is done again when app.enter, in the work's own first message,
 * says otherwise: nothing leaves before it has answered.
 */
export async function enterToRead<Person, T>({ tenantId, signInId, mode }: Omit<Entry, 'readOnly'>, work: (person: Person | null) => Promise<T>): Promise<T> {
  const opening = { name: 'enter-to-read', text: 'select app.enter($1, $2, $3, true)::text as person', values: [tenantId, signInId, mode] };
  const key = opening.values.join(' ');
  const known = seen.get(key);
  let who = known ?? (await ask(opening));
  for (let tries = 0; tries < mostTries; tries += 1) {
    const reading = new Reading(opening, who.said, lend, who === known ? undefined : who.said);
    const [done] = await Promise.allSettled([inReading({ tenantId }, reading, () => work(who.person as Person | null))]);
    const said = await reading.verify();
    if (said === who.said) {
      remember(key, who);
      if (done.status === 'rejected') throw done.reason;
      return done.value;
    }
    who = whoIs(said);
  }
  throw new Unavailable('who asks was changed again and again');
}

const mostTries = 3;

/** What app.enter said of somebody, and the same, read. */
interface Seen {
  readonly said: string | null;
  readonly person: unknown;
}

const seen = new Map<string, Seen>();
const mostSeen = 5000;
const longestSaid = 5000;

async function ask(opening: QueryConfig): Promise<Seen> {
  return whoIs(await new Reading(opening, null, lend).verify());
}

function whoIs(said: string | null): Seen {
  return { said, person: said === null ? null : JSON.parse(said) };
}

/** Those who were here last, in the order in which they came. */
function remember(key: string, who: Seen): void {
  seen.delete(key);
  if (who.said === null || who.said.length > longestSaid) return;
  seen.set(key, who);
  if (seen.size > mostSeen) for (const oldest of seen.keys()) return void seen.delete(oldest);
}

/** As the customer that a member of staff looks in as; null when the look or the staff's own sign-in is over. Nothing can be written. */
export function enterLook<T>(tenantId: string, secretHash: string, work: (found: Omit<Looking, 'secretHash'> | null) => Promise<T>): Promise<T> {
  return inScope({ tenantId }, async () => {
    const [row] = await read<{ found: Omit<Looking, 'secretHash'> | null }>('look-in', 'select app.look_in($1, $2) as found', [tenantId, secretHash]);
    return work(row?.found ?? null);
  });
}

/** Work that no signed-in person asks for: sign-in itself, settle, hooks, the worker, the importer. */
export function withTenant<T>(tenantId: string, work: () => Promise<T>): Promise<T> {
  return enter({ tenantId, mode: 'system' }, work);
}
