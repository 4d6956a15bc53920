import { sendInvitation } from '../invitations/invite.ts';
import { isMailedEnough } from '../links/link.ts';
import { findPerson, type Person } from '../logins/people.ts';
import { queueCopy } from '../messages/mail.ts';
import { hashPassword } from '../passwords/hash-password.ts';
import { refuse } from '../platform/forms.ts';
import { recordPortalLog } from '../portal-log/portal-log.ts';
import { sendReset } from '../resets/reset-mail.ts';
import { sendSignUp } from '../sign-up/sign-up-mail.ts';
import { giveTemporaryPassword, newTemporaryPassword } from '../temporary-passwords/temporary-password.ts';
import type { StaffRequest } from '../tenancy/people.ts';
import { again } from '../walk/walk.ts';
import { demandMessage, takeResending, type Message } from './message.ts';

/**
 * S1-91: sends a mail again, to the address that is on file now. One with a secret is made anew: its new link or password takes the
 * place of the old one. Returns the address. Throws Refused when it cannot be; of two presses at once the second is refused.
 */
export async function resend(req: StaffRequest): Promise<string> {
  // Hashed before anything is locked, and for every mail: which one it is, is known only inside.
  const password = newTemporaryPassword();
  const hash = await hashPassword(password);
  return again(req, async () => {
    const message = await demandMessage(req);
    if (!(await takeResending(message.id))) refuse('', req.t('staff-messages.just-sent'));
    const to = message.hasSecret || message.renewal ? await renew(req, message, { password, hash }) : await copy(req, message);
    await recordPortalLog({ kind: 'mail-resent', message: `Email sent again: ${message.type} to ${to}`, contactId: message.contactId ?? undefined, staffId: req.staff.staffId });
    return to;
  });
}

/** What warns of a change of address goes where it went: that is its point. */
async function copy(req: StaffRequest, { id, type, contactEmail, to }: Message): Promise<string> {
  const address = type === 'Sign-in Security' ? to : (contactEmail ?? to);
  if (!(await queueCopy(req.tenant.id, id, address))) refuse('', req.t('staff-messages.text-gone'));
  return address;
}

async function renew(req: StaffRequest, { renewal, contactId }: Message, made: { password: string; hash: string }): Promise<string> {
  if (!renewal) refuse('', req.t('staff-messages.begin-anew'));
  const person = contactId ? await findPerson(contactId) : undefined;
  if (!person) refuse('', req.t('staff-messages.may-not-enter'));
  if (await isMailedEnough(person.contactId)) refuse('', req.t('staff-messages.mailed-enough'));
  await renewals[renewal](req, person, made);
  return person.email;
}

/** What is switched off by now gives way to a link: nobody is mailed what no longer works. */
const renewals: Readonly<Record<NonNullable<Message['renewal']>, (req: StaffRequest, person: Person, made: { password: string; hash: string }) => Promise<void>>> = {
  reset: (req, person) => sendReset(req, person),
  sign_up: (req, person) => (person.hasPassword ? sendReset(req, person) : sendSignUp(req, person)),
  invitation: async (req, person) => {
    if (person.hasPassword) refuse('', req.t('staff-messages.has-password'));
    await sendInvitation(req, person);
  },
  temporary: async (req, person, { password, hash }) => {
    const { site } = req.tenant;
    if (!site.enters('staff_password') || site.staffResetsBy === 'link') return sendReset(req, person);
    const loginId = await giveTemporaryPassword(req, person, { password, hash, staffId: req.staff.staffId });
    if (!loginId) refuse('', req.t('temporary-passwords.address-taken', { email: person.email }));
  },
};
