import { readParts } from '../account-record/record-parts.ts';
import { findPerson, type Person } from '../logins/people.ts';
import { NotFound } from '../platform/errors.ts';
import { refuse, uuid } from '../platform/forms.ts';
import { page, type Reply } from '../platform/replies.ts';
import { get } from '../platform/routes.ts';
import { boxes, contactForm, isAddress, readContactVersion, texts } from '../staff-contacts/contact-form.ts';
import { compareVersions } from '../staff-contacts/two-versions.ts';
import type { StaffRequest } from '../tenancy/people.ts';
import { findContact, type ContactRecord } from './contact.ts';

/** S1-57 to S1-77. After a save that came too late: both versions, field by field. */
export async function showContact(req: StaffRequest): Promise<Reply> {
  const contact = await contactOf(req);
  const version = await readContactVersion(contact.id);
  if (!version) throw new NotFound('no such contact');
  if (req.errors?.['revision']) return showBoth(req, contact, version);
  const { site } = req.tenant;
  const parts = req.features.flatMap(({ contactParts = [] }) => contactParts);
  return page('contacts/contact', {
    title: req.t('contacts.contact-title', { name: contact.name }), contact, ...version, isAddress: isAddress(version.values.email),
    mayReset: site.enters('staff_password') || contact.testUntil, resetsBy: contact.testUntil ? 'temp_password' : site.staffResetsBy, mayInvite: site.enters('invitation') && !contact.hasPassword && !contact.testUntil,
    tops: await readParts(req, parts, 'top', contact), actions: await readParts(req, parts, 'actions', contact), panels: await readParts(req, parts, 'portal', contact),
  });
}

async function showBoth(req: StaffRequest, contact: ContactRecord, { revision, values }: { revision: number; values: Record<string, string | boolean> }): Promise<Reply> {
  const mine = contactForm.safeParse(req.body).data ?? values;
  const shown = Number(req.typed?.['revision']) || revision;
  const versions = await compareVersions({ contactId: contact.id, shown }, { mine, theirs: values, columns: { ...texts, ...boxes } });
  return page('staff-contacts/two-versions', { title: req.t('staff-contacts.two-versions'), back: contactPath(req), name: contact.name, words: 'staff-contacts', revision, kept: { ...mine, loginFollows: req.body?.loginFollows === 'on' }, ...versions });
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

function reasonOf({ stage, maySignIn, testUntil }: ContactRecord): string {
  if (testUntil) return 'is-test';
  if (stage === 'lead' || stage === 'closed') return `is-${stage}`;
  return maySignIn ? 'no-email' : 'is-blocked';
}

export async function contactOf(req: StaffRequest): Promise<ContactRecord> {
  const id = uuid.safeParse(req.params['id']);
  const contact = id.success ? await findContact(id.data) : undefined;
  if (!contact) throw new NotFound('no such contact');
  return contact;
}

export const staffContactRoutes = [get('/staff/contacts/:id', showContact, { area: 'accounts' })];
