import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { page, seeOther, type Page, type Reply } from '../platform/replies.ts';
import { get, post } from '../platform/routes.ts';
import { uuid } from '../platform/forms.ts';
import { setFlash } from '../platform/session.ts';
import { recordPortalLog } from '../portal-log/portal-log.ts';
import type { CustomerRequest } from '../tenancy/people.ts';
import { again } from '../walk/walk.ts';
import { readAbout } from './about.ts';
import { readWithFiles, ticketUpload, writing } from '../ticket-files/forms.ts';
import { withFiles } from '../ticket-files/keep-files.ts';
import { mailReceipt, mailResource } from './mail.ts';
import { readPace } from './pace.ts';
import { findTicket } from './ticket.ts';
import { openTicket } from './write-ticket.ts';

/** S4-15: a page; with script, what a dialog shows. */
async function showForm(req: CustomerRequest): Promise<Page> {
  const about = await readAbout(req.typed?.['about'] ?? req.query['about'], req);
  return page('tickets/new', { title: req.t('tickets.open-one'), about, requestKey: randomUUID(), pace: await readPace(req.t) });
}

/** S4-16 to S4-20: category and text make a ticket. */
async function submit(req: CustomerRequest): Promise<Reply> {
  const { tenant, outside, account, t } = req;
  const { site } = tenant;
  await outside.limits.take('tickets', `${tenant.id} ${req.person.loginRef}`);
  const category = z.string('forms.required').refine((typed) => site.ticketCategories.includes(typed), 'forms.required');
  const { form, files } = await readWithFiles(z.object({ category, body: writing, requestKey: uuid }), req, { longest: site.ticketCharacters });
  const number = await withFiles(outside, tenant.id, account.id, files, (fileIds) => again(req, async () => {
    const about = await readAbout((req.body as Record<string, unknown>)['about'], req);
    const made = await openTicket({ ...form, about, fileIds, accountId: account.id, contactId: account.contactId, openedBy: nameOf(req), resource: site.ticketResource(form.category) });
    if (made.isNew) await tell(req, made.number);
    return made.number;
  }));
  setFlash(req, 'success', t('tickets.opened', { number }));
  return seeOther(site.visibleTickets.length > 0 ? `/tickets/${number}` : '/tickets');
}

async function tell(req: CustomerRequest, number: string): Promise<void> {
  const ticket = await findTicket(req.account, number, ['open']);
  if (!ticket) return;
  await mailReceipt(req, ticket);
  await mailResource(req, number, 'opened', ticket.body);
  const about = ticket.about ? ` About: ${ticket.about.name}` : '';
  await recordPortalLog({ kind: 'ticket', message: `Ticket ${number} opened Category: ${ticket.category}${about}`, accountId: ticket.accountId, contactId: req.account.contactId, loginRef: req.person.loginRef });
}

export const nameOf = ({ account, person }: CustomerRequest): string => account.contactName || person.loginId;

export const submitRoutes = [
  get('/tickets/new', showForm),
  post('/tickets/new', submit, { page: showForm, outside: true, upload: ticketUpload }),
];
