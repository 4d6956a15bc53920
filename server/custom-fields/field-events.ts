import { read } from '../platform/database.ts';
import type { ValueChange } from './values.ts';

/** A line in the history of each record, with what was and what is. */
export async function recordFieldEvents(changes: readonly ValueChange[], staffName: string | null): Promise<void> {
  for (const [subject, own] of Map.groupBy(changes, ({ field }) => field.subject)) {
    const said = Object.fromEntries(own.map(({ field, before, after }) => [field.label, [before, after]]));
    await read(
      'custom-record-event',
      `insert into app.record_events (account_id, contact_id, name, kind, changes, staff_name)
       select $1, $2, coalesce((select concat_ws(' ', first_name, last_name) from app.contacts where id = $2), (select name from app.accounts where id = $1)), 'changed', $3, $4`,
      [subject.accountId, subject.noun === 'contact' ? subject.id : null, said, staffName],
    );
  }
}
