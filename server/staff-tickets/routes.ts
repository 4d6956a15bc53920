import { z } from 'zod';
import { randomUUID } from 'node:crypto';
import { read } from '../platform/database.ts';
import { NotFound } from '../platform/errors.ts';
import { readForm, refuse, required, uuid } from '../platform/forms.ts';
import { page, seeOther, type Page, type Reply } from '../platform/replies.ts';
import { get, post } from '../platform/routes.ts';
import { setFlash } from '../platform/session.ts';
import { recordPortalLog } from '../portal-log/portal-log.ts';
import { listStaff } from '../staff-users/staff-user.ts';
import { mayEnter } from '../staff-users/permissions.ts';
import type { StaffRequest } from '../tenancy/people.ts';
import { again } from '../walk/walk.ts';
import { readObject } from './about-at-desk.ts';
import { readWithFiles, ticketUpload, messageForm } from '../ticket-files/forms.ts';
import { withFiles } from '../ticket-files/keep-files.ts';
import { mailCustomer } from '../tickets/mail.ts';
import { listReplies } from '../ticket-replies/routes.ts';
import { sendTicketFile } from '../ticket-files/send-file.ts';
import { findAnyTicket, type Ticket } from '../tickets/ticket.ts';
import { writeEntry } from '../tickets/write-ticket.ts';

const longestAnswer = 4000;
const version = z.coerce.number('forms.wrong').int('forms.wrong').min(1, 'forms.wrong').max(1e9, 'forms.wrong');

async function showTicket(req: StaffRequest): Promise<Page> {
  const ticket = await demandTicket(req);
  const people = (await listStaff()).filter(({ endedAt }) => !endedAt).map(({ id, name }) => ({ value: id, label: name }));
  const replies = await listReplies();
  const ready = replies.find(({ id }) => id === req.query['reply'])?.body.replaceAll('{name}', ticket.openedBy) ?? '';
  return page('staff-tickets/at-desk', { title: req.t('tickets.ticket', { number: ticket.number }), ticket, people, replies, ready, about: await readObject(ticket, req.tenant.site.zone), requestKey: randomUUID(), mayEditReplies: mayEnter(req.staff, 'ticket-replies') });
}

/** Of two who answer at once one is heard; the other sees that answer, and keeps what was typed. */
async function answer(req: StaffRequest): Promise<Reply> {
  const { outside, tenant, staff, t } = req;
  const ticket = await again(req, () => demandTicket(req));
  const { form, files } = await readWithFiles(messageForm.extend({ version, after: z.enum(['close', ''], 'forms.wrong').default('') }), req, { longest: longestAnswer });
  await withFiles(outside, tenant.id, ticket.accountId, files, (fileIds) => again(req, async () => {
    const author = { name: staff.name, staffId: staff.staffId };
    const written = await writeEntry(ticket, { kind: 'answer', author, body: form.body, requestKey: form.requestKey, fileIds }, { seen: form.version });
    if (written === 'lost') refuse('body', t('tickets.answered-meanwhile'));
    if (written === 'sent') return;
    const isClosing = form.after === 'close';
    if (isClosing) await writeEntry(ticket, { kind: 'closed', author, body: '' });
    await mailCustomer(req, ticket, isClosing ? 'closed' : 'answered', form.body);
    await log(req, ticket, isClosing ? 'answered and closed' : 'answered');
  }));
  setFlash(req, 'success', ticket.email ? t('tickets.answer-sent', { email: ticket.email }) : t('tickets.answer-kept'));
  return seeOther(pathOf(ticket));
}

async function addNote(req: StaffRequest): Promise<Reply> {
  const ticket = await demandTicket(req);
  const { note, requestKey } = readForm(z.object({ note: required(longestAnswer), requestKey: uuid }), req.body, req.t);
  await writeEntry(ticket, { kind: 'note', author: { name: req.staff.name, staffId: req.staff.staffId }, body: note, requestKey });
  return seeOther(pathOf(ticket));
}

const move = (kind: 'closed' | 'reopened') => async (req: StaffRequest): Promise<Reply> => {
  const ticket = await demandTicket(req);
  const written = await writeEntry(ticket, { kind, author: { name: req.staff.name, staffId: req.staff.staffId }, body: '' });
  if (written === 'done') {
    await mailCustomer(req, ticket, kind === 'closed' ? 'closed' : 'reopened-by-staff', '');
    await log(req, ticket, kind);
  }
  setFlash(req, 'success', req.t(`tickets.${kind}`, { number: ticket.number }));
  return seeOther(pathOf(ticket));
};

/** Told, when it has gone to somebody else since the page was drawn. */
async function assign(req: StaffRequest): Promise<Reply> {
  const staffId = z.union([z.literal('').transform(() => null), uuid]);
  const { to, seen } = readForm(z.object({ to: staffId, seen: staffId }), req.body, req.t);
  const ticket = await demandTicket(req);
  const assigned = await read(
    'assign-ticket',
    `update app.tickets set assigned_to = $3 where id = $1 and assigned_to is not distinct from $2::uuid
        and ($3::uuid is null or exists (select from app.staff_users where id = $3 and ended_at is null)) returning id`,
    [ticket.id, seen, to],
  );
  if (assigned.length > 0) setFlash(req, 'success', req.t('tickets.assigned'));
  else setFlash(req, 'warning', req.t('tickets.assigned-meanwhile', { name: ticket.assignee ?? req.t('tickets.nobody') }));
  return seeOther(pathOf(ticket));
}

async function downloadFile(req: StaffRequest): Promise<Reply> {
  return sendTicketFile(req, await demandTicket(req));
}

async function log({ staff }: StaffRequest, { number, accountId, contactId }: Ticket, what: string): Promise<void> {
  await recordPortalLog({ kind: 'ticket', message: `Ticket ${number} ${what}`, accountId, contactId: contactId ?? undefined, staffId: staff.staffId });
}

async function demandTicket(req: StaffRequest): Promise<Ticket> {
  const ticket = await findAnyTicket(String(req.params['number']).slice(0, 40));
  if (!ticket) throw new NotFound('no such ticket');
  return ticket;
}

const pathOf = ({ number }: Ticket) => `/staff/tickets/${number}`;

const area = 'tickets';
export const deskRoutes = [
  get('/staff/tickets/:number', showTicket, { area }),
  post('/staff/tickets/:number/answer', answer, { area, page: showTicket, outside: true, upload: ticketUpload }),
  post('/staff/tickets/:number/notes', addNote, { area, page: showTicket }),
  post('/staff/tickets/:number/assignment', assign, { area, page: showTicket }),
  post('/staff/tickets/:number/closing', move('closed'), { area }),
  post('/staff/tickets/:number/reopening', move('reopened'), { area }),
  get('/staff/tickets/:number/files/:id', downloadFile, { area }),
];
