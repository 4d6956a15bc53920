import { read } from '../platform/database.ts';
import { NotFound } from '../platform/errors.ts';
import { visitColumns, type Visit } from '../visits/visit.ts';

/** A visit as staff see it. */
export interface StaffVisit extends Visit {
  readonly accountId: string;
  readonly accountNumber: string;
  readonly accountName: string;
  readonly internalNotes: string;
  readonly minutes: number;
  readonly resourceId: string | null;
  readonly version: number;
  /** In the organization's zone, as a form takes them. */
  readonly day: string | null;
  readonly starts: string | null;
  readonly changedAt: Date | null;
  readonly changedBy: string | null;
}

/** Throws NotFound. */
export async function findStaffVisit(number: string, zone: string): Promise<StaffVisit> {
  const [found] = await read<StaffVisit & Record<string, unknown>>('staff-visit', text, [number, zone]);
  if (!found) throw new NotFound('no such visit');
  return found;
}

const text = `select ${visitColumns}, v.account_id as "accountId", o.number as "accountNumber", o.name as "accountName", v.internal_notes as "internalNotes", v.minutes, v.resource_id as "resourceId",
    v.version, (v.starts_at at time zone $2)::date as day, to_char(v.starts_at at time zone $2, 'HH24:MI') as starts, v.changed_at as "changedAt", u.name as "changedBy"
  from app.visits v join app.accounts o on (o.tenant_id, o.id) = (v.tenant_id, v.account_id) left join app.staff_users u on (u.tenant_id, u.id) = (v.tenant_id, v.changed_by)
 where v.number = $1`;
