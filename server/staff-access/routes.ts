import { z } from 'zod';
import { addressField } from '../links/address-field.ts';
import { drop } from '../links/carried-token.ts';
import { countForm, doorRoutes, type Door } from '../links/door.ts';
import { endLinks, isMailedEnough, useLink, type Link } from '../links/link.ts';
import { requestLink } from '../links/request-link.ts';
import { mailPasswordChanged } from '../passwords/changed-mail.ts';
import { passwordDoor, type Chosen } from '../passwords/choose-password.ts';
import { run } from '../platform/database.ts';
import { readForm } from '../platform/forms.ts';
import { page, seeOther, type Reply } from '../platform/replies.ts';
import { get, post } from '../platform/routes.ts';
import { recordPortalLog } from '../portal-log/portal-log.ts';
import type { PublicRequest } from '../tenancy/people.ts';
import { withTenant } from '../tenancy/tenant-transaction.ts';
import { sendStaffInvitation, sendStaffReset, staffInvitationPath, staffResetPath } from './staff-mail.ts';

function showForgot(req: PublicRequest): Reply {
  return page('staff-access/forgot', { title: req.t('resets.forgot-password') });
}

async function forgot(req: PublicRequest): Promise<Reply> {
  await countForm(req);
  const { login } = readForm(form, req.body, req.t);
  await requestLink(req.tenant, 'staff_reset', login);
  return seeOther('/staff/password/forgot/sent');
}

const form = z.object({ login: addressField });

/** The password of a member of staff: ends a lock, every sign-in and every other link. */
async function takePassword(req: PublicRequest, link: Link, token: string, { passwordHash }: Chosen): Promise<Reply> {
  const isDone = await withTenant(req.tenant.id, async () => {
    const used = await useLink(link.kind, token);
    if (!used?.staffId) return false;
    await run('update app.staff_users set password_hash = $2, failed_attempts = 0, locked_at = null where id = $1', [used.staffId, passwordHash]);
    await run('update app.sign_ins set ended_at = now() where staff_id = $1 and ended_at is null', [used.staffId]);
    await endLinks(used.staffId);
    await recordPortalLog({ kind: 'staff-password-set', message: 'Staff password set', staffId: used.staffId });
    if (link.kind === 'staff_reset') await mailPasswordChanged(req, { name: used.name, email: used.email }, '/staff/password/forgot');
    return true;
  });
  if (!isDone) return seeOther(req.path);
  drop(req, link.kind);
  return seeOther('/staff/password/ready');
}

const renewBy = (send: typeof sendStaffReset): NonNullable<Door['renew']> => async (req, { staffId, name, email }) => {
  if (staffId && !(await isMailedEnough(staffId))) await send(req, { staffId, name, email });
};

export const staffAccessRoutes = [
  get('/staff/password/forgot', showForgot),
  post('/staff/password/forgot', forgot, { page: showForgot }),
  get('/staff/password/forgot/sent', (req) => page('staff-access/sent', { title: req.t('links.sent-title') })),
  get('/staff/password/ready', (req) => page('staff-access/ready', { title: req.t('passwords.ready-title') })),
  ...doorRoutes(passwordDoor({ kind: 'staff_reset', path: staffResetPath, words: 'resets.choose', accept: takePassword, renew: renewBy(sendStaffReset) })),
  ...doorRoutes(passwordDoor({ kind: 'staff_invitation', path: staffInvitationPath, words: 'staff-access.choose', accept: takePassword, renew: renewBy(sendStaffInvitation) })),
];
