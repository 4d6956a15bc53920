import { z } from 'zod';
import { findPerson, type Person } from '../logins/people.ts';
import { NotFound } from '../platform/errors.ts';
import { checkbox, readForm, refuse, uuid } from '../platform/forms.ts';
import { page, seeOther, type Reply } from '../platform/replies.ts';
import { get, post } from '../platform/routes.ts';
import { setFlash } from '../platform/session.ts';
import { recordPortalLog } from '../portal-log/portal-log.ts';
import type { StaffRequest } from '../tenancy/people.ts';
import { findContact, savePortalChoices, type ContactRecord } from './contact.ts';

export async function showContact(req: StaffRequest): Promise<Reply> {
  const contact = await contactOf(req);
  const { site } = req.tenant;
  return page('contacts/contact', { title: contact.name, contact, mayReset: site.enters('staff_password'), resetsBy: site.staffResetsBy, mayInvite: site.enters('invitation') && !contact.hasPassword });
}

async function savePortal(req: StaffRequest): Promise<Reply> {
  const form = readForm(z.object({ maySignIn: checkbox, mayManageAbsences: checkbox }), req.body, req.t);
  const contact = await contactOf(req);
  await savePortalChoices(contact.id, form);
  if (form.maySignIn !== contact.maySignIn) {
    const message = form.maySignIn ? 'Portal access allowed by staff' : 'Portal access blocked by staff';
    await recordPortalLog({ kind: 'access-changed', message, contactId: contact.id, staffId: req.staff.staffId });
  }
  setFlash(req, 'success', req.t('contacts.saved'));
  return seeOther(contactPath(req));
}

export function contactPath(req: StaffRequest): string {
  return `/staff/contacts/${String(req.params['id'])}`;
}

/** The contact of this address, as somebody who may get in. Throws NotFound, and Refused with the reason when it may not. */
export async function personOf(req: StaffRequest): Promise<{ person: Person; contact: ContactRecord }> {
  const contact = await contactOf(req);
  const person = await findPerson(contact.id);
  if (!person) refuse('', req.t(`contacts.${reasonOf(contact)}`));
  return { person, contact };
}

function reasonOf({ stage, maySignIn }: ContactRecord): string {
  if (stage === 'lead' || stage === 'closed') return `is-${stage}`;
  return maySignIn ? 'no-email' : 'is-blocked';
}

async function contactOf(req: StaffRequest): Promise<ContactRecord> {
  const id = uuid.safeParse(req.params['id']);
  const contact = id.success ? await findContact(id.data) : undefined;
  if (!contact) throw new NotFound('no such contact');
  return contact;
}

export const staffContactRoutes = [
  get('/staff/contacts/:id', showContact, { area: 'accounts' }),
  post('/staff/contacts/:id/portal', savePortal, { area: 'accounts', page: showContact }),
];
