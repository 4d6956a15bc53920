import { z } from 'zod';
import { contactOf, contactPath } from '../contacts/staff.ts';
import { listContacts } from '../contacts/contact.ts';
import { Forbidden } from '../platform/errors.ts';
import { checkbox, readForm, refuse, required, uuid } from '../platform/forms.ts';
import { page, seeOther, type Reply } from '../platform/replies.ts';
import { get, post } from '../platform/routes.ts';
import { setFlash } from '../platform/session.ts';
import { findAccount, type AccountRecord } from '../account-record/account-record.ts';
import { demandAccount, pathOf } from '../account-record/record-page.ts';
import { signChanges } from '../staff-contacts/save-contact.ts';
import type { StaffRequest } from '../tenancy/people.ts';
import { findDoubles } from './doubles.ts';
import { linkAccounts, readLinked, unlinkAccount } from './links.ts';
import { mergeAccounts, planMerge } from './merge-accounts.ts';
import { mergeContacts } from './merge-contacts.ts';

const area = 'accounts';
const otherForm = z.object({ other: required(100, { anyNumber: true }) });

async function showDoubles(req: StaffRequest): Promise<Reply> {
  return page('staff-merging/doubles', { title: req.t('staff-merging.doubles'), doubles: await findDoubles() });
}

async function showLinks(req: StaffRequest): Promise<Reply> {
  const record = await demandAccount(req);
  return page('staff-merging/links', { title: req.t('staff-merging.links'), record, linked: await readLinked(record.id), mayMerge: mayMerge(req) });
}

async function link(req: StaffRequest): Promise<Reply> {
  const record = await demandAccount(req);
  const other = await otherOf(req, record, readForm(otherForm, req.body, req.t).other);
  const { shares } = readForm(z.object({ shares: checkbox }), req.body, req.t);
  await linkAccounts(record, other, { shares, staffName: req.staff.name });
  setFlash(req, 'success', req.t('staff-merging.linked', { one: record.name, other: other.name }));
  return seeOther(`${pathOf(record.number)}/links`);
}

async function unlink(req: StaffRequest): Promise<Reply> {
  const record = await demandAccount(req);
  await unlinkAccount(record, req.staff.name);
  setFlash(req, 'info', req.t('staff-merging.unlinked', { name: record.name }));
  return seeOther(`${pathOf(record.number)}/links`);
}

/** What moves, what stays and what stands in the way, before anything happens. */
async function showMerge(req: StaffRequest): Promise<Reply> {
  const record = await demandAccount(req);
  const typed = z.string().max(100).safeParse(req.query['other'] ?? (req.body as Record<string, unknown> | undefined)?.['other']).data?.trim() ?? '';
  const other = typed && typed !== record.number ? await findAccount(typed) : undefined;
  const plan = other && !other.mergedInto && !record.mergedInto ? await planMerge(record.id, other.id) : undefined;
  return page('staff-merging/merge', { title: req.t('staff-merging.merge-into', { name: record.name }), record, other: plan && other, plan, isUnknown: Boolean(typed) && !plan, mayMerge: mayMerge(req) });
}

async function merge(req: StaffRequest): Promise<Reply> {
  if (!mayMerge(req)) throw new Forbidden(`${req.staff.role} may not merge`);
  const record = await demandAccount(req);
  const other = await otherOf(req, record, readForm(otherForm, req.body, req.t).other);
  await signChanges(req.staff.name);
  const hindrances = await mergeAccounts(record, other, req.staff);
  if (hindrances.length > 0) refuse('', req.t('staff-merging.cannot', { name: other.name }));
  setFlash(req, 'success', req.t('staff-merging.merged', { one: other.name, other: record.name }));
  return seeOther(pathOf(record.number));
}

async function otherOf(req: StaffRequest, record: AccountRecord, number: string): Promise<AccountRecord> {
  const other = await findAccount(number.trim());
  if (!other) return refuse('other', req.t('staff-merging.unknown'));
  if (other.id === record.id) return refuse('other', req.t('staff-merging.itself'));
  if (other.mergedInto || record.mergedInto) return refuse('other', req.t('staff-merging.already'));
  return other;
}

async function showContactMerge(req: StaffRequest): Promise<Reply> {
  const contact = await contactOf(req);
  const others = (await listContacts(contact.accountId)).filter(({ id, testUntil }) => id !== contact.id && !testUntil && !contact.testUntil);
  return page('staff-merging/contacts', { title: req.t('staff-merging.merge-contact', { name: contact.name }), contact, others });
}

async function mergeContact(req: StaffRequest): Promise<Reply> {
  const contact = await contactOf(req);
  const { gone } = readForm(z.object({ gone: uuid }), req.body, req.t);
  const other = (await listContacts(contact.accountId)).find(({ id, testUntil }) => id === gone && id !== contact.id && !testUntil && !contact.testUntil);
  if (!other) refuse('gone', req.t('staff-merging.choose'));
  await signChanges(req.staff.name);
  await mergeContacts(contact.id, other.id, req.staff.name);
  setFlash(req, 'success', req.t('staff-merging.merged', { one: other.name, other: contact.name }));
  return seeOther(contactPath(req));
}

/** It cannot be taken back: for owners and managers. */
function mayMerge(req: StaffRequest): boolean {
  return req.staff.role !== 'front_desk';
}

export const mergingRoutes = [
  get('/staff/doubles', showDoubles, { area }),
  get('/staff/accounts/:number/links', showLinks, { area }),
  post('/staff/accounts/:number/links', link, { area, page: showLinks }),
  post('/staff/accounts/:number/links/removal', unlink, { area, page: showLinks }),
  get('/staff/accounts/:number/merge', showMerge, { area }),
  post('/staff/accounts/:number/merge', merge, { area, page: showMerge }),
  get('/staff/contacts/:id/merge', showContactMerge, { area }),
  post('/staff/contacts/:id/merge', mergeContact, { area, page: showContactMerge }),
];
