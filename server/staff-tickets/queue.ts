import { z } from 'zod';
import { read } from '../platform/database.ts';
import { fieldErrors, text, uuid } from '../platform/forms.ts';
import type { FieldErrors } from '../platform/errors.ts';
import type { StaffRequest } from '../tenancy/people.ts';
import { rowColumns, tables, type Ticket } from '../tickets/ticket.ts';

export const shows = ['waiting', 'open', 'mine', 'unassigned', 'closed', 'all'] as const;
export type Show = (typeof shows)[number];

export interface QueueSearch {
  readonly show: Show;
  readonly category: string;
  readonly q: string;
  readonly after: string | null;
}

export type QueuedTicket = Pick<Ticket, 'id' | 'number' | 'category' | 'body' | 'state' | 'waitsFor' | 'createdAt' | 'fileCount' | 'about' | 'openedBy' | 'assignee' | 'accountNumber' | 'accountName'>;

const form = z.object({ show: z.enum(shows, 'forms.wrong').default('waiting'), category: text(60).default(''), q: text(100, { anyNumber: true }).default(''), after: uuid.optional() });

/** A wrong search shows what waits for staff, and says beside the field what is wrong. */
export function readQueueSearch({ query, t }: StaffRequest): { search: QueueSearch; errors: FieldErrors } {
  const result = form.safeParse(query);
  if (!result.success) return { search: { show: 'waiting', category: '', q: '', after: null }, errors: fieldErrors(result.error, t) };
  const { show, category, q, after = null } = result.data;
  return { search: { show, category, q, after }, errors: {} };
}

/** What waits for staff: who has waited longest comes first. Everything else: newest first. */
export async function listQueue({ show, category, q, after }: QueueSearch, staffId: string, size: number): Promise<{ rows: QueuedTicket[]; next: string }> {
  const like = q ? `%${q.replace(/[\\%_]/g, (sign) => `\\${sign}`)}%` : null;
  const rows = await read<QueuedTicket & Record<string, unknown>>(`ticket-queue-${show}`, queueText(show), [staffId, category || null, like, after, size + 1]);
  return { rows: rows.slice(0, size), next: rows.length > size ? (rows[size - 1]?.id ?? '') : '' };
}

/** How many of each, whatever the category. */
export async function countQueue(staffId: string): Promise<Readonly<Partial<Record<Show, number>>>> {
  const open = shows.filter((show) => show !== 'closed' && show !== 'all').map((show) => `'${show}', count(*) filter (where ${conditions[show]})`);
  const [row] = await read<{ counts: Partial<Record<Show, number>> }>('ticket-counts', `select jsonb_build_object(${open.join(', ')}) as counts from app.tickets t where t.state = 'open' and $1::uuid is not null`, [staffId]);
  return row?.counts ?? {};
}

const conditions: Readonly<Record<Show, string>> = {
  waiting: `t.state = 'open' and t.waits_for = 'staff'`,
  open: `t.state = 'open'`,
  mine: `t.state = 'open' and t.assigned_to = $1`,
  unassigned: `t.state = 'open' and t.assigned_to is null`,
  closed: `t.state = 'closed'`,
  all: 'true',
};

function queueText(show: Show): string {
  const [order, beyond] = show === 'waiting' ? ['asc', '>'] : ['desc', '<'];
  return `select ${rowColumns}, t.opened_by as "openedBy", u.name as assignee, a.number as "accountNumber", a.name as "accountName"
    from ${tables}
    join app.accounts a on (a.tenant_id, a.id) = (t.tenant_id, t.account_id)
    left join app.staff_users u on (u.tenant_id, u.id) = (t.tenant_id, t.assigned_to)
   where ${conditions[show]} and $1::uuid is not null and ($2::text is null or t.category = $2)
     and ($3::text is null or t.number ilike $3 or t.body ilike $3 or t.opened_by ilike $3 or a.name ilike $3)
     and ($4::uuid is null or t.id ${beyond} $4)
   order by t.id ${order} limit $5`;
}
