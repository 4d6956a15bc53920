import { listResources } from '../dispatch/board.ts';
import { fromCents } from '../money/money.ts';
import { figure, toCsv } from '../platform/csv.ts';
import { cleanFile } from '../platform/files/clean-file.ts';
import { readForm, refuse, required, text } from '../platform/forms.ts';
import { file, page, seeOther, type Reply } from '../platform/replies.ts';
import { get, post } from '../platform/routes.ts';
import { setFlash } from '../platform/session.ts';
import type { StaffRequest } from '../tenancy/people.ts';
import { findPhoto, keepPhoto, listPhotos, newPhotoKey, removePhoto, sendPhoto } from '../visits/photos.ts';
import { answerRequests, listRequests } from '../visits/reschedule.ts';
import { again } from '../walk/walk.ts';
import { listVisits, readSearch } from './list-visits.ts';
import { closeVisit, createVisits, editVisit } from './save-visit.ts';
import { findStaffVisit, type StaffVisit } from './staff-visit.ts';
import { z } from 'zod';

const pageSize = 50;
const mostInFile = 5000;
const mostPhotos = 20;
const mostBytes = 10_000_000;

async function showList(req: StaffRequest): Promise<Reply> {
  const search = readSearch(req);
  const { rows, next } = await listVisits(search, req.tenant.site.zone, pageSize);
  return page('staff-visits/list', { title: req.t('staff-visits.title'), rows, next, resources: await listResources(), filtered: Object.keys(search.filter).length > 0, filterErrors: search.errors });
}

async function downloadList(req: StaffRequest): Promise<Reply> {
  const { t, formats, tenant: { site } } = req;
  const { rows } = await listVisits({ ...readSearch(req), after: undefined }, site.zone, mostInFile);
  const head = ['number', 'service', 'state', 'day', 'when', 'who', 'price', 'currency'].map((name) => t(`visits.csv-${name}`));
  const lines = rows.map(({ number, title, status, startsAt, endsAt, resource, priceCents, currency, accountNumber, accountName }) => [
    accountNumber, accountName, number, title, t(`visits.state-${status}`), startsAt ? formats.dayOf(startsAt) : '', startsAt && endsAt ? formats.window(startsAt, endsAt) : '', resource, priceCents === null ? '' : figure(fromCents(priceCents, currency)), currency,
  ]);
  return file({ name: `${t('visits.file')}-${site.today()}.csv`, type: 'text/csv; charset=utf-8', make: async () => toCsv([t('staff-visits.csv-account'), t('staff-visits.csv-name'), ...head], lines) });
}

async function showNew(req: StaffRequest): Promise<Reply> {
  const { account } = req.query;
  return page('staff-visits/new', { title: req.t('staff-visits.new'), account: typeof account === 'string' ? account : '', resources: (await listResources()).filter(({ isActive }) => isActive), currency: req.tenant.site.currency });
}

async function create(req: StaffRequest): Promise<Reply> {
  const number = await createVisits(req);
  setFlash(req, 'success', req.t('staff-visits.created', { number }));
  return seeOther(pathOf(number));
}

async function showVisit(req: StaffRequest): Promise<Reply> {
  const visit = await find(req);
  return page('staff-visits/visit', { title: visit.title, visit, price: visit.priceCents === null ? '' : fromCents(visit.priceCents, visit.currency), requests: await listRequests(visit.id), photos: await listPhotos(visit.id), megabytes: mostBytes / 1e6 });
}

async function edit(req: StaffRequest): Promise<Reply> {
  const visit = await find(req);
  await editVisit(visit, req);
  setFlash(req, 'success', req.t('staff-visits.saved'));
  return seeOther(pathOf(visit.number));
}

const close = (how: 'done' | 'cancelled') => async (req: StaffRequest): Promise<Reply> => {
  const visit = await find(req);
  const isOurs = await closeVisit(visit, how, req.staff.staffId);
  if (isOurs && how === 'cancelled') await answerRequests(visit.id, { state: 'declined', staffId: req.staff.staffId, answer: req.t('staff-visits.is-cancelled') });
  setFlash(req, isOurs ? 'success' : 'info', req.t(isOurs ? `staff-visits.is-${how}` : 'staff-visits.already-closed'));
  return seeOther(pathOf(visit.number));
};

/** The customer reads why. */
async function decline(req: StaffRequest): Promise<Reply> {
  const visit = await find(req);
  const { answer } = readForm(z.object({ answer: required(500) }), req.body, req.t);
  const count = await answerRequests(visit.id, { state: 'declined', staffId: req.staff.staffId, answer });
  setFlash(req, count ? 'success' : 'info', req.t(count ? 'staff-visits.declined' : 'staff-visits.nothing-open'));
  return seeOther(pathOf(visit.number));
}

async function addPhoto(req: StaffRequest): Promise<Reply> {
  await req.outside.limits.take('forms', `${req.tenant.id} ${req.staff.signInId}`);
  if (!req.file) refuse('file', req.t('staff-visits.no-photo'));
  const clean = await cleanFile(req.file, ['images']);
  if (typeof clean === 'string') refuse('file', req.t(`staff-visits.photo-${clean}`));
  const { caption } = readForm(z.object({ caption: text(200).default('') }), req.body, req.t);
  const visit = await again(req, async () => {
    const found = await find(req);
    if ((await listPhotos(found.id)).length >= mostPhotos) refuse('file', req.t('staff-visits.too-many-photos', { most: mostPhotos }));
    return found;
  });
  const storedAs = newPhotoKey(req.tenant.id);
  await req.outside.files.put(storedAs, clean.content);
  await again(req, () => keepPhoto(visit, clean, { storedAs, caption, staffId: req.staff.staffId }));
  setFlash(req, 'success', req.t('staff-visits.photo-added'));
  return seeOther(pathOf(visit.number));
}

async function showPhoto(req: StaffRequest): Promise<Reply> {
  return sendPhoto(await findPhoto((await find(req)).id, String(req.params['id'])), req.outside);
}

async function takePhotoAway(req: StaffRequest): Promise<Reply> {
  const visit = await find(req);
  const photo = await findPhoto(visit.id, String(req.params['id']));
  if (photo) await removePhoto(photo.id);
  setFlash(req, 'success', req.t('staff-visits.photo-removed'));
  return seeOther(pathOf(visit.number));
}

const find = (req: StaffRequest): Promise<StaffVisit> => findStaffVisit(String(req.params['number']), req.tenant.site.zone);
const pathOf = (number: string) => `/staff/visits/${encodeURIComponent(number)}`;

const area = 'dispatch';
export const staffVisitRoutes = [
  get('/staff/visits', showList, { area }),
  get('/staff/visits.csv', downloadList, { area }),
  get('/staff/visits/new', showNew, { area }),
  post('/staff/visits', create, { area, page: showNew }),
  get('/staff/visits/:number', showVisit, { area }),
  post('/staff/visits/:number', edit, { area, page: showVisit }),
  post('/staff/visits/:number/completion', close('done'), { area }),
  post('/staff/visits/:number/cancellation', close('cancelled'), { area }),
  post('/staff/visits/:number/declining', decline, { area, page: showVisit }),
  post('/staff/visits/:number/photos', addPhoto, { area, page: showVisit, outside: true, upload: { field: 'file', bytes: mostBytes } }),
  get('/staff/visits/:number/photos/:id', showPhoto, { area }),
  post('/staff/visits/:number/photos/:id/removal', takePhotoAway, { area }),
];
