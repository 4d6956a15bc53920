import { z } from 'zod';
import type { ContactRecord } from '../contacts/contact.ts';
import { contactOf, contactPath, showContact } from '../contacts/staff.ts';
import { Forbidden, NotFound } from '../platform/errors.ts';
import { checkbox, readForm, refuse, text } from '../platform/forms.ts';
import { page, seeOther, type Reply } from '../platform/replies.ts';
import { get, post } from '../platform/routes.ts';
import { setFlash } from '../platform/session.ts';
import { recordPortalLog } from '../portal-log/portal-log.ts';
import { findAccount, type AccountRecord } from '../account-record/account-record.ts';
import { mayEnter } from '../staff-users/permissions.ts';
import { addTestContact, forgetTestTask } from '../support/test-contact.ts';
import type { StaffRequest } from '../tenancy/people.ts';
import { checkReach, contactForm, readContactVersion } from './contact-form.ts';
import { addContact, moveLoginId, saveContact, signChanges } from './save-contact.ts';
import { readRemoval, removeContact } from './remove-contact.ts';
import { recordEvent } from '../account-record/record-events.ts';

const area = 'accounts';
const revisionForm = z.object({ revision: z.coerce.number('forms.wrong').int('forms.wrong').positive('forms.wrong').max(2 ** 31 - 1, 'forms.wrong'), loginFollows: z.literal('on').optional().catch(undefined) });

const testForm = z.object({ testReason: text(300).optional(), belongs: checkbox });

/** SAVE CHANGES (S1-66): the whole page at once. */
async function save(req: StaffRequest): Promise<Reply> {
  const contact = await contactOf(req);
  const form = readForm(contactForm, req.body, req.t);
  const { revision, loginFollows } = readForm(revisionForm, req.body, req.t);
  const before = await readContactVersion(contact.id);
  checkReach(form, before?.values ?? {}, req.t);
  await signChanges(req.staff.name);
  if (!(await saveContact(contact.id, revision, form))) refuse('revision', req.t('staff-contacts.changed-meanwhile'));
  if (loginFollows) await follow(req, contact, form.email);
  if (form.maySignIn !== contact.maySignIn) {
    const message = form.maySignIn ? 'Portal access allowed by staff' : 'Portal access blocked by staff';
    await recordPortalLog({ kind: 'access-changed', message, contactId: contact.id, staffId: req.staff.staffId });
  }
  setFlash(req, 'success', req.t('contacts.saved'));
  return seeOther(contactPath(req));
}

/** The login id that was the old address becomes the new one. */
async function follow(req: StaffRequest, { id, loginRef, email: old }: ContactRecord, email: string): Promise<void> {
  if (!loginRef || !old || !email || email === old) return;
  if (!(await moveLoginId(loginRef, old, email))) refuse('email', req.t('staff-contacts.login-taken'));
  await recordPortalLog({ kind: 'username-changed', message: `Login ID changed by staff from ${old} to ${email}`, contactId: id, staffId: req.staff.staffId });
}

async function showNew(req: StaffRequest): Promise<Reply> {
  const record = await accountOf(req);
  const mayTest = mayEnter(req.staff, 'support');
  const isTest = mayTest && req.query['test'] === 'yes';
  const values = isTest ? ownValues(req) : { lastName: record.name, maySignIn: true, mayManageAbsences: true, maySeeMoney: true, mayPay: true };
  return page('staff-contacts/new', { title: req.t('staff-contacts.add'), record, values, mayTest, isTest: isTest || Boolean(req.errors?.['testReason']), hours: req.tenant.site.testContactHours });
}

async function add(req: StaffRequest): Promise<Reply> {
  const record = await accountOf(req);
  const form = readForm(contactForm, req.body, req.t);
  checkReach(form, {}, req.t);
  const { testReason, belongs } = readForm(testForm, req.body, req.t);
  const mayTest = mayEnter(req.staff, 'support');
  if (testReason && !mayTest) throw new Forbidden(`${req.staff.role} may not enter support`);
  // S1-78 has staff type their own name and address: who does so to test must not become one of the family by it.
  if (mayTest && !testReason && !belongs && form.email.toLowerCase() === req.staff.email.toLowerCase()) refuse('testReason', req.t('support.own-address'));
  const id = testReason ? await addTestContact(req, record, form, testReason) : await addContact(record.id, form);
  const name = `${form.firstName} ${form.lastName}`.trim();
  await recordEvent({ accountId: record.id, contactId: id, name, kind: 'added', staffName: req.staff.name });
  setFlash(req, 'success', req.t('staff-contacts.added', { name }));
  return seeOther(`/staff/contacts/${id}`);
}

/** S1-78: staff's own name and email. */
function ownValues({ staff }: StaffRequest) {
  const [firstName = '', ...rest] = staff.name.split(' ');
  return { firstName, lastName: rest.join(' '), email: staff.email, maySignIn: true, maySeeMoney: true, mayPay: true };
}

/** DELETE: says what goes and what stays, before anything does. */
async function showRemoval(req: StaffRequest): Promise<Reply> {
  const contact = await contactOf(req);
  return page('staff-contacts/removal', { title: req.t('staff-contacts.remove-title', { name: contact.name }), contact, removal: await readRemoval(contact.id) });
}

async function remove(req: StaffRequest): Promise<Reply> {
  const contact = await contactOf(req);
  await recordPortalLog({ kind: 'contact-removed', message: `Contact removed by staff: ${contact.name}`, contactId: contact.id, staffId: req.staff.staffId });
  await removeContact(contact.id, req.staff.name);
  if (contact.testUntil) await forgetTestTask(contact.id, req.staff.staffId);
  setFlash(req, 'info', req.t('staff-contacts.removed', { name: contact.name }));
  return seeOther(`/staff/accounts/${encodeURIComponent(contact.accountNumber)}/contacts`);
}

async function accountOf(req: StaffRequest): Promise<AccountRecord> {
  const account = await findAccount(String(req.params['number']).slice(0, 100));
  if (!account) throw new NotFound('no such account');
  return account;
}

export const contactRecordRoutes = [
  get('/staff/accounts/:number/contacts/new', showNew, { area }),
  post('/staff/accounts/:number/contacts', add, { area, page: showNew }),
  post('/staff/contacts/:id', save, { area, page: showContact }),
  get('/staff/contacts/:id/removal', showRemoval, { area }),
  post('/staff/contacts/:id/removal', remove, { area, page: showRemoval }),
];
