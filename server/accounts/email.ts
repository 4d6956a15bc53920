import { emailForm } from '../contacts/detail-forms.ts';
import { readDetails } from '../contacts/details.ts';
import { askForNewEmail } from '../contacts/new-email.ts';
import { NotFound } from '../platform/errors.ts';
import { readForm, refuse } from '../platform/forms.ts';
import { page, seeOther, type Reply } from '../platform/replies.ts';
import { get, post } from '../platform/routes.ts';
import { setFlash } from '../platform/session.ts';
import { needCurrentPassword } from '../sign-ins/current-password.ts';
import type { CustomerRequest } from '../tenancy/people.ts';
import { again } from '../walk/walk.ts';

/** S4-50: the own email address. */
export const emailRoutes = [get('/account/email', showEmail), post('/account/email', changeEmail, { page: showEmail, outside: true })];

function showEmail(req: CustomerRequest): Reply {
  needEdit(req);
  const email = req.account.contactEmail ?? '';
  const follows = req.tenant.site.identifier !== 'username' && req.person.loginId.toLowerCase() === email.toLowerCase();
  return page('accounts/email', { title: req.t('accounts.edit-email'), email, follows });
}

async function changeEmail(req: CustomerRequest): Promise<Reply> {
  needEdit(req);
  const { email } = readForm(emailForm, req.body, req.t);
  if (email === req.account.contactEmail) refuse('email', req.t('accounts.email-same'));
  await req.outside.limits.take('forms', `${req.tenant.id} ${req.person.signInId}`);
  await needCurrentPassword(req);
  await again(req, async () => {
    const details = await readDetails(req.account.contactId);
    if (details) await askForNewEmail(req, details, email);
  });
  setFlash(req, 'info', req.t('accounts.email-sent', { email }));
  return seeOther('/account');
}

function needEdit(req: CustomerRequest): void {
  if (req.tenant.site.profile('email') !== 'edit') throw new NotFound('the email address may not be changed');
}
