import { z } from 'zod';
import { addressField } from '../links/address-field.ts';
import { drop, isRequester, rememberRequest } from '../links/carried-token.ts';
import { countForm, doorRoutes, type Door } from '../links/door.ts';
import { useLink, type Link } from '../links/link.ts';
import { requestLink } from '../links/request-link.ts';
import { findPerson } from '../logins/people.ts';
import { readForm, refuse, required, secret } from '../platform/forms.ts';
import { page, seeOther, type Reply } from '../platform/replies.ts';
import { get, post } from '../platform/routes.ts';
import type { PublicRequest } from '../tenancy/people.ts';
import { withTenant } from '../tenancy/tenant-transaction.ts';
import { sendFirst } from './answer-request.ts';
import { givePassword, passwordDoor } from '../passwords/choose-password.ts';
import { newPasswordFields, refuseUnfit } from '../passwords/forms.ts';
import { hashPassword, withHashing } from '../passwords/hash-password.ts';
import { confirmationPath, resetPath, sendReset } from './reset-mail.ts';

function showForgot(req: PublicRequest): Reply {
  const { resetFlow, identifier } = req.tenant.site;
  return page('resets/forgot', { title: titleOf(req), flow: resetFlow, identifier });
}

/** The same answer and the same work for everybody (C-30): who it is, the queue finds out. */
async function forgot(req: PublicRequest): Promise<Reply> {
  await countForm(req);
  if (req.tenant.site.resetFlow === 'password_then_confirm') return chooseFirst(req);
  const { login } = readForm(z.object({ login: loginField(req) }), req.body, req.t);
  await requestLink(req.tenant, 'reset', login);
  return seeOther('/password/forgot/sent');
}

/** C-6, S3-44: the new password comes with the address; only its hash waits until the mail is confirmed. */
async function chooseFirst(req: PublicRequest): Promise<Reply> {
  const { login, ...typed } = readForm(z.object({ login: loginField(req), ...newPasswordFields }), req.body, req.t);
  await refuseUnfit(typed, [login, req.tenant.site.displayName, req.tenant.name], req.t);
  const passwordHash = await hashPassword(typed.password);
  rememberRequest(req, await requestLink(req.tenant, 'confirm_password', login, { passwordHash }));
  return seeOther('/password/forgot/sent');
}

function showSent(req: PublicRequest): Reply {
  return page('resets/sent', { title: req.t('links.sent-title'), flow: req.tenant.site.resetFlow });
}

async function renewReset(req: PublicRequest, link: Link): Promise<void> {
  const person = await findPerson(link.contactId ?? '');
  if (person?.hasPassword) await sendReset(req, person);
  else if (person) await sendFirst(req, person, ['first_reset']);
}

/** Whoever confirms in another browser than the one that chose the password types it once more: a stranger's choice is not confirmed by a careless click. */
async function confirm(req: PublicRequest, link: Link, token: string): Promise<Reply> {
  const { passwordHash = null, requestId } = link.payload;
  if (!isRequester(req, requestId)) await askAgain(req, link.id, passwordHash);
  const isDone = await withTenant(req.tenant.id, async () => {
    const used = await useLink('confirm_password', token);
    if (!used || passwordHash === null) return false;
    await givePassword(req, used, { passwordHash, username: undefined });
    return true;
  });
  if (!isDone) return seeOther(confirmationPath);
  drop(req, 'confirm_password');
  return seeOther('/password/ready');
}

async function askAgain(req: PublicRequest, linkId: string, passwordHash: string | null): Promise<void> {
  const { password } = readForm(z.object({ password: secret(512) }), req.body, req.t);
  await req.outside.limits.take('password-check', `${req.tenant.id} ${linkId}`);
  const isSame = await withHashing((hasher) => hasher.verify(passwordHash, password));
  if (!isSame) refuse('password', req.t('resets.not-the-chosen'));
}

const confirmation: Door = {
  kind: 'confirm_password',
  path: confirmationPath,
  show: (req, link) => page('resets/confirm', { title: req.t('resets.confirm-title'), action: confirmationPath, loginId: link.loginId ?? link.email, asksPassword: !isRequester(req, link.payload.requestId) }),
  use: confirm,
};

function loginField(req: PublicRequest) {
  return req.tenant.site.identifier === 'email' ? addressField : required(200, { anyNumber: true });
}

function titleOf(req: PublicRequest): string {
  return req.t(`resets.${req.tenant.site.resetLabel.replace('_', '-')}`);
}

export const resetRoutes = [
  get('/password/forgot', showForgot),
  post('/password/forgot', forgot, { page: showForgot }),
  get('/password/forgot/sent', showSent),
  ...doorRoutes(passwordDoor({ kind: 'reset', path: resetPath, words: 'resets.choose', renew: renewReset })),
  ...doorRoutes(confirmation),
];
