import { z } from 'zod';
import { NotFound } from '../platform/errors.ts';
import { checkbox, readForm, refuse, required, uuid } from '../platform/forms.ts';
import { page, seeOther, type Reply } from '../platform/replies.ts';
import { get, post } from '../platform/routes.ts';
import { setFlash } from '../platform/session.ts';
import type { StaffRequest } from '../tenancy/people.ts';
import { addFaq, changeFaq, findFaq, listFaq, moveFaq, removeFaq, type FaqEntry } from './faq-entry.ts';

const entryForm = z.object({ question: required(300), answer: required(4000), isPublished: checkbox });
const version = z.coerce.number('forms.wrong').int('forms.wrong').min(1, 'forms.wrong').max(1e9, 'forms.wrong');

async function showList(req: StaffRequest): Promise<Reply> {
  return page('faq/edit-list', { title: req.t('faq.title'), entries: await listFaq({ published: false }) });
}

function showNew(req: StaffRequest): Reply {
  return page('faq/edit', { title: req.t('faq.new'), entry: null });
}

async function add(req: StaffRequest): Promise<Reply> {
  if (!(await addFaq(readForm(entryForm, req.body, req.t)))) refuse('', req.t('faq.too-many'));
  setFlash(req, 'success', req.t('faq.saved'));
  return seeOther('/staff/faq');
}

async function showEntry(req: StaffRequest): Promise<Reply> {
  return page('faq/edit', { title: req.t('faq.edit'), entry: await entryOf(req) });
}

async function change(req: StaffRequest): Promise<Reply> {
  const { id } = await entryOf(req);
  const { version: seen, ...text } = readForm(entryForm.extend({ version }), req.body, req.t);
  if (!(await changeFaq(id, text, seen))) refuse('', req.t('faq.meanwhile'));
  setFlash(req, 'success', req.t('faq.saved'));
  return seeOther('/staff/faq');
}

async function remove(req: StaffRequest): Promise<Reply> {
  await removeFaq((await entryOf(req)).id);
  setFlash(req, 'success', req.t('faq.removed'));
  return seeOther('/staff/faq');
}

async function move(req: StaffRequest): Promise<Reply> {
  await moveFaq((await entryOf(req)).id, (req.body as { way?: unknown }).way === 'up');
  return seeOther('/staff/faq');
}

async function entryOf(req: StaffRequest): Promise<FaqEntry> {
  const id = uuid.safeParse(req.params['id']);
  const entry = id.success ? await findFaq(id.data) : undefined;
  if (!entry) throw new NotFound('no such question');
  return entry;
}

const area = 'settings';
export const editFaqRoutes = [
  get('/staff/faq', showList, { area }),
  get('/staff/faq/new', showNew, { area }),
  post('/staff/faq', add, { area, page: showNew }),
  get('/staff/faq/:id', showEntry, { area }),
  post('/staff/faq/:id', change, { area, page: showEntry }),
  post('/staff/faq/:id/removal', remove, { area }),
  post('/staff/faq/:id/place', move, { area }),
];
