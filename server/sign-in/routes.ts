import { z } from 'zod';
import { carry } from '../links/carried-token.ts';
import { readForm, refuse, required, secret } from '../platform/forms.ts';
import { safeReturnPath } from '../platform/origin.ts';
import { page, seeOther, type Reply } from '../platform/replies.ts';
import { get, post } from '../platform/routes.ts';
import { endSession, setFlash, signInOf, startSession } from '../platform/session.ts';
import { ownPasswordPath } from '../temporary-passwords/own-password.ts';
import type { CustomerRequest, PublicRequest } from '../tenancy/people.ts';
import { countTry } from './count-tries.ts';
import { authenticate } from './local-strategy.ts';
import { endSignIn } from './sign-in.ts';

export const signInForm = z.object({ login: required(200, { anyNumber: true }), password: secret(512) });

async function signIn(req: PublicRequest): Promise<Reply> {
  readForm(signInForm, req.body, req.t);
  await req.outside.limits.take('sign-in-tenant', req.tenant.id);
  const outcome = await countTry(req, () => authenticate('customer', req));
  if (!outcome) refuse('', req.t('sign-in.refused'));
  if ('ownPasswordToken' in outcome) {
    carry(req, 'temporary', outcome.ownPasswordToken);
    return seeOther(ownPasswordPath);
  }
  await startSession(req, { tenantId: req.tenant.id, signInId: outcome.signInId });
  if (outcome.isTemporary) setFlash(req, 'warning', req.t('temporary-passwords.works-once'));
  return seeOther(safeReturnPath(req.query['next']));
}

export function showSignIn(req: PublicRequest): Reply {
  if (signInOf(req, req.tenant.id) && req.method === 'GET') return seeOther('/');
  const { identifier } = req.tenant.site;
  return page('sign-in/sign-in', { title: req.t('sign-in.title'), identifier, next: safeReturnPath(req.query['next']), staff: false });
}

async function signOut(req: CustomerRequest): Promise<Reply> {
  await endSignIn(req.tenant.id, req.person.signInId);
  await endSession(req);
  return seeOther('/login');
}

export const signInRoutes = [get('/login', showSignIn), post('/login', signIn, { page: showSignIn })];
export const signOutRoutes = [post('/logout', signOut, { outside: true, early: true, leaves: true })];
