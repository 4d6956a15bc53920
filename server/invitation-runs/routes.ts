import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { fillTags, letterErrors, readLetter, tagValues } from '../invitation-letter/letter.ts';
import { toCsv } from '../platform/csv.ts';
import { NotFound, Refused } from '../platform/errors.ts';
import { readForm, refuse, uuid } from '../platform/forms.ts';
import { file, page, seeOther, type Reply } from '../platform/replies.ts';
import { get, post } from '../platform/routes.ts';
import type { StaffRequest } from '../tenancy/people.ts';
import { countStages, listInvited, stages } from './adoption.ts';
import { choiceForm, countVerdicts, listAllJudged, listJudged, readChoice, reasons, stageChoices, whoChoices } from './choice.ts';
import { findRun, newestRuns, startRun } from './runs.ts';

const pageSize = 50;
const mostExported = 20_000;

async function showAdoption(req: StaffRequest): Promise<Reply> {
  const counts = await countStages();
  return page('invitation-runs/adoption', { title: req.t('invitations.many-title'), counts, stages, runs: await newestRuns(), requestKey: randomUUID() });
}

const stageQuery = z.object({ show: z.enum(stages).catch('invited'), after: uuid.optional().catch(undefined) });

async function showInvited(req: StaffRequest): Promise<Reply> {
  const { show, after } = stageQuery.parse(req.query);
  const { rows, next } = await listInvited(show, after ?? null, pageSize);
  return page('invitation-runs/invited', { title: req.t(`invitations.stage-${show}`), rows, next, show, stages });
}

async function exportInvited(req: StaffRequest): Promise<Reply> {
  const { t, formats } = req;
  const { show } = stageQuery.parse(req.query);
  const { rows } = await listInvited(show, null, mostExported);
  const head = ['person', 'email', 'number', 'account', 'invited-at', 'last-login', 'stage'].map((name) => t(`invitations.${name}`));
  const lines = rows.map((row) => [row.name, row.email ?? '', row.accountNumber, row.accountName, formats.dateTime(row.invitedAt), row.lastLoginAt ? formats.dateTime(row.lastLoginAt) : '', t(`invitations.stage-${row.stage}`)]);
  return file({ name: `${t(`invitations.stage-${show}`)}.csv`, type: 'text/csv; charset=utf-8', make: async () => toCsv(head, lines) });
}

/** The dry run: says who gets the letter, and why the others do not. */
async function showChoice(req: StaffRequest): Promise<Reply> {
  const { choice, show, after, errors } = readChoice({ ...req.query, ...(req.typed?.['requestKey'] ? req.typed : {}) }, req.t);
  const { rows, next } = await listJudged(choice, show, after, pageSize);
  const letter = await readLetter(req.tenant);
  return page('invitation-runs/choice', { title: req.t('invitations.choice-title'), choice, show, rows, next, filterErrors: errors, counts: await countVerdicts(choice), reasons, whoChoices, stageChoices, letter, requestKey: randomUUID() });
}

async function exportChoice(req: StaffRequest): Promise<Reply> {
  const { t } = req;
  const rows = await listAllJudged(readChoice(req.query, t).choice, mostExported);
  const head = ['person', 'email', 'number', 'account', 'verdict'].map((name) => t(`invitations.${name}`));
  return file({ name: `${t('invitations.choice-title')}.csv`, type: 'text/csv; charset=utf-8', make: async () => toCsv(head, rows.map((row) => [row.name, row.email ?? '', row.accountNumber, row.accountName, t(`invitations.verdict-${row.verdict}`)])) });
}

async function start(req: StaffRequest): Promise<Reply> {
  const { requestKey, ...choice } = readForm(choiceForm.extend({ requestKey: uuid }), req.body, req.t);
  const t = req.tenant.site.translate(req.tenant.site.language());
  const { subject, body } = await readLetter(req.tenant);
  const values = tagValues(req.outside, req.tenant, t);
  const errors = letterErrors({ subject, body }, values, req.t);
  if (Object.keys(errors).length) throw new Refused({ '': `${req.t('invitations.letter-refused')} ${Object.values(errors).join(' ')}` });
  const letter = { subject: fillTags(subject, values), body: fillTags(body, values) };
  const run = await startRun({ tenantId: req.tenant.id, requestKey, staffId: req.staff.staffId, letter, choice });
  if (!run) refuse('', req.t('invitations.under-way'));
  if (run.total === 0) refuse('', req.t('invitations.nobody'));
  return seeOther(`/staff/invitations/runs/${run.id}`);
}

async function showRun(req: StaffRequest): Promise<Reply> {
  const id = uuid.safeParse(req.params['id']);
  const run = id.success ? await findRun(id.data) : undefined;
  if (!run) throw new NotFound('no such invitations');
  // The page that asks again and again is then drawn anew as a whole, with the icons of its result.
  if (run.endedAt && req.get('HX-Request')) req.res?.set('HX-Refresh', 'true');
  return page('invitation-runs/run', { title: req.t('invitations.run-title'), run });
}

const area = 'invitations';
export const manyRoutes = [
  get('/staff/invitations', showAdoption, { area }),
  get('/staff/invitations/people', showInvited, { area }),
  get('/staff/invitations/people/export.csv', exportInvited, { area }),
  get('/staff/invitations/choice', showChoice, { area }),
  get('/staff/invitations/choice/export.csv', exportChoice, { area }),
  post('/staff/invitations/runs', start, { area, page: showChoice }),
  get('/staff/invitations/runs/:id', showRun, { area }),
];
