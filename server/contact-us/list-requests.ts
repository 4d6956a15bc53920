import { z } from 'zod';
import { read } from '../platform/database.ts';
import { fieldErrors, optionalDay, text, uuid } from '../platform/forms.ts';
import type { FieldErrors } from '../platform/errors.ts';
import type { StaffRequest } from '../tenancy/people.ts';
import type { ContactRequest } from './contact-request.ts';

export const shows = ['open', 'mine', 'unassigned', 'answered', 'closed', 'all'] as const;
type Show = (typeof shows)[number];

export interface InboxSearch {
  readonly show: Show;
  readonly q: string;
  readonly from: string | null;
  readonly to: string | null;
  readonly after: string | null;
}

export type ListedRequest = Pick<ContactRequest, 'id' | 'name' | 'email' | 'subject' | 'state' | 'createdAt' | 'assignee' | 'accountNumber' | 'accountName'>;

const form = z.object({ show: z.enum(shows, 'forms.wrong').default('open'), q: text(100).default(''), from: optionalDay, to: optionalDay, after: uuid.optional() });

/** A wrong search shows what is open, and says beside the field what is wrong. */
export function readInboxSearch({ query, t }: StaffRequest): { search: InboxSearch; errors: FieldErrors } {
  const result = form.safeParse(query);
  if (!result.success) return { search: { show: 'open', q: '', from: null, to: null, after: null }, errors: fieldErrors(result.error, t) };
  const { show, q, from = null, to = null, after = null } = result.data;
  return { search: { show, q, from, to, after }, errors: {} };
}

/** Newest first. The ids are in the order of time, so the last one of a page is the cursor of the next. */
export async function listContactRequests(search: InboxSearch, staffId: string, zone: string, size: number): Promise<{ rows: ListedRequest[]; next: string }> {
  const { show, q, from, to, after } = search;
  const like = q ? `%${q.replace(/[\\%_]/g, (sign) => `\\${sign}`)}%` : null;
  const rows = await read<ListedRequest & Record<string, unknown>>(`inbox-${show}`, listText(conditions[show]), [staffId, like, from, to, zone, after, size + 1]);
  return { rows: rows.slice(0, size), next: rows.length > size ? (rows[size - 1]?.id ?? '') : '' };
}

const conditions: Readonly<Record<Show, string>> = {
  open: `r.state = 'open'`,
  mine: `r.state <> 'closed' and r.assigned_to = $1`,
  unassigned: `r.state <> 'closed' and r.assigned_to is null`,
  answered: `r.state = 'answered'`,
  closed: `r.state = 'closed'`,
  all: 'true',
};

const listText = (condition: string) => `select r.id, r.name, r.email, r.subject, r.state, r.created_at as "createdAt", u.name as assignee, a.number as "accountNumber", a.name as "accountName"
  from app.contact_requests r
  left join app.staff_users u on (u.tenant_id, u.id) = (r.tenant_id, r.assigned_to)
  left join app.accounts a on (a.tenant_id, a.id) = (r.tenant_id, r.account_id)
 where ${condition} and $1::uuid is not null
   and ($2::text is null or r.subject ilike $2 or r.name ilike $2 or r.email ilike $2 or r.body ilike $2)
   and ($3::date is null or r.created_at >= $3::date::timestamp at time zone $5::text)
   and ($4::date is null or r.created_at < ($4::date + 1)::timestamp at time zone $5)
   and ($6::uuid is null or r.id < $6)
 order by r.id desc limit $7`;
