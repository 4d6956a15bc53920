import { contactOf, contactPath, personOf, showContact } from '../contacts/staff.ts';
import { hashPassword } from '../passwords/hash-password.ts';
import { NotOffered } from '../platform/errors.ts';
import { refuse } from '../platform/forms.ts';
import { page, seeOther, type Reply } from '../platform/replies.ts';
import { post } from '../platform/routes.ts';
import { setFlash } from '../platform/session.ts';
import { recordPortalLog } from '../portal-log/portal-log.ts';
import { sendReset } from '../resets/reset-mail.ts';
import { findTestContact } from '../support/test-contact.ts';
import { resetTestPassword } from '../support/test-password.ts';
import type { StaffRequest } from '../tenancy/people.ts';
import { again } from '../walk/walk.ts';
import { giveTemporaryPassword, newTemporaryPassword } from './temporary-password.ts';

/** Reset Portal Password (S1-60, S1-80): the temporary password stands on this answer and in the mail, and nowhere else. */
async function resetPortalPassword(req: StaffRequest): Promise<Reply> {
  const test = await again(req, async () => findTestContact((await contactOf(req)).id));
  if (test) return resetTestPassword(req, test);
  if (!req.tenant.site.enters('staff_password')) throw new NotOffered('staff_password');
  if (req.tenant.site.staffResetsBy === 'link') return sendLinkInstead(req);
  const { person, contact } = await again(req, () => personOf(req));
  const password = newTemporaryPassword();
  const hash = await hashPassword(password);
  const loginId = await again(req, () => giveTemporaryPassword(req, person, { password, hash, staffId: req.staff.staffId }));
  if (!loginId) refuse('', req.t('temporary-passwords.address-taken', { email: person.email }));
  return page('temporary-passwords/shown', { title: req.t('temporary-passwords.shown-title'), contact, loginId, password, email: person.email });
}

/** C-4: no member of staff ever knows a password. */
async function sendLinkInstead(req: StaffRequest): Promise<Reply> {
  await again(req, async () => {
    const { person } = await personOf(req);
    await sendReset(req, person);
    await recordPortalLog({ kind: 'link-sent-by-staff', message: `Password link sent by staff for UserID: ${person.loginId ?? person.email}`, contactId: person.contactId, staffId: req.staff.staffId });
  });
  setFlash(req, 'success', req.t('temporary-passwords.link-sent'));
  return seeOther(contactPath(req));
}

export const staffResetRoutes = [post('/staff/contacts/:id/password', resetPortalPassword, { area: 'accounts', outside: true, page: showContact })];
