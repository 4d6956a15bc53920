import { z } from 'zod';
import { addressField } from '../links/address-field.ts';
import { Forbidden, NotFound } from '../platform/errors.ts';
import { readForm, refuse, required, uuid } from '../platform/forms.ts';
import { page, seeOther, type Reply } from '../platform/replies.ts';
import { get, post } from '../platform/routes.ts';
import { setFlash } from '../platform/session.ts';
import type { PortalLogKind } from '../portal-log/kinds.ts';
import { recordPortalLog } from '../portal-log/portal-log.ts';
import { showStaff } from '../staff-users/feature.ts';
import { areas } from '../staff-users/permissions.ts';
import { readRules } from '../staff-users/role-permissions.ts';
import type { StaffRequest } from '../tenancy/people.ts';
import { addStaff, endStaff, findStaffRecord, saveRole, type StaffRecord } from './staff-record.ts';
import { sendStaffInvitation, sendStaffReset } from './staff-mail.ts';

async function invite(req: StaffRequest): Promise<Reply> {
  const form = readForm(invitationForm, req.body, req.t);
  needOwner(req);
  const staffId = await addStaff(form);
  if (!staffId) refuse('email', req.t('staff-access.works-here'));
  await sendStaffInvitation(req, { staffId, ...form });
  await note(req, 'staff-invited', `Staff invited: ${form.email} (${form.role})`);
  setFlash(req, 'success', req.t('staff-access.invited', { email: form.email }));
  return seeOther('/staff/people');
}

async function showPerson(req: StaffRequest): Promise<Reply> {
  const record = await recordOf(req);
  const rules = await readRules();
  const choices = areas.map((area) => ({ area, byRole: record.role === 'owner' || rules[record.role][area], chosen: choiceOf(record.permissions[area]) }));
  return page('staff-access/person', { title: record.name, record, choices, mayManage: req.staff.role === 'owner', isSelf: record.id === req.staff.staffId });
}

async function savePerson(req: StaffRequest): Promise<Reply> {
  const { role, ...chosen } = readForm(roleForm, req.body, req.t);
  needOwner(req);
  const record = await recordOf(req);
  const permissions = Object.fromEntries(areas.flatMap((area) => (chosen[area] === 'role' ? [] : [[area, chosen[area] === 'yes']])));
  if (!(await saveRole(record, role, permissions))) refuse('role', req.t('staff-access.last-owner'));
  await note(req, 'staff-changed', `Staff role of ${record.email}: ${role}`);
  setFlash(req, 'success', req.t('staff-access.saved'));
  return seeOther(`/staff/people/${record.id}`);
}

/** The invitation again, or a link for a new password, which ends a lock. */
async function sendLink(req: StaffRequest): Promise<Reply> {
  needOwner(req);
  const { id: staffId, name, email, locale, hasPassword } = await recordOf(req);
  await (hasPassword ? sendStaffReset : sendStaffInvitation)(req, { staffId, name, email, locale });
  await note(req, 'staff-link-sent', `Staff password link sent to ${email}`);
  setFlash(req, 'success', req.t('staff-access.invited', { email }));
  return seeOther(`/staff/people/${staffId}`);
}

async function end(req: StaffRequest): Promise<Reply> {
  needOwner(req);
  const record = await recordOf(req);
  if (record.id === req.staff.staffId) refuse('', req.t('staff-access.not-yourself'));
  if (!(await endStaff(record))) refuse('', req.t('staff-access.last-owner'));
  await note(req, 'staff-ended', `Staff access ended: ${record.email}`);
  setFlash(req, 'success', req.t('staff-access.ended', { name: record.name }));
  return seeOther('/staff/people');
}

/** The area lets people look; who works here, and as what, is for owners alone: else anybody with the area could become one. */
function needOwner({ staff }: StaffRequest): void {
  if (staff.role !== 'owner') throw new Forbidden(`${staff.role} may not change who works here`);
}

async function recordOf(req: StaffRequest): Promise<StaffRecord> {
  const id = uuid.safeParse(req.params['id']);
  const record = id.success ? await findStaffRecord(id.data) : undefined;
  if (!record || record.endedAt) throw new NotFound('nobody who works here');
  return record;
}

async function note(req: StaffRequest, kind: PortalLogKind, message: string): Promise<void> {
  await recordPortalLog({ kind, message, staffId: req.staff.staffId });
}

const choiceOf = (given: boolean | undefined) => (given === undefined ? 'role' : given ? 'yes' : 'no');
const role = z.enum(['owner', 'manager', 'front_desk'], 'forms.wrong');
const invitationForm = z.object({ name: required(100), email: addressField, role });
const choice = z.enum(['role', 'yes', 'no'], 'forms.wrong').default('role');
const roleForm = z.object({ role, ...(Object.fromEntries(areas.map((area) => [area, choice])) as Record<(typeof areas)[number], typeof choice>) });

const staff = { area: 'staff' } as const;
export const staffPeopleRoutes = [
  post('/staff/people', invite, { ...staff, page: showStaff }),
  get('/staff/people/:id', showPerson, staff),
  post('/staff/people/:id', savePerson, { ...staff, page: showPerson }),
  post('/staff/people/:id/link', sendLink, { ...staff, page: showPerson }),
  post('/staff/people/:id/ending', end, { ...staff, page: showPerson }),
];
