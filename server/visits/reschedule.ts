import { z } from 'zod';
import { read } from '../platform/database.ts';
import { NotFound } from '../platform/errors.ts';
import { isoDay, readForm, refuse, text } from '../platform/forms.ts';
import { page, seeOther, type Reply } from '../platform/replies.ts';
import { get, post } from '../platform/routes.ts';
import { setFlash } from '../platform/session.ts';
import type { Site } from '../site/site.ts';
import { makeTask } from '../staff-tasks/staff-task.ts';
import type { CustomerRequest } from '../tenancy/people.ts';
import { findVisitOr404, type Visit } from './visit.ts';

/** Somebody's wish for another time, and what became of it. */
export interface RescheduleRequest {
  readonly id: string;
  readonly wantedOn: string;
  readonly part: 'any' | 'morning' | 'afternoon';
  readonly message: string;
  readonly state: 'open' | 'moved' | 'declined' | 'withdrawn';
  readonly answer: string;
  readonly createdAt: Date;
  readonly answeredAt: Date | null;
}

/** The wishes for one visit, the latest first. */
export function listRequests(visitId: string): Promise<RescheduleRequest[]> {
  return read<RescheduleRequest & Record<string, unknown>>('reschedule-requests', `select id, wanted_on as "wantedOn", part, message, state, answer, created_at as "createdAt", answered_at as "answeredAt"
    from app.reschedule_requests where visit_id = $1 order by id desc limit 20`, [visitId]);
}

/** Whether another time can be asked for now: it is scheduled, far enough away, nothing is open and it was not asked too often. */
export function mayReschedule(visit: Visit, requests: readonly RescheduleRequest[], site: Site): boolean {
  const hours = site.rescheduleHours;
  if (hours === null || visit.status !== 'scheduled' || !visit.startsAt || requests.length >= site.mostReschedules) return false;
  return !requests.some(({ state }) => state === 'open') && visit.startsAt.getTime() > Date.now() + hours * 3_600_000;
}

/** Ends what is open about a visit, with the task that it has made. Does nothing where nothing is. */
export async function answerRequests(visitId: string, given: { state: 'moved' | 'declined'; staffId: string; answer?: string }): Promise<number> {
  const answered = await read<{ id: string }>('reschedule-answered', `update app.reschedule_requests set state = $2, answer = $3, answered_at = now(), answered_by = $4 where visit_id = $1 and state = 'open' returning id`, [visitId, given.state, given.answer ?? '', given.staffId]);
  for (const { id } of answered) await read('reschedule-task-done', `update app.staff_tasks set done_at = now(), done_by = $2 where kind = 'reschedule' and source = $1 and done_at is null`, [id, given.staffId]);
  return answered.length;
}

async function showForm(req: CustomerRequest): Promise<Reply> {
  const visit = await findVisitOr404(req);
  if (!req.errors && !mayReschedule(visit, await listRequests(visit.id), req.tenant.site)) return seeOther(`/services/${encodeURIComponent(visit.number)}`);
  return page('visits/reschedule', { title: req.t('visits.reschedule'), visit, today: req.tenant.site.today() });
}

/** Becomes a task of staff. One conditional statement: too late, too often or a second time at once asks for nothing. */
async function ask(req: CustomerRequest): Promise<Reply> {
  const visit = await findVisitOr404(req);
  const { account, tenant: { site }, t } = req;
  const hours = site.rescheduleHours;
  if (hours === null) throw new NotFound('nobody may ask for another time here');
  const { day, part, message } = readForm(askForm, req.body, t);
  if (day < site.today()) refuse('day', t('visits.day-is-over'));
  const [asked] = await read<{ id: string }>('reschedule-ask', askText, [visit.id, account.id, account.contactId, day, part, message, hours, site.mostReschedules]);
  if (!asked) refuse('', t('visits.too-late-to-ask'));
  await makeTask({ kind: 'reschedule', accountId: account.id, contactId: account.contactId, source: asked.id, details: { visit: visit.number, message: message ? `${site.formats().nearDate(day)}: ${message}` : site.formats().nearDate(day) } });
  setFlash(req, 'success', t('visits.asked'));
  return seeOther(`/services/${encodeURIComponent(visit.number)}`);
}

async function withdraw(req: CustomerRequest): Promise<Reply> {
  const visit = await findVisitOr404(req);
  const [gone] = await read<{ id: string }>('reschedule-withdraw', `update app.reschedule_requests set state = 'withdrawn', answered_at = now() where visit_id = $1 and account_id = $2 and state = 'open' returning id`, [visit.id, req.account.id]);
  if (gone) await read('reschedule-task-gone', `update app.staff_tasks set done_at = now() where account_id = $2 and kind = 'reschedule' and source = $1 and done_at is null`, [gone.id, req.account.id]);
  setFlash(req, gone ? 'success' : 'info', req.t(gone ? 'visits.withdrawn' : 'visits.nothing-to-withdraw'));
  return seeOther(`/services/${encodeURIComponent(visit.number)}`);
}

const askForm = z.object({ day: isoDay, part: z.enum(['any', 'morning', 'afternoon'], 'forms.wrong').default('any'), message: text(500).default('') });

const askText = `insert into app.reschedule_requests (account_id, visit_id, contact_id, wanted_on, part, message)
  select v.account_id, v.id, $3::uuid, $4::date, $5, $6 from app.visits v
   where v.id = $1 and v.account_id = $2 and v.status = 'scheduled' and v.starts_at > now() + make_interval(hours => $7::int)
     and (select count(*) from app.reschedule_requests q where (q.tenant_id, q.visit_id) = (v.tenant_id, v.id)) < $8::int
  on conflict (tenant_id, visit_id) where state = 'open' do nothing returning id`;

export const rescheduleRoutes = [
  get('/services/:number/reschedule', showForm),
  post('/services/:number/reschedule', ask, { page: showForm }),
  post('/services/:number/reschedule/withdrawal', withdraw),
];
