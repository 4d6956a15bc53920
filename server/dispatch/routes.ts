import { z } from 'zod';
import { isCalendarDay } from '../platform/forms.ts';
import { events, page, seeOther, type Reply } from '../platform/replies.ts';
import { get, post } from '../platform/routes.ts';
import { setFlash } from '../platform/session.ts';
import type { StaffRequest } from '../tenancy/people.ts';
import { findStaffVisit } from '../staff-visits/staff-visit.ts';
import { isStream } from '../visits/routes.ts';
import { addDays, listResources, mondayOf, readBoard } from './board.ts';
import { moveVisit } from './move-visit.ts';
import { addResource, editResource, showResources } from './resources.ts';

/** The waiting list beside a week of days and resources. */
async function showBoard(req: StaffRequest): Promise<Reply> {
  const { site } = req.tenant;
  const monday = mondayOf(weekOf(req) ?? site.today());
  const board = await readBoard(monday, site);
  return page('dispatch/board', { title: req.t('dispatch.title'), ...board, monday, today: site.today(), before: addDays(monday, -7), after: addDays(monday, 7) });
}

/** Tells open boards that some visit has changed. */
function watchBoard(req: StaffRequest): Reply {
  return isStream(req) ? events(null) : seeOther('/staff/dispatch');
}

/** The same move by form: for the keyboard, a small screen, and without script. Refused, it shows what is there beside what was wanted. */
async function showMove(req: StaffRequest): Promise<Reply> {
  const visit = await findStaffVisit(String(req.params['number']), req.tenant.site.zone);
  if (visit.status !== 'waiting' && visit.status !== 'scheduled' && !req.errors) return seeOther(`/staff/visits/${encodeURIComponent(visit.number)}`);
  const { site } = req.tenant;
  const day = visit.day ?? site.today();
  const resources = (await listResources()).filter(({ id, isActive }) => isActive || id === visit.resourceId);
  return page('dispatch/move', { title: req.t('dispatch.move-title', { title: visit.title }), visit, day, resources, week: weekOf(req) ?? day });
}

async function move(req: StaffRequest): Promise<Reply> {
  const moved = await moveVisit(String(req.params['number']), req);
  const { t, formats } = req;
  const { number, startsAt, endsAt, overlaps } = moved;
  if (overlaps.length) setFlash(req, 'warning', t('dispatch.moved-overlapping', { number, others: overlaps.join(', ') }));
  else setFlash(req, 'success', startsAt && endsAt ? t('dispatch.moved', { number, window: formats.window(startsAt, endsAt) }) : t('dispatch.moved-back', { number }));
  return seeOther(`/staff/dispatch?week=${weekOf(req) ?? (startsAt ? formats.dayOf(startsAt) : '')}`);
}

/** Of the address or the form; a wrong one is this week. */
function weekOf(req: StaffRequest): string | undefined {
  const given: unknown = (req.body as { week?: unknown } | undefined)?.week ?? req.query['week'];
  const parsed = z.string().refine(isCalendarDay).safeParse(given);
  return parsed.success ? parsed.data : undefined;
}

const area = 'dispatch';
export const dispatchRoutes = [
  get('/staff/dispatch', showBoard, { area }),
  get('/staff/dispatch/changes', watchBoard, { area }),
  get('/staff/dispatch/moves/:number', showMove, { area }),
  post('/staff/dispatch/moves/:number', move, { area, page: showMove }),
  get('/staff/dispatch/resources', showResources, { area }),
  post('/staff/dispatch/resources', addResource, { area, page: showResources }),
  post('/staff/dispatch/resources/:id', editResource, { area, page: showResources }),
];
