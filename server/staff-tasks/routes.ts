import { z } from 'zod';
import { NotFound } from '../platform/errors.ts';
import { uuid } from '../platform/forms.ts';
import { page, seeOther, type Reply } from '../platform/replies.ts';
import { get, post } from '../platform/routes.ts';
import { setFlash } from '../platform/session.ts';
import type { StaffRequest } from '../tenancy/people.ts';
import { assignTask, finishTask, listTasks, reopenTask } from './staff-task.ts';

const choices = ['open', 'mine', 'done'] as const;
const queryForm = z.object({ show: z.enum(choices).catch('open'), after: uuid.optional().catch(undefined) });

async function showTasks(req: StaffRequest): Promise<Reply> {
  const { show, after } = queryForm.parse(req.query);
  const { rows, next } = await listTasks({ done: show === 'done', mine: show === 'mine' ? req.staff.staffId : null }, after);
  return page('staff-tasks/list', { title: req.t('staff-tasks.title'), rows, next, show, choices });
}

async function assign(req: StaffRequest): Promise<Reply> {
  const isTaken = (req.body as { give?: unknown }).give !== 'back';
  if (!(await assignTask(idOf(req), isTaken ? req.staff.staffId : null))) throw new NotFound('no such open task');
  setFlash(req, 'success', req.t(isTaken ? 'staff-tasks.is-yours' : 'staff-tasks.is-nobodys'));
  return seeOther('/staff/tasks');
}

async function finish(req: StaffRequest): Promise<Reply> {
  if (!(await finishTask(idOf(req), req.staff.staffId))) throw new NotFound('no such open task');
  setFlash(req, 'success', req.t('staff-tasks.is-done'));
  return seeOther('/staff/tasks');
}

async function reopen(req: StaffRequest): Promise<Reply> {
  if (!(await reopenTask(idOf(req)))) throw new NotFound('no such task that is done');
  setFlash(req, 'success', req.t('staff-tasks.is-open'));
  return seeOther('/staff/tasks');
}

function idOf(req: StaffRequest): string {
  const id = uuid.safeParse(req.params['id']);
  if (!id.success) throw new NotFound('no such task');
  return id.data;
}

const area = 'accounts';
export const taskRoutes = [
  get('/staff/tasks', showTasks, { area }),
  post('/staff/tasks/:id/assignment', assign, { area }),
  post('/staff/tasks/:id/completion', finish, { area }),
  post('/staff/tasks/:id/reopening', reopen, { area }),
];
