import { drawNumber } from '../ledger/numbers.ts';
import { read } from '../platform/database.ts';
import { hangFiles } from '../ticket-files/keep-files.ts';
import type { About } from './about.ts';
import type { EntryKind, Ticket } from './ticket.ts';

export interface NewTicket {
  /** The same form sent twice is one ticket. */
  readonly requestKey: string;
  readonly accountId: string;
  readonly contactId: string;
  readonly openedBy: string;
  readonly category: string;
  readonly body: string;
  readonly about: About | undefined;
  /** The email of whom it goes to; '' for an owner. */
  readonly resource: string;
  readonly fileIds: readonly string[];
}

/** S4-19 S4-20: assigned to the account and to a resource; to an owner where that one is not (or no more) on the staff. `isNew` is false for a form that came before. */
export async function openTicket({ requestKey, accountId, contactId, openedBy, category, body, about, resource, fileIds }: NewTicket): Promise<{ number: string; isNew: boolean }> {
  const sent = () => read<{ number: string }>('ticket-sent', 'select number from app.tickets where account_id = $1 and request_key = $2', [accountId, requestKey]);
  const [earlier] = await sent();
  if (earlier) return { number: earlier.number, isNew: false };
  const number = await drawNumber('tickets');
  const [made] = await read<{ id: string }>('open-ticket', insert, [
    requestKey, accountId, contactId, openedBy, number, category, body, resource,
    ...(['invoice', 'payment', 'visit'] as const).map((kind) => (about?.kind === kind ? about.id : null)),
  ]);
  if (!made) return { number: (await sent())[0]?.number ?? '', isNew: false };
  await hangFiles(fileIds, { ticketId: made.id, accountId });
  return { number, isNew: true };
}

const insert = `insert into app.tickets (request_key, account_id, contact_id, opened_by, number, category, body, assigned_to, invoice_id, payment_id, visit_id)
  values ($1, $2, $3, $4, $5, $6, $7, (select id from app.staff_users where ended_at is null and (lower(email) = lower($8::text) or role = 'owner') order by lower(email) = lower($8) desc, id limit 1), $9, $10, $11)
  on conflict (tenant_id, request_key) do nothing returning id`;

/** Who writes. */
export type Author = { readonly name: string; readonly contactId: string } | { readonly name: string; readonly staffId: string };

export interface NewEntry {
  readonly kind: EntryKind;
  readonly author: Author;
  readonly body: string;
  readonly requestKey?: string;
  readonly fileIds?: readonly string[];
}

/** What became of it: 'sent' is a form that came before, 'lost' is one that something else on the ticket has overtaken. */
export type Written = 'done' | 'sent' | 'lost';

/**
 * Writes an entry, and what follows from it for the ticket, if the ticket still is in the state the entry asks for. `seen`: only as
 * long as nothing has happened since that version.
 */
export async function writeEntry(ticket: Pick<Ticket, 'id' | 'accountId'>, entry: NewEntry, { seen = null, within = null }: { seen?: number | null; within?: number | null } = {}): Promise<Written> {
  // Locked before it is looked at: of two equal forms at once the second one sees the first.
  await read('lock-ticket', 'select id from app.tickets where id = $1 for update', [ticket.id]);
  if (entry.requestKey && (await wasSent(ticket.id, entry.requestKey))) return 'sent';
  const moved = await read(`move-ticket-${entry.kind}`, moves[entry.kind], [ticket.id, seen, within]);
  if (moved.length === 0) return 'lost';
  const { author } = entry;
  const [made] = await read<{ id: string }>(
    'write-ticket-entry',
    `insert into app.ticket_entries (ticket_id, account_id, kind, contact_id, staff_id, author, body, request_key) values ($1, $2, $3, $4, $5, $6, $7, $8) returning id`,
    [ticket.id, ticket.accountId, entry.kind, 'contactId' in author ? author.contactId : null, 'staffId' in author ? author.staffId : null, author.name, entry.body, entry.requestKey ?? null],
  );
  await hangFiles(entry.fileIds ?? [], { ticketId: ticket.id, entryId: made?.id, accountId: ticket.accountId });
  return 'done';
}

async function wasSent(ticketId: string, requestKey: string): Promise<boolean> {
  return (await read('ticket-entry-sent', 'select id from app.ticket_entries where ticket_id = $1 and request_key = $2', [ticketId, requestKey])).length > 0;
}

const move = (changes: string, condition: string) => `update app.tickets set ${changes} where id = $1 and ${condition} and ($2::int is null or version = $2)
  and ($3::int is null or closed_at > now() - make_interval(days => $3)) returning id`;

const moves: Readonly<Record<EntryKind, string>> = {
  message: move(`waits_for = 'staff', version = version + 1`, `state = 'open'`),
  answer: move(`waits_for = 'customer', version = version + 1, first_answered_at = coalesce(first_answered_at, now())`, `state = 'open'`),
  note: move('version = version', 'true'),
  closed: move(`state = 'closed', closed_at = now(), version = version + 1`, `state = 'open'`),
  reopened: move(`state = 'open', closed_at = null, waits_for = 'staff', version = version + 1`, `state = 'closed'`),
};
