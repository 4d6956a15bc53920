import { readForm, refuse } from '../platform/forms.ts';
import { safeReturnPath } from '../platform/origin.ts';
import { page, seeOther, type Reply } from '../platform/replies.ts';
import { get, post } from '../platform/routes.ts';
import { endSession, signInOf, startSession } from '../platform/session.ts';
import type { PublicRequest, StaffRequest } from '../tenancy/people.ts';
import { countTry } from './count-tries.ts';
import { authenticate } from './local-strategy.ts';
import { signInForm } from './routes.ts';
import { endSignIn } from './sign-in.ts';

async function signInAsStaff(req: PublicRequest): Promise<Reply> {
  readForm(signInForm, req.body, req.t);
  const outcome = await countTry(req, () => authenticate('staff', req));
  if (!outcome) refuse('', req.t('sign-in.refused'));
  await startSession(req, { tenantId: req.tenant.id, signInId: outcome.signInId });
  const next = safeReturnPath(req.query['next']);
  return seeOther(next.startsWith('/staff') ? next : '/staff');
}

export function showStaffSignIn(req: PublicRequest): Reply {
  if (signInOf(req, req.tenant.id) && req.method === 'GET') return seeOther('/staff');
  return page('sign-in/sign-in', { title: req.t('sign-in.staff-title'), identifier: 'email', next: safeReturnPath(req.query['next']), staff: true });
}

async function signOutStaff(req: StaffRequest): Promise<Reply> {
  await endSignIn(req.tenant.id, req.staff.signInId);
  await endSession(req);
  return seeOther('/staff/login');
}

export const staffSignInRoutes = [get('/staff/login', showStaffSignIn), post('/staff/login', signInAsStaff, { page: showStaffSignIn })];
export const staffSignOutRoutes = [post('/staff/logout', signOutStaff, { outside: true, early: true })];
