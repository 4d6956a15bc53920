import { z } from 'zod';
import { read } from '../platform/database.ts';
import { readForm, refuse, secret } from '../platform/forms.ts';
import { page, seeOther, type Reply } from '../platform/replies.ts';
import { get, post } from '../platform/routes.ts';
import { setFlash, startSession } from '../platform/session.ts';
import { endLinks } from '../links/link.ts';
import { recordPortalLog } from '../portal-log/portal-log.ts';
import type { CustomerRequest } from '../tenancy/people.ts';
import { again } from '../tenancy/walk.ts';
import { newPasswordFields, refuseUnfit } from './forms.ts';
import { withHashing } from './hash-password.ts';
import { mailPasswordChanged } from './changed-mail.ts';
import { endSignIns } from './set-password.ts';

function showChange(req: CustomerRequest): Reply {
  return page('passwords/change', { title: req.t('passwords.change-title'), loginId: req.person.loginId });
}

/** C-29: asks the current password, ends every other sign-in, and mails the address on file. */
async function changePassword(req: CustomerRequest): Promise<Reply> {
  const { currentPassword, ...typed } = readForm(z.object({ ...newPasswordFields, currentPassword: secret(512) }), req.body, req.t);
  const { loginRef, loginId, signInId } = req.person;
  await req.outside.limits.take('password-check', `${req.tenant.id} ${loginRef}`);
  await refuseUnfit(typed, [loginId, req.account.contactEmail, req.account.contactName, req.tenant.site.displayName, req.tenant.name], req.t);
  const current = await again(req, () => readHash(loginRef));
  const isRight = await withHashing(async (hasher) => {
    if (!(await hasher.verify(current, currentPassword))) return false;
    const passwordHash = await hasher.hash(typed.password);
    return again(req, () => replace(req, current, passwordHash));
  });
  if (!isRight) refuse('currentPassword', req.t('passwords.wrong-current'));
  const { accountId } = req.session;
  await startSession(req, { tenantId: req.tenant.id, signInId });
  if (accountId) req.session.accountId = accountId;
  setFlash(req, 'success', req.t('passwords.changed'));
  return seeOther('/account/password');
}

/** false: the password has been changed meanwhile, so that what was typed is not the current one any more. */
async function replace(req: CustomerRequest, current: string | null, passwordHash: string): Promise<boolean> {
  const { loginRef, loginId, signInId, email, locale } = req.person;
  const changed = await read(
    'change-password',
    `update app.logins set password_hash = $3, password_changed_at = now(), failed_attempts = 0, locked_at = null, temporary_until = null, temporary_used_at = null
      where id = $1 and password_hash = $2 returning id`,
    [loginRef, current, passwordHash],
  );
  if (!changed.length) return false;
  await endSignIns(loginRef, signInId);
  await endLinks(loginRef);
  const { contactName, contactEmail, contactId, id: accountId } = req.account;
  await recordPortalLog({ kind: 'password-changed', message: `Password changed by UserID: ${loginId}`, loginRef, accountId, contactId });
  const address = email ?? contactEmail;
  if (address) await mailPasswordChanged(req, { name: contactName, email: address, locale, accountId, contactId });
  return true;
}

async function readHash(loginRef: string): Promise<string | null> {
  const [login] = await read<{ hash: string | null }>('password-hash', 'select password_hash as hash from app.logins where id = $1', [loginRef]);
  return login?.hash ?? null;
}

export const changePasswordRoutes = [get('/account/password', showChange), post('/account/password', changePassword, { outside: true, page: showChange })];
