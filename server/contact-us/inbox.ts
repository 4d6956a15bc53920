import { z } from 'zod';
import { toCsv } from '../platform/csv.ts';
import { NotFound } from '../platform/errors.ts';
import { readForm, refuse, required, uuid } from '../platform/forms.ts';
import { file, page, seeOther, type Reply } from '../platform/replies.ts';
import { get, post } from '../platform/routes.ts';
import { setFlash } from '../platform/session.ts';
import { recordPortalLog } from '../portal-log/portal-log.ts';
import { listStaff } from '../staff-users/staff-user.ts';
import type { StaffRequest } from '../tenancy/people.ts';
import { mailAnswer } from './contact-mail.ts';
import { assignRequest, findContactRequest, keepAnswer, setClosed, type ContactRequest } from './contact-request.ts';
import { listContactRequests, readInboxSearch, shows } from './list-requests.ts';

const pageSize = 50;
const mostExported = 5000;

async function showInbox(req: StaffRequest): Promise<Reply> {
  const { search, errors } = readInboxSearch(req);
  const { rows, next } = await listContactRequests(search, req.staff.staffId, req.tenant.site.zone, pageSize);
  return page('contact-us/inbox', { title: req.t('contact-us.inbox'), rows, next, show: search.show, shows, filterErrors: errors, filtered: Boolean(search.q || search.from || search.to) });
}

/** What the filter shows, without the pages; at most 5,000 lines. */
async function exportInbox(req: StaffRequest): Promise<Reply> {
  const { t, formats, tenant, staff } = req;
  const { rows } = await listContactRequests({ ...readInboxSearch(req).search, after: null }, staff.staffId, tenant.site.zone, mostExported);
  const head = ['since', 'name', 'email', 'account', 'subject', 'state', 'assignee'].map((name) => t(`contact-us.${name}`));
  const lines = rows.map((row) => [formats.dateTime(row.createdAt), row.name, row.email, row.accountNumber ?? '', row.subject, t(`contact-us.state-${row.state}`), row.assignee ?? '']);
  return file({ name: `${t('contact-us.inbox')}.csv`, type: 'text/csv; charset=utf-8', make: async () => toCsv(head, lines) });
}

async function showRequest(req: StaffRequest): Promise<Reply> {
  const asked = await requestOf(req);
  const people = (await listStaff()).filter(({ endedAt }) => !endedAt).map(({ id, name }) => ({ value: id, label: name }));
  return page('contact-us/request', { title: asked.subject, asked, people });
}

/** Of two who answer at once one is heard; the other sees that answer, and keeps what was typed. */
async function answer(req: StaffRequest): Promise<Reply> {
  const { body, version } = readForm(z.object({ body: required(4000), version: z.coerce.number('forms.wrong').int('forms.wrong').min(1, 'forms.wrong').max(1e9, 'forms.wrong') }), req.body, req.t);
  const asked = await requestOf(req);
  if (!asked.email) refuse('body', req.t('contact-us.no-address'));
  if (!(await keepAnswer(asked, version, req.staff.staffId, body))) refuse('body', req.t('contact-us.answered-meanwhile'));
  await mailAnswer(req, asked, body, req.staff.name);
  await recordPortalLog({ kind: 'contact-answer', message: `Contact Us request answered to ${asked.email}`, contactId: asked.contactId ?? undefined, staffId: req.staff.staffId });
  setFlash(req, 'success', req.t('contact-us.answer-sent', { email: asked.email }));
  return seeOther(pathOf(asked));
}

async function assign(req: StaffRequest): Promise<Reply> {
  const staffId = z.union([z.literal('').transform(() => null), uuid]);
  const { to, seen } = readForm(z.object({ to: staffId, seen: staffId }), req.body, req.t);
  const asked = await requestOf(req);
  const isDone = await assignRequest(asked.id, seen, to);
  if (isDone) setFlash(req, 'success', req.t('contact-us.assigned'));
  else setFlash(req, 'warning', req.t('contact-us.assigned-meanwhile', { name: asked.assignee ?? req.t('contact-us.nobody') }));
  return seeOther(pathOf(asked));
}

const setState = (closed: boolean) => async (req: StaffRequest): Promise<Reply> => {
  const asked = await requestOf(req);
  await setClosed(asked.id, closed);
  setFlash(req, 'success', req.t(closed ? 'contact-us.is-closed' : 'contact-us.is-open'));
  return seeOther(pathOf(asked));
};

const pathOf = ({ id }: ContactRequest) => `/staff/inbox/${id}`;

async function requestOf(req: StaffRequest): Promise<ContactRequest> {
  const id = uuid.safeParse(req.params['id']);
  const asked = id.success ? await findContactRequest(id.data) : undefined;
  if (!asked) throw new NotFound('no such request');
  return asked;
}

const area = 'inbox';
export const inboxRoutes = [
  get('/staff/inbox', showInbox, { area }),
  get('/staff/inbox/export.csv', exportInbox, { area }),
  get('/staff/inbox/:id', showRequest, { area }),
  post('/staff/inbox/:id/answer', answer, { area, page: showRequest }),
  post('/staff/inbox/:id/assignment', assign, { area, page: showRequest }),
  post('/staff/inbox/:id/closing', setState(true), { area }),
  post('/staff/inbox/:id/opening', setState(false), { area }),
];
