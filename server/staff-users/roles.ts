import { Forbidden } from '../platform/errors.ts';
import { refuse } from '../platform/forms.ts';
import { page, seeOther, type Reply } from '../platform/replies.ts';
import { get, post } from '../platform/routes.ts';
import { setFlash } from '../platform/session.ts';
import type { StaffRequest } from '../tenancy/people.ts';
import { areas } from './permissions.ts';
import { isAllowedAtFirst, readRules, ruledRoles, rulesOf, saveRules, type RoleRules } from './role-permissions.ts';

async function showRoles(req: StaffRequest): Promise<Reply> {
  const rules = await readRules();
  const typed = req.typed?.['seen'] === undefined ? rules : rulesIn(req);
  const rows = areas.map((area) => ({
    area,
    cells: ruledRoles.map((role) => ({ name: `${role}.${area}`, role, isOn: typed[role][area], isChanged: rules[role][area] !== isAllowedAtFirst(role, area) })),
  }));
  return page('staff-users/roles', { title: req.t('staff-users.roles'), rows, roles: ruledRoles, seen: stateOf(rules), mayDecide: req.staff.role === 'owner' });
}

async function saveRoles(req: StaffRequest): Promise<Reply> {
  if (req.staff.role !== 'owner') throw new Forbidden(`${req.staff.role} may not decide what roles may do`);
  const before = await readRules('for update');
  const wanted = rulesIn(req);
  const isRepeat = stateOf(before) === stateOf(wanted);
  if (!isRepeat && (req.body as Record<string, unknown>)['seen'] !== stateOf(before)) refuse('', req.t('staff-users.roles-meanwhile'));
  await saveRules(before, wanted, req.staff);
  setFlash(req, 'success', req.t('staff-users.roles-saved'));
  return seeOther('/staff/roles');
}

/** Ticked boxes are sent, the others are not. */
function rulesIn(req: StaffRequest): RoleRules {
  const body = req.body as Record<string, unknown>;
  return rulesOf((role, area) => body[`${role}.${area}`] === 'on');
}

/** What a page showed, for its form to carry: who saves over what somebody else has just decided is told. */
function stateOf(rules: RoleRules): string {
  return ruledRoles.flatMap((role) => areas.filter((area) => rules[role][area]).map((area) => `${role}.${area}`)).join(' ');
}

const staff = { area: 'staff' } as const;
export const roleRoutes = [get('/staff/roles', showRoles, staff), post('/staff/roles', saveRoles, { ...staff, page: showRoles })];
