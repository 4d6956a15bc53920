import { noteChange } from '../own-changes/note-change.ts';
import { recordPortalLog } from '../portal-log/portal-log.ts';
import type { CustomerRequest, StaffRequest } from '../tenancy/people.ts';
import { recordFieldEvents } from './field-events.ts';
import type { ValueChange } from './values.ts';

/** Leaves a line in the history of each record, with what was and what is, and one in the portal log. */
export async function recordChanges(req: CustomerRequest | StaffRequest, changes: readonly ValueChange[], contactId: string | undefined): Promise<void> {
  const staff = req.staff;
  await recordFieldEvents(changes, staff?.name ?? null);
  const [first] = changes;
  if (!first) return;
  const labels = changes.map(({ field }) => field.label).join(', ');
  const message = `Additional information changed by ${staff ? 'staff' : `UserID: ${(req as CustomerRequest).person.loginId}`}: ${labels}`;
  if (staff) return recordPortalLog({ kind: 'profile-changed', message, accountId: first.field.subject.accountId, contactId, staffId: staff.staffId });
  const side = (of: 'before' | 'after') => Object.fromEntries(changes.map((change) => [change.field.id, change[of]]));
  await noteChange(req as CustomerRequest, { kind: 'profile-changed', message }, { kind: 'fields', before: side('before'), after: side('after') });
}
