import { read } from '../platform/database.ts';

/** A line of what happened to an account's record; changes of fields write theirs by themselves. */
export interface RecordEvent {
  readonly id: string;
  readonly kind: 'added' | 'changed' | 'removed' | 'linked' | 'unlinked' | 'merged';
  readonly contactId: string | null;
  readonly name: string;
  /** Column: what it was, what it is. */
  readonly changes: Readonly<Record<string, readonly [unknown, unknown]>>;
  readonly note: string;
  readonly mode: 'staff' | 'customer' | 'public' | 'system';
  readonly staffName: string | null;
  readonly at: string;
}

export async function recordEvent(event: { accountId: string; contactId?: string; name: string; kind: RecordEvent['kind']; note?: string; staffName: string }): Promise<void> {
  await read('record-event', 'insert into app.record_events (account_id, contact_id, name, kind, note, staff_name) values ($1, $2, $3, $4, $5, $6)', [
    event.accountId, event.contactId ?? null, event.name, event.kind, event.note ?? '', event.staffName,
  ]);
}

/** The newest first. */
export function readEvents(accountId: string, limit: number, after: string | null = null): Promise<RecordEvent[]> {
  return read<RecordEvent & Record<string, unknown>>(
    'record-events',
    `select id, kind, contact_id as "contactId", name, changes, note, mode, staff_name as "staffName", at from app.record_events
      where account_id = $1 and ($3::uuid is null or id < $3) order by id desc limit $2`,
    [accountId, limit, after],
  );
}
