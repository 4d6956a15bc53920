import { run } from '../platform/database.ts';
import { recordPortalLog } from '../portal-log/portal-log.ts';
import type { StaffMember } from '../tenancy/people.ts';
import { areas, mayEnter, type Area } from './permissions.ts';

/** Owners may enter everything, always: they are no row of this table, so that nobody can be locked out of it. */
export const ruledRoles = ['manager', 'front_desk'] as const;
export type RuledRole = (typeof ruledRoles)[number];
export type RoleRules = Readonly<Record<RuledRole, Readonly<Record<Area, boolean>>>>;

/** What each role may enter: as the owner has decided, else as the product begins. 'for update': one person at a time decides. */
export async function readRules(lock: 'for update' | '' = ''): Promise<RoleRules> {
  if (lock) await run('select version from app.settings for update');
  const rows = await run<{ role: string; area: string; isAllowed: boolean }>('select role, area, is_allowed as "isAllowed" from app.role_permissions');
  return rulesOf((role, area) => rows.find((row) => row.role === role && row.area === area)?.isAllowed ?? isAllowedAtFirst(role, area));
}

/** Keeps what differs from before, and says so in the portal log. False: nothing does. */
export async function saveRules(before: RoleRules, wanted: RoleRules, staff: StaffMember): Promise<boolean> {
  const changes = ruledRoles.flatMap((role) => areas.filter((area) => before[role][area] !== wanted[role][area]).map((area) => ({ role, area, isAllowed: wanted[role][area] })));
  if (!changes.length) return false;
  await run(
    `insert into app.role_permissions (role, area, is_allowed) select role, area, "isAllowed" from jsonb_to_recordset($1::jsonb) as given (role text, area text, "isAllowed" boolean)
     on conflict (tenant_id, role, area) do update set is_allowed = excluded.is_allowed`,
    [JSON.stringify(changes)],
  );
  const said = changes.map(({ role, area, isAllowed }) => `${role} ${isAllowed ? 'may' : 'may not'} ${area}`).join(', ');
  await recordPortalLog({ kind: 'role-permissions-changed', message: `Permissions changed by ${staff.name}: ${said}`, staffId: staff.staffId });
  return true;
}

export function rulesOf(decide: (role: RuledRole, area: Area) => boolean): RoleRules {
  return Object.fromEntries(ruledRoles.map((role) => [role, Object.fromEntries(areas.map((area) => [area, decide(role, area)]))])) as RoleRules;
}

export function isAllowedAtFirst(role: RuledRole, area: Area): boolean {
  return mayEnter({ role, permissions: {} }, area);
}
