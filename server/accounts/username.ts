import { z } from 'zod';
import { run } from '../platform/database.ts';
import { NotFound } from '../platform/errors.ts';
import { readForm, refuse, required } from '../platform/forms.ts';
import { page, seeOther, type Reply } from '../platform/replies.ts';
import { get, post } from '../platform/routes.ts';
import { setFlash } from '../platform/session.ts';
import { needCurrentPassword } from '../sign-ins/current-password.ts';
import { holderOf } from '../sign-ins/holder.ts';
import { endOthers } from '../sign-ins/sign-in-record.ts';
import { tellHolder } from '../sign-ins/tell-holder.ts';
import type { Site } from '../site/site.ts';
import type { CustomerRequest } from '../tenancy/people.ts';
import { again } from '../walk/walk.ts';

/** S4-47: the username is the person's own to choose, where people sign in by one. */
export const usernameRoutes = [get('/account/username', showUsername), post('/account/username', changeUsername, { page: showUsername, outside: true })];

/** hidden, too, where user ids are email addresses. */
export function usernameAccess(site: Site): 'hidden' | 'view' | 'edit' {
  return site.identifier === 'email' ? 'hidden' : site.profile('username');
}

function showUsername(req: CustomerRequest): Reply {
  needEdit(req);
  return page('accounts/username', { title: req.t('accounts.edit-username'), username: req.person.loginId });
}

async function changeUsername(req: CustomerRequest): Promise<Reply> {
  needEdit(req);
  const { username } = readForm(usernameForm, req.body, req.t);
  const { loginId, email } = req.person;
  // An address as a username would be taken from whoever reads it.
  if (username.includes('@') && ![loginId, email, req.account.contactEmail].some((own) => own?.toLowerCase() === username.toLowerCase())) refuse('username', req.t('passwords.username-foreign'));
  await needCurrentPassword(req);
  if (username !== loginId) await again(req, () => rename(req, username)).catch((error: unknown) => refuseTaken(req, error));
  setFlash(req, 'success', req.t(username === loginId ? 'accounts.nothing-changed' : 'accounts.username-changed', { username }));
  return seeOther('/account');
}

const usernameForm = z.object({ username: required(60, { anyNumber: true }).refine((typed) => typed.length >= 3 && !/\s/.test(typed), 'accounts.username-unfit') });

async function rename(req: CustomerRequest, username: string): Promise<void> {
  await run('update app.logins set login_id = $2 where id = $1', [req.person.loginRef, username]);
  await endOthers(holderOf(req));
  await tellHolder(req, { kind: 'username-changed', message: `Username changed to ${username}`, text: 'accounts.mail-username', change: { kind: 'username', before: { username: req.person.loginId }, after: { username } } });
}

/** The unique index decides between two who want the same name at once; the transaction is over by then. */
function refuseTaken(req: CustomerRequest, error: unknown): never {
  if ((error as { code?: string }).code !== '23505') throw error;
  return refuse('username', req.t('accounts.username-taken'));
}

function needEdit(req: CustomerRequest): void {
  if (usernameAccess(req.tenant.site) !== 'edit') throw new NotFound('the username may not be changed');
}
