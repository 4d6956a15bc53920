import { read } from '../platform/database.ts';
import { toCsv } from '../platform/csv.ts';
import { uuid } from '../platform/forms.ts';
import { file, page, type Reply } from '../platform/replies.ts';
import { get } from '../platform/routes.ts';
import { together } from '../platform/together.ts';
import { mayEnter } from '../staff-users/permissions.ts';
import { demandAccount, recordFrame } from '../account-record/record-page.ts';
import type { SearchHit } from '../tenancy/feature.ts';
import type { StaffRequest } from '../tenancy/people.ts';
import { countQueue, listQueue, readQueueSearch, shows } from './queue.ts';
import { listTickets } from '../tickets/ticket.ts';

const pageSize = 50;
const mostExported = 5000;

async function showQueue(req: StaffRequest): Promise<Reply> {
  const { search, errors } = readQueueSearch(req);
  const [{ rows, next }, counts] = await together(() => listQueue(search, req.staff.staffId, pageSize), () => countQueue(req.staff.staffId));
  const categories = [...new Set([...req.tenant.site.ticketCategories, ...(search.category ? [search.category] : [])])];
  return page('staff-tickets/queue', { title: req.t('tickets.title'), rows, next, search, shows, counts, categories, filterErrors: errors, mayEditReplies: mayEnter(req.staff, 'ticket-replies') });
}

/** What the filter shows, without the pages; at most 5,000 lines. */
async function exportQueue(req: StaffRequest): Promise<Reply> {
  const { t, formats, staff } = req;
  const { rows } = await listQueue({ ...readQueueSearch(req).search, after: null }, staff.staffId, mostExported);
  const head = ['number', 'opened-on', 'category', 'account', 'account-name', 'who', 'body-text', 'about', 'state', 'with'].map((name) => t(`tickets.${name}`));
  const lines = rows.map((row) => [row.number, formats.dateTime(row.createdAt), row.category, row.accountNumber, row.accountName, row.openedBy, row.body, row.about?.name ?? '', t(`tickets.staff-state-${row.state === 'closed' ? 'closed' : row.waitsFor === 'staff' ? 'open' : 'answered'}`), row.assignee ?? '']);
  return file({ name: `${t('tickets.title')}.csv`, type: 'text/csv; charset=utf-8', make: async () => toCsv(head, lines) });
}

/** A tab of the account's record. */
async function showOfAccount(req: StaffRequest): Promise<Reply> {
  const account = await demandAccount(req);
  const after = (name: string) => uuid.safeParse(req.query[name]).data;
  const [open, closed] = await together(() => listTickets(account.id, 'open', after('after')), () => listTickets(account.id, 'closed', after('closed')));
  return page('staff-tickets/of-account', { title: account.name, ...(await recordFrame(req, account)), open, closed });
}

/** By its number, with or without the letter before it. */
export async function findByNumber(_req: StaffRequest, typed: string): Promise<SearchHit[]> {
  const [, digits] = /^(?:t-?)?(\d{1,9})$/i.exec(typed.trim()) ?? [];
  if (!digits) return [];
  const rows = await read<{ number: string; category: string; account: string; body: string }>(
    'search-ticket',
    'select t.number, t.category, a.name as account, left(t.body, 80) as body from app.tickets t join app.accounts a on (a.tenant_id, a.id) = (t.tenant_id, t.account_id) where t.number = $1',
    [`T-${digits}`],
  );
  return rows.map(({ number, category, account, body }) => ({ path: `/staff/tickets/${number}`, title: `${number} ${category}`, detail: account, matched: body, isExact: /^t/i.test(typed.trim()) }));
}

const area = 'tickets';
export const listRoutes = [
  get('/staff/tickets', showQueue, { area }),
  get('/staff/tickets/export.csv', exportQueue, { area }),
  get('/staff/accounts/:number/tickets', showOfAccount, { area }),
];
