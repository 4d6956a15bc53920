import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { addressField } from '../links/address-field.ts';
import { readForm, required, uuid } from '../platform/forms.ts';
import { page, seeOther, type Reply } from '../platform/replies.ts';
import { get, post } from '../platform/routes.ts';
import { setFlash } from '../platform/session.ts';
import { recordPortalLog } from '../portal-log/portal-log.ts';
import type { CustomerRequest, PublicRequest } from '../tenancy/people.ts';
import { withTenant } from '../tenancy/tenant-transaction.ts';
import { again } from '../walk/walk.ts';
import { mailNewRequest } from './contact-mail.ts';
import { listOwnRequests, writeContactRequest, type NewContactRequest } from './contact-request.ts';

const ownForm = z.object({ subject: required(120), body: required(4000), requestKey: uuid });
const openForm = ownForm.extend({ name: required(100), email: addressField });

async function showOwnForm(req: CustomerRequest): Promise<Reply> {
  const requests = await listOwnRequests(req.account.id, req.account.contactId);
  return page('contact-us/own', { title: req.t('contact-us.title'), requestKey: randomUUID(), email: addressOf(req), requests });
}

async function askSignedIn(req: CustomerRequest): Promise<Reply> {
  const form = readForm(ownForm, req.body, req.t);
  const { limits } = req.outside;
  await limits.take('contact-us', `${req.tenant.id} ${req.person.loginRef}`);
  await limits.take('contact-us-tenant', req.tenant.id);
  const { id: accountId, contactId, contactName } = req.account;
  await again(req, () => keep(req, { ...form, name: contactName || req.person.loginId, email: addressOf(req), locale: req.person.locale, accountId, contactId }));
  setFlash(req, 'success', req.t('contact-us.sent', { email: addressOf(req) }));
  return seeOther('/contact');
}

function showOpenForm(req: PublicRequest): Reply {
  return page('contact-us/open', { title: req.t('contact-us.title'), requestKey: randomUUID() });
}

/** S2-12: for whoever cannot sign in. The copy goes to an address that nobody has proved, so few go to each. */
async function askSignedOut(req: PublicRequest): Promise<Reply> {
  const form = readForm(openForm, req.body, req.t);
  const { limits } = req.outside;
  await limits.take('contact-us', `${req.tenant.id} ${req.ip}`);
  await limits.take('contact-us', `${req.tenant.id} ${form.email.toLowerCase()}`);
  await limits.take('contact-us-tenant', req.tenant.id);
  await withTenant(req.tenant.id, () => keep(req, form));
  return seeOther('/contact-us/sent');
}

async function keep(req: PublicRequest, asked: NewContactRequest): Promise<void> {
  const id = await writeContactRequest(asked);
  if (!id) return;
  await mailNewRequest(req, asked, id, req.t);
  await recordPortalLog({ kind: 'contact-request', message: `Contact Us request from ${asked.email || asked.name}`, accountId: asked.accountId, contactId: asked.contactId });
}

function showSent(req: PublicRequest): Reply {
  return page('contact-us/sent', { title: req.t('contact-us.sent-title') });
}

function addressOf({ person, account }: CustomerRequest): string {
  return person.email ?? account.contactEmail ?? '';
}

export const openRoutes = [
  get('/contact-us', showOpenForm),
  get('/contact-us/sent', showSent),
  post('/contact-us', askSignedOut, { page: showOpenForm }),
];
export const ownRoutes = [get('/contact', showOwnForm), post('/contact', askSignedIn, { page: showOwnForm, outside: true })];
