import { mask } from '../messages/mail.ts';
import type { Renewal } from '../messages/types.ts';
import { read, run } from '../platform/database.ts';
import { NotFound } from '../platform/errors.ts';
import { uuid } from '../platform/forms.ts';
import type { StaffRequest } from '../tenancy/people.ts';
import type { SentMail } from './search-mail.ts';

/** One mail of the history with its copy. */
export interface Message extends SentMail {
  readonly writtenAt: Date;
  /** As it was sent, secrets masked; '' when it is kept no longer. */
  readonly text: string;
  readonly hasSecret: boolean;
  readonly renewal: Renewal | null;
  readonly error: string | null;
  readonly tries: number | null;
  readonly resentAt: Date | null;
  readonly contactId: string | null;
  readonly contactName: string | null;
  /** Where the contact reads mail now, which may be elsewhere. */
  readonly contactEmail: string | null;
  readonly accountNumber: string | null;
  readonly accountName: string | null;
}

/** The mail of this address. Throws NotFound. */
export async function demandMessage({ params }: StaffRequest): Promise<Message> {
  const id = uuid.safeParse(params['id']);
  const [message] = id.success ? await read<Message & Record<string, unknown>>('staff-message', select, [id.data, mask]) : [];
  if (!message) throw new NotFound('no such mail');
  return message;
}

const select = `select m.id, coalesce(m.sent_at, m.created_at) as "sentAt", m.created_at as "writtenAt", m.status, m.type, m.subject, m.recipient, m.to_address as "to", m.from_address as "from",
    m.text_body as text, strpos(m.text_body, $2) > 0 as "hasSecret", m.renewal, m.error, o.tries, m.resent_at as "resentAt",
    c.id as "contactId", concat_ws(' ', c.first_name, c.last_name) as "contactName", c.email as "contactEmail", a.number as "accountNumber", a.name as "accountName"
  from app.messages m left join app.outbox o on (o.tenant_id, o.message_id) = (m.tenant_id, m.id)
  left join app.contacts c on c.id = m.contact_id left join app.accounts a on a.id = coalesce(m.account_id, c.account_id) where m.id = $1`;

/** Whether this press may send it again: of two within a minute one may. */
export async function takeResending(id: string): Promise<boolean> {
  const taken = await run(`update app.messages set resent_at = now() where id = $1 and (resent_at is null or resent_at < now() - interval '1 minute') returning id`, [id]);
  return taken.length > 0;
}
