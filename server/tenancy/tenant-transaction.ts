import { inScope, read } from '../platform/database.ts';

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
export function enter<Person, T>(entry: Entry, work: (person: Person | null) => Promise<T>): Promise<T> {
  return inScope({ tenantId: entry.tenantId }, async () => {
    const [row] = await read<{ person: Person | null }>('enter', 'select app.enter($1, $2, $3, $4) as person', [
      entry.tenantId,
      entry.signInId ?? null,
      entry.mode,
      entry.readOnly ?? false,
    ]);
    return work(row?.person ?? null);
  });
}

/** Work that no signed-in person asks for: sign-in itself, settle, hooks, the worker, the importer. */
export function withTenant<T>(tenantId: string, work: () => Promise<T>): Promise<T> {
  return enter({ tenantId, mode: 'system' }, work);
}
