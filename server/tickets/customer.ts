import { randomUUID } from 'node:crypto';
import { NotFound } from '../platform/errors.ts';
import { refuse, uuid } from '../platform/forms.ts';
import { page, seeOther, type Reply } from '../platform/replies.ts';
import { get, post } from '../platform/routes.ts';
import { setFlash } from '../platform/session.ts';
import { together } from '../platform/together.ts';
import { recordPortalLog } from '../portal-log/portal-log.ts';
import type { CustomerRequest } from '../tenancy/people.ts';
import { messageForm, readWithFiles, ticketUpload } from '../ticket-files/forms.ts';
import { withFiles } from '../ticket-files/keep-files.ts';
import { sendTicketFile } from '../ticket-files/send-file.ts';
import { again } from '../walk/walk.ts';
import { mailResource } from './mail.ts';
import { nameOf } from './submit.ts';
import { findTicket, listTickets, type Ticket, type TicketState } from './ticket.ts';
import { writeEntry, type NewEntry } from './write-ticket.ts';

const none = { rows: [], next: '' };

/** S4-41 S4-43: what is open above, what is closed in the list below. */
async function showTickets(req: CustomerRequest): Promise<Reply> {
  const states = req.tenant.site.visibleTickets;
  const after = (name: string) => uuid.safeParse(req.query[name]).data;
  const list = (state: TicketState, name: string) => async () => (states.includes(state) ? listTickets(req.account.id, state, after(name)) : none);
  const [open, closed] = await together(list('open', 'after'), list('closed', 'closed'));
  return page('tickets/list', { title: req.t('tickets.title'), states, open, closed });
}

async function showTicket(req: CustomerRequest): Promise<Reply> {
  const ticket = await demandTicket(req);
  const reopenUntil = ticket.closedAt ? Date.parse(ticket.closedAt) + req.tenant.site.ticketReopenDays * 86_400_000 : 0;
  return page('tickets/ticket', { title: req.t('tickets.ticket', { number: ticket.number }), ticket, requestKey: randomUUID(), mayReopen: reopenUntil > Date.now(), reopenUntil: new Date(reopenUntil) });
}

/** More words, or files alone. */
async function addMessage(req: CustomerRequest): Promise<Reply> {
  const { outside, tenant, account, t } = req;
  await outside.limits.take('tickets', `${tenant.id} ${req.person.loginRef}`);
  const ticket = await again(req, () => demandTicket(req));
  const { form, files } = await readWithFiles(messageForm, req, { longest: tenant.site.ticketCharacters, takesFilesAlone: true });
  await withFiles(outside, tenant.id, account.id, files, (fileIds) => again(req, () => write(req, ticket, { kind: 'message', ...form, fileIds })));
  setFlash(req, 'success', t('tickets.sent'));
  return seeOther(pathOf(ticket));
}

async function close(req: CustomerRequest): Promise<Reply> {
  const ticket = await demandTicket(req);
  await write(req, ticket, { kind: 'closed', body: '' });
  setFlash(req, 'success', req.t('tickets.closed', { number: ticket.number }));
  return seeOther(req.tenant.site.visibleTickets.includes('closed') ? pathOf(ticket) : '/tickets');
}

/** B-12: within so many days after it was closed. */
async function reopen(req: CustomerRequest): Promise<Reply> {
  const ticket = await demandTicket(req);
  await write(req, ticket, { kind: 'reopened', body: '' });
  setFlash(req, 'success', req.t('tickets.reopened', { number: ticket.number }));
  return seeOther(pathOf(ticket));
}

const mailed = { message: 'message', reopened: 'reopened' } as const;
const logged = { message: 'added to', closed: 'closed', reopened: 'reopened' } as const;

async function write(req: CustomerRequest, ticket: Ticket, entry: Omit<NewEntry, 'author' | 'kind'> & { readonly kind: keyof typeof logged }): Promise<void> {
  const { account, person, tenant, t } = req;
  const within = entry.kind === 'reopened' ? { within: tenant.site.ticketReopenDays } : {};
  const written = await writeEntry(ticket, { ...entry, author: { name: nameOf(req), contactId: account.contactId } }, within);
  if (written === 'lost') refuse(entry.kind === 'message' ? 'body' : '', t(`tickets.lost-${entry.kind}`));
  if (written === 'sent') return;
  if (entry.kind !== 'closed') await mailResource(req, ticket.number, mailed[entry.kind], entry.body);
  const message = entry.kind === 'message' ? `Message added to ticket ${ticket.number}` : `Ticket ${ticket.number} ${logged[entry.kind]}`;
  await recordPortalLog({ kind: 'ticket', message, accountId: account.id, contactId: account.contactId, loginRef: person.loginRef });
}

async function downloadFile(req: CustomerRequest): Promise<Reply> {
  return sendTicketFile(req, await demandTicket(req));
}

async function demandTicket(req: CustomerRequest): Promise<Ticket> {
  const ticket = await findTicket(req.account, String(req.params['number']).slice(0, 40), req.tenant.site.visibleTickets);
  if (!ticket) throw new NotFound('no such ticket');
  return ticket;
}

const pathOf = ({ number }: Ticket) => `/tickets/${number}`;

export const customerRoutes = [
  get('/tickets', showTickets),
  get('/tickets/:number', showTicket),
  post('/tickets/:number/messages', addMessage, { page: showTicket, outside: true, upload: ticketUpload }),
  post('/tickets/:number/closing', close, { page: showTicket }),
  post('/tickets/:number/reopening', reopen, { page: showTicket }),
  get('/tickets/:number/files/:id', downloadFile),
];
