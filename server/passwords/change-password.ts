import { z } from 'zod';
import { endLinks } from '../links/link.ts';
import { run } from '../platform/database.ts';
import { readForm } from '../platform/forms.ts';
import { page, seeOther, type Reply } from '../platform/replies.ts';
import { get, post, type Route } from '../platform/routes.ts';
import { setFlash, startSession } from '../platform/session.ts';
import { recordPortalLog } from '../portal-log/portal-log.ts';
import { needCurrentPassword } from '../sign-ins/current-password.ts';
import { holderOf, type Holder, type HolderRequest } from '../sign-ins/holder.ts';
import { endOthers } from '../sign-ins/sign-in-record.ts';
import { noteChange, notMeBlocks } from '../own-changes/note-change.ts';
import type { CustomerRequest } from '../tenancy/people.ts';
import { again } from '../walk/walk.ts';
import { mailPasswordChanged } from './changed-mail.ts';
import { newPasswordFields, refuseUnfit } from './forms.ts';
import { hashPassword } from './hash-password.ts';

const paths = { customer: '/account/password', staff: '/staff/my-account/password' } as const;

/** The same page for customers and for staff. */
export function changePasswordRoutes(door: keyof typeof paths): Route<HolderRequest>[] {
  const show = (req: HolderRequest) => page('passwords/change', { title: req.t('passwords.change-title'), action: paths[door], loginId: holderOf(req).userId });
  return [get(paths[door], show), post(paths[door], changePassword, { outside: true, page: show })];
}

/** C-29: asks the current password, ends every other sign-in, and mails the address on file. */
async function changePassword(req: HolderRequest): Promise<Reply> {
  const typed = readForm(z.object(newPasswordFields), req.body, req.t);
  const holder = holderOf(req);
  await needCurrentPassword(req);
  await refuseUnfit(typed, [holder.userId, holder.email, holder.name, req.tenant.site.displayName, req.tenant.name], req.t);
  const passwordHash = await hashPassword(typed.password);
  await again(req, () => replace(req, holder, passwordHash));
  const { accountId } = req.session;
  await startSession(req, { tenantId: req.tenant.id, signInId: holder.signInId });
  if (accountId) req.session.accountId = accountId;
  setFlash(req, 'success', req.t('passwords.changed'));
  return seeOther(paths[holder.staffId ? 'staff' : 'customer']);
}

async function replace(req: HolderRequest, holder: Holder, passwordHash: string): Promise<void> {
  const { id, staffId, loginRef, userId, name, email, accountId, contactId } = holder;
  await run(staffId ? setForStaff : setForLogin, [id, passwordHash]);
  await endOthers(holder);
  await endLinks(id);
  const line = { kind: 'password-changed', message: `Password changed by UserID: ${userId}` } as const;
  const token = loginRef ? await noteChange(req as CustomerRequest, line, { kind: 'password', before: {}, after: {} }) : undefined;
  if (!token) await recordPortalLog({ ...line, staffId: staffId ?? undefined });
  const locale = (req.staff ?? req.person)?.locale;
  if (email) await mailPasswordChanged(req, { name, email, locale, accountId, contactId }, staffId ? '/staff/password/forgot' : '/password/forgot', (t) => (token ? notMeBlocks(req, t, token) : []));
}

const setForLogin = `update app.logins set password_hash = $2, password_changed_at = now(), failed_attempts = 0, locked_at = null, temporary_until = null, temporary_used_at = null where id = $1`;
const setForStaff = 'update app.staff_users set password_hash = $2, failed_attempts = 0, locked_at = null where id = $1';
