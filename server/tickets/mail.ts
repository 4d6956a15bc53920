import { addressIn, mailTo, type Sender } from '../links/link-mail.ts';
import { queueMail, type MailBlock } from '../messages/mail.ts';
import { read } from '../platform/database.ts';
import type { Ticket } from './ticket.ts';

const type = 'Ticket';
export type Event = 'opened' | 'message' | 'reopened';
export type StaffEvent = 'answered' | 'closed' | 'reopened-by-staff';

/** To whom the ticket is assigned: a customer has written. */
export async function mailResource({ outside, tenant }: Sender, number: string, event: Event, body: string): Promise<void> {
  const [to] = await read<{ email: string; name: string; locale: string | null; accountId: string; account: string; category: string }>(
    'ticket-resource',
    `select u.email, u.name, u.locale, a.id as "accountId", a.name as account, t.category from app.tickets t join app.accounts a on (a.tenant_id, a.id) = (t.tenant_id, t.account_id)
       join app.staff_users u on (u.tenant_id, u.id) = (t.tenant_id, t.assigned_to) where t.number = $1 and u.ended_at is null`,
    [number],
  );
  if (!to) return;
  const t = tenant.site.translate(tenant.site.language(to.locale));
  const values = { number, account: to.account, category: to.category };
  await queueMail(outside, tenant, {
    type, to: to.email, recipient: to.name, locale: to.locale, accountId: to.accountId,
    subject: t(`tickets.mail-staff-${event}-subject`, values),
    blocks: [{ text: t(`tickets.mail-staff-${event}`, values) }, ...quote(body), { link: t('tickets.mail-staff-link'), url: addressIn({ outside, tenant }, `/staff/tickets/${number}`) }],
  });
}

/** S4-16: whoever opened it is told that it has arrived. */
export async function mailReceipt(sender: Sender, ticket: Ticket): Promise<void> {
  await mailCustomer(sender, ticket, 'opened', ticket.body);
}

/** To whom opened it, in their language; to nobody where no address is on file. */
export async function mailCustomer(sender: Sender, ticket: Ticket, event: StaffEvent | 'opened', body: string): Promise<void> {
  const { email, openedBy, locale, accountId, contactId, number, category, state } = ticket;
  if (!email) return;
  const isSeen = sender.tenant.site.visibleTickets.includes(event === 'closed' ? 'closed' : event === 'opened' ? 'open' : state);
  await mailTo(sender, { name: openedBy, email, locale, accountId, contactId: contactId ?? undefined }, (t) => ({
    type,
    subject: t(`tickets.mail-${event}-subject`, { number }),
    blocks: [
      { text: t(`tickets.mail-${event}`, { number, category, name: openedBy }) }, ...quote(body),
      ...(isSeen ? [{ link: t('tickets.mail-link'), url: addressIn(sender, `/tickets/${number}`) }] : []),
    ],
  }));
}

const quote = (body: string): MailBlock[] => (body ? [{ text: body }] : []);
