import { read } from '../platform/database.ts';
import { recordPortalLog } from '../portal-log/portal-log.ts';
import type { CustomerRequest, StaffRequest } from '../tenancy/people.ts';
import type { ValueChange } from './values.ts';

/** Leaves a line in the history of each record, with what was and what is, and one in the portal log. */
export async function recordChanges(req: CustomerRequest | StaffRequest, changes: readonly ValueChange[], contactId: string | undefined): Promise<void> {
  const staff = req.staff;
  for (const [subject, own] of Map.groupBy(changes, ({ field }) => field.subject)) {
    const said = Object.fromEntries(own.map(({ field, before, after }) => [field.label, [before, after]]));
    await read(
      'custom-record-event',
      `insert into app.record_events (account_id, contact_id, name, kind, changes, staff_name)
       select $1, $2, coalesce((select concat_ws(' ', first_name, last_name) from app.contacts where id = $2), (select name from app.accounts where id = $1)), 'changed', $3, $4`,
      [subject.accountId, subject.noun === 'contact' ? subject.id : null, said, staff?.name ?? null],
    );
  }
  const [first] = changes;
  if (!first) return;
  const labels = changes.map(({ field }) => field.label).join(', ');
  const by = staff ? 'staff' : `UserID: ${(req as CustomerRequest).person.loginId}`;
  await recordPortalLog({
    kind: 'profile-changed', message: `Additional information changed by ${by}: ${labels}`, accountId: first.field.subject.accountId, contactId,
    ...(staff ? { staffId: staff.staffId } : { loginRef: (req as CustomerRequest).person.loginRef }),
  });
}
