import { read } from '../platform/database.ts';
import type { CustomerAccount } from '../tenancy/people.ts';

export type TicketState = 'open' | 'closed';
export type EntryKind = 'message' | 'answer' | 'note' | 'closed' | 'reopened';

export interface TicketFile {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly bytes: number;
}

/** Something said or done on a ticket. Notes are for staff: the database shows them to nobody else. */
export interface TicketEntry {
  readonly id: string;
  readonly kind: EntryKind;
  readonly author: string;
  readonly isStaff: boolean;
  readonly body: string;
  readonly at: string;
  readonly files: readonly TicketFile[];
}

/** The thing that a ticket asks about (B-12), as its page is addressed: the number of an invoice, a payment or a visit. */
export interface TicketObject {
  readonly kind: 'invoice' | 'payment' | 'visit';
  readonly key: string;
  readonly name: string;
}

export interface TicketRow {
  readonly id: string;
  readonly number: string;
  readonly category: string;
  readonly body: string;
  readonly state: TicketState;
  readonly waitsFor: 'staff' | 'customer';
  readonly createdAt: string;
  readonly closedAt: string | null;
  readonly fileCount: number;
  readonly about: TicketObject | null;
}

export interface Ticket extends TicketRow {
  readonly accountId: string;
  readonly accountNumber: string;
  readonly accountName: string;
  readonly contactId: string | null;
  readonly openedBy: string;
  /** '' where there is none on file. */
  readonly email: string;
  readonly locale: string | null;
  /** Counts what has happened: who writes says what they have seen. */
  readonly version: number;
  readonly assignedTo: string | null;
  readonly assignee: string | null;
  readonly files: readonly TicketFile[];
  readonly entries: readonly TicketEntry[];
}

/** The account's ticket with that number, in a state that its people see; undefined for everything else. */
export async function findTicket(account: CustomerAccount, number: string, states: readonly TicketState[]): Promise<Ticket | undefined> {
  const [row] = await read<Ticket & Record<string, unknown>>('ticket', `${select} where t.account_id = $1 and t.number = $2 and t.state = any($3)`, [account.id, number, [...states]]);
  return row;
}

/** For staff. */
export async function findAnyTicket(number: string): Promise<Ticket | undefined> {
  const [row] = await read<Ticket & Record<string, unknown>>('any-ticket', `${select} where t.number = $1`, [number]);
  return row;
}

const pageSize = 20;

/** One page of an account's tickets in that state, newest first. Ids are in the order of time: the last one is the cursor of the next page. */
export async function listTickets(accountId: string, state: TicketState, after: string | undefined): Promise<{ rows: TicketRow[]; next: string }> {
  const text = `select ${rowColumns} from ${tables} where t.account_id = $1 and t.state = $2 and ($3::uuid is null or t.id < $3) order by t.id desc limit ${pageSize + 1}`;
  const rows = await read<TicketRow & Record<string, unknown>>('tickets', text, [accountId, state, after ?? null]);
  return { rows: rows.slice(0, pageSize), next: rows.length > pageSize ? (rows[pageSize - 1]?.id ?? '') : '' };
}

/** A file of one of the account's tickets, or of any for staff; undefined for what hangs on a note or on something else. */
export async function findTicketFile(ticketId: string, id: string): Promise<(TicketFile & { readonly storedAs: string }) | undefined> {
  const text = `select f.id, s.name, s.type, s.bytes, s.stored_as as "storedAs" from app.ticket_files f join app.files s on (s.tenant_id, s.id) = (f.tenant_id, f.file_id) where f.ticket_id = $1 and f.id = $2`;
  const [row] = await read<TicketFile & { storedAs: string } & Record<string, unknown>>('ticket-file', text, [ticketId, id]);
  return row;
}

/** What a line of a short list shows of tickets t. */
export const lineColumns = `t.id, t.number, t.category, t.body, t.state, t.waits_for as "waitsFor", t.created_at as "createdAt", t.closed_at as "closedAt",
  (select count(*)::int from app.ticket_files f where (f.tenant_id, f.ticket_id) = (t.tenant_id, t.id)) as "fileCount"`;

export const rowColumns = `${lineColumns},
  case when i.id is not null then jsonb_build_object('kind', 'invoice', 'key', i.number, 'name', i.number)
       when p.id is not null then jsonb_build_object('kind', 'payment', 'key', p.number, 'name', p.number)
       when v.id is not null then jsonb_build_object('kind', 'visit', 'key', v.number, 'name', v.title) end as about`;

export const tables = `app.tickets t
  left join app.invoices i on (i.tenant_id, i.id) = (t.tenant_id, t.invoice_id)
  left join app.payments p on (p.tenant_id, p.id) = (t.tenant_id, t.payment_id)
  left join app.visits v on (v.tenant_id, v.id) = (t.tenant_id, t.visit_id)`;

const filesOf = (condition: string) => `(select coalesce(jsonb_agg(jsonb_build_object('id', f.id, 'name', s.name, 'type', s.type, 'bytes', s.bytes) order by f.id), '[]')
    from app.ticket_files f join app.files s on (s.tenant_id, s.id) = (f.tenant_id, f.file_id) where (f.tenant_id, f.ticket_id) = (t.tenant_id, t.id) and ${condition})`;

const select = `select ${rowColumns}, t.account_id as "accountId", a.number as "accountNumber", a.name as "accountName", t.contact_id as "contactId", t.opened_by as "openedBy",
    coalesce(c.email, '') as email, l.locale, t.version, t.assigned_to as "assignedTo", u.name as assignee, ${filesOf('f.entry_id is null')} as files,
    (select coalesce(jsonb_agg(jsonb_build_object('id', e.id, 'kind', e.kind, 'author', e.author, 'isStaff', e.staff_id is not null, 'body', e.body, 'at', e.at, 'files', ${filesOf('f.entry_id = e.id')}) order by e.id), '[]')
       from app.ticket_entries e where (e.tenant_id, e.ticket_id) = (t.tenant_id, t.id)) as entries
  from ${tables}
  join app.accounts a on (a.tenant_id, a.id) = (t.tenant_id, t.account_id)
  left join app.contacts c on (c.tenant_id, c.id) = (t.tenant_id, t.contact_id)
  left join app.logins l on (l.tenant_id, l.id) = (c.tenant_id, c.login_ref)
  left join app.staff_users u on (u.tenant_id, u.id) = (t.tenant_id, t.assigned_to)`;
