import { z } from 'zod';
import { read } from '../platform/database.ts';
import { NotFound } from '../platform/errors.ts';
import { readForm, refuse, required, uuid } from '../platform/forms.ts';
import { page, seeOther, type Reply } from '../platform/replies.ts';
import { get, post } from '../platform/routes.ts';
import { setFlash } from '../platform/session.ts';
import type { StaffRequest } from '../tenancy/people.ts';

/** An answer that staff have ready. '{name}' in it stands for whom it goes to. */
export interface SavedReply {
  readonly id: string;
  readonly title: string;
  readonly body: string;
  readonly version: number;
}

const most = 200;

export function listReplies(): Promise<SavedReply[]> {
  return read<SavedReply & Record<string, unknown>>('ticket-replies', `select id, title, body, version from app.ticket_replies order by lower(title), id limit ${most}`);
}

async function showReplies(req: StaffRequest): Promise<Reply> {
  return page('ticket-replies/list', { title: req.t('tickets.replies'), replies: await listReplies() });
}

function showNew(req: StaffRequest): Reply {
  return page('ticket-replies/reply', { title: req.t('tickets.reply-new'), reply: null });
}

async function showReply(req: StaffRequest): Promise<Reply> {
  return page('ticket-replies/reply', { title: req.t('tickets.reply-edit'), reply: await demandReply(req) });
}

async function add(req: StaffRequest): Promise<Reply> {
  const { title, body } = readForm(replyForm, req.body, req.t);
  await refuseTaken(title, null, req);
  const added = await read('add-ticket-reply', `insert into app.ticket_replies (title, body) select $1, $2 where (select count(*) from app.ticket_replies) < ${most} on conflict do nothing returning id`, [title, body]);
  if (added.length === 0) refuse('', req.t('tickets.reply-full', { most }));
  setFlash(req, 'success', req.t('tickets.reply-saved', { title }));
  return seeOther('/staff/tickets/replies');
}

/** Of two who change one at once, the second one is told. */
async function change(req: StaffRequest): Promise<Reply> {
  const { id } = await demandReply(req);
  const { title, body, version } = readForm(replyForm.extend({ version: z.coerce.number('forms.wrong').int('forms.wrong').min(1, 'forms.wrong').max(1e9, 'forms.wrong') }), req.body, req.t);
  await refuseTaken(title, id, req);
  const changed = await read('change-ticket-reply', 'update app.ticket_replies set title = $2, body = $3, version = version + 1 where id = $1 and version = $4 returning id', [id, title, body, version]);
  if (changed.length === 0) refuse('', req.t('tickets.reply-meanwhile'));
  setFlash(req, 'success', req.t('tickets.reply-saved', { title }));
  return seeOther('/staff/tickets/replies');
}

async function remove(req: StaffRequest): Promise<Reply> {
  const { id, title } = await demandReply(req);
  await read('remove-ticket-reply', 'delete from app.ticket_replies where id = $1', [id]);
  setFlash(req, 'success', req.t('tickets.reply-removed', { title }));
  return seeOther('/staff/tickets/replies');
}

const replyForm = z.object({ title: required(80), body: required(4000) });

async function refuseTaken(title: string, id: string | null, req: StaffRequest): Promise<void> {
  const taken = await read('ticket-reply-taken', 'select 1 from app.ticket_replies where lower(title) = lower($1) and id is distinct from $2::uuid', [title, id]);
  if (taken.length > 0) refuse('title', req.t('tickets.reply-taken'));
}

async function demandReply(req: StaffRequest): Promise<SavedReply> {
  const id = uuid.safeParse(req.params['id']);
  const [row] = id.success ? await read<SavedReply & Record<string, unknown>>('ticket-reply', 'select id, title, body, version from app.ticket_replies where id = $1', [id.data]) : [];
  if (!row) throw new NotFound('no such reply');
  return row;
}

const area = 'ticket-replies';
export const replyRoutes = [
  get('/staff/tickets/replies', showReplies, { area }),
  get('/staff/tickets/replies/new', showNew, { area }),
  post('/staff/tickets/replies/new', add, { area, page: showNew }),
  get('/staff/tickets/replies/:id', showReply, { area }),
  post('/staff/tickets/replies/:id', change, { area, page: showReply }),
  post('/staff/tickets/replies/:id/removal', remove, { area, page: showReply }),
];
