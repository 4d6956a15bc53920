import { escapeLiteral } from 'pg';
import { inScope, inScopeAfter, isReadingOnly, read } from '../platform/database.ts';
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
