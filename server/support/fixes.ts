import { z } from 'zod';
import { personOf } from '../contacts/staff.ts';
import type { ContactRecord } from '../contacts/contact.ts';
import { sendInvitation } from '../invitations/invite.ts';
import { isMailedEnough } from '../links/link.ts';
import { addressIn, mailTo } from '../links/link-mail.ts';
import type { Person } from '../logins/people.ts';
import { run } from '../platform/database.ts';
import { readForm, refuse, required } from '../platform/forms.ts';
import { recordPortalLog } from '../portal-log/portal-log.ts';
import { sendReset } from '../resets/reset-mail.ts';
import { findAccount } from '../account-record/account-record.ts';
import { changeStage, moves } from '../account-record/stages.ts';
import { forgetFramings } from '../sharing/framings.ts';
import { isAddress } from '../staff-contacts/contact-form.ts';
import { moveLoginId, signChanges } from '../staff-contacts/save-contact.ts';
import type { StaffRequest } from '../tenancy/people.ts';
import type { Check } from './diagnose.ts';
import type { Facts } from './facts.ts';

export interface Patient {
  readonly contact: ContactRecord;
  readonly facts: Facts;
}

/** The one press that mends what a red line says. In the current transaction; throws Refused with the reason where it cannot. */
export const fixes: Readonly<Record<Check, (req: StaffRequest, patient: Patient) => Promise<void>>> = {
  email: correctEmail,
  stage: makeActive,
  blocked: unblock,
  portal: (req) => sendLink(req),
  locked: unlock,
  tries: (req) => sendLink(req),
  mail: (req) => sendLink(req),
  link: (req) => sendLink(req),
  browser: (req, patient) => sendWords(req, patient, 'browser'),
  framed: async () => forgetFramings(),
};

async function correctEmail(req: StaffRequest, { contact }: Patient): Promise<void> {
  const { email } = readForm(z.object({ email: required(200) }), req.body, req.t);
  if (!isAddress(email)) refuse('email', req.t('links.not-an-email'));
  await signChanges(req.staff.name);
  await run('update app.contacts set email = $2 where id = $1', [contact.id, email]);
  if (contact.loginRef && contact.email && contact.loginId?.toLowerCase() === contact.email.toLowerCase() && !(await moveLoginId(contact.loginRef, contact.email, email))) refuse('email', req.t('staff-contacts.login-taken'));
  await recordPortalLog({ kind: 'email-changed', message: `Email corrected by staff from ${contact.email ?? 'none'} to ${email}`, contactId: contact.id, staffId: req.staff.staffId });
}

async function makeActive(req: StaffRequest, { contact }: Patient): Promise<void> {
  const account = await findAccount(contact.accountNumber);
  if (!account || !moves[account.stage].includes('active') || !(await changeStage(account, 'active', req.tenant.site.today()))) return refuse('', req.t('staff-accounts.stage-moved'));
  await recordPortalLog({ kind: 'account', message: `Account status changed by staff from ${account.stage} to active`, accountId: account.id, staffId: req.staff.staffId });
}

async function unblock(req: StaffRequest, { contact }: Patient): Promise<void> {
  await signChanges(req.staff.name);
  const changed = await run('update app.contacts set may_sign_in = true where id = $1 and not may_sign_in returning id', [contact.id]);
  if (changed.length) await recordPortalLog({ kind: 'access-changed', message: 'Portal access allowed by staff', contactId: contact.id, staffId: req.staff.staffId });
}

/** S1-107: unlocked, and a link to choose another password in the mail: the one that was tried five times is not known. */
async function unlock(req: StaffRequest, { contact, facts }: Patient): Promise<void> {
  const changed = await run('update app.logins set locked_at = null, failed_attempts = 0 where id = $1 and locked_at is not null returning id', [facts.loginRef]);
  if (!changed.length) return;
  await recordPortalLog({ kind: 'login-unlocked', message: `Login unlocked by staff for UserID: ${facts.loginId}`, contactId: contact.id, loginRef: facts.loginRef ?? undefined, staffId: req.staff.staffId });
  await sendLink(req);
}

async function sendLink(req: StaffRequest): Promise<void> {
  const { person } = await personOf(req);
  if (await isMailedEnough(person.contactId)) refuse('', req.t('support.mailed-enough'));
  await (mayChoose(req, person) ? sendReset(req, person) : sendInvitation(req, person));
  await recordPortalLog({ kind: 'link-sent-by-staff', message: `Password link sent by staff for UserID: ${person.loginId ?? person.email}`, contactId: person.contactId, staffId: req.staff.staffId });
}

function mayChoose({ tenant: { site } }: StaffRequest, { hasPassword, invitedAt }: Person): boolean {
  return hasPassword || !site.enters('invitation') || (site.enters('first_reset') && (!site.isInvitedOnly || invitedAt !== null));
}

/** What nobody can mend from here: the parent gets the words by mail. */
async function sendWords(req: StaffRequest, { contact, facts }: Patient, check: Check): Promise<void> {
  const { person } = await personOf(req);
  if (await isMailedEnough(person.contactId)) refuse('', req.t('support.mailed-enough'));
  await mailTo(req, { ...person, locale: facts.locale }, (t) => ({
    type: 'Sign-in Security',
    subject: t('support.mail-subject'),
    blocks: [{ text: t(`support.paste-${check}`, { portal: req.tenant.site.portalName, address: req.origin, login: facts.loginId ?? contact.email ?? '' }) }, { link: t('temporary-passwords.mail-login'), url: addressIn(req, '/login') }],
  }));
}
