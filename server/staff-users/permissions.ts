import type { StaffMember } from '../tenancy/people.ts';

/** The areas of the staff side. Owners may enter all of them; what the others may is this table, unless an owner has decided otherwise about the role or the person. */
export const areas = ['home', 'accounts', 'invoices', 'refunds', 'dispatch', 'inbox', 'tickets', 'ticket-replies', 'invitations', 'support', 'settings', 'import', 'staff'] as const;
export type Area = (typeof areas)[number];

const allowed: Readonly<Record<StaffMember['role'], readonly string[]>> = {
  owner: areas,
  manager: ['home', 'accounts', 'invoices', 'refunds', 'dispatch', 'inbox', 'tickets', 'ticket-replies', 'invitations', 'support', 'import'],
  front_desk: ['home', 'accounts', 'invoices', 'dispatch', 'inbox', 'tickets', 'support'],
};

export function mayEnter(staff: Pick<StaffMember, 'role' | 'permissions'>, area: string): boolean {
  if (staff.role === 'owner') return true;
  return staff.permissions[area] ?? allowed[staff.role].includes(area);
}
