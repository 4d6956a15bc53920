import { NotFound } from '../platform/errors.ts';
import { readForm, refuse, uuid } from '../platform/forms.ts';
import { page, seeOther, type Reply } from '../platform/replies.ts';
import { get, post } from '../platform/routes.ts';
import { setFlash } from '../platform/session.ts';
import type { StaffRequest } from '../tenancy/people.ts';
import { changeForm, newForm } from './definition-form.ts';
import { accesses, addField, archiveField, changeField, findField, listFields, mostFields, moveField, nouns, types, type CustomField } from './field.ts';

const choices = { nouns, types, accesses };

async function showList(req: StaffRequest): Promise<Reply> {
  return page('custom-fields/list', { title: req.t('custom-fields.title'), fields: await listFields(), nouns });
}

function showNew(req: StaffRequest): Reply {
  return page('custom-fields/edit', { title: req.t('custom-fields.new'), field: null, ...choices });
}

async function add(req: StaffRequest): Promise<Reply> {
  const definition = readForm(newForm, req.body, req.t);
  const done = await addField(definition);
  if (done === 'full') refuse('', req.t('custom-fields.too-many', { count: mostFields }));
  if (done === 'taken') refuse('key', req.t('custom-fields.key-taken', { key: definition.key }));
  setFlash(req, 'success', req.t('custom-fields.saved', { label: definition.label }));
  return seeOther('/staff/custom-fields');
}

async function showField(req: StaffRequest): Promise<Reply> {
  const field = await fieldOf(req);
  return page('custom-fields/edit', { title: field.label, field, ...choices });
}

async function change(req: StaffRequest): Promise<Reply> {
  const field = await fieldOf(req);
  const { version, ...definition } = readForm(changeForm(field), req.body, req.t);
  if (!(await changeField(field.id, definition, version))) refuse('', req.t('custom-fields.meanwhile'));
  setFlash(req, 'success', req.t('custom-fields.saved', { label: definition.label }));
  return seeOther('/staff/custom-fields');
}

async function archive(req: StaffRequest): Promise<Reply> {
  const field = await fieldOf(req);
  const isArchived = (req.body as { way?: unknown }).way !== 'back';
  await archiveField(field.id, isArchived);
  setFlash(req, 'info', req.t(isArchived ? 'custom-fields.is-archived' : 'custom-fields.is-back', { label: field.label }));
  return seeOther('/staff/custom-fields');
}

async function move(req: StaffRequest): Promise<Reply> {
  await moveField((await fieldOf(req)).id, (req.body as { way?: unknown }).way === 'up');
  return seeOther('/staff/custom-fields');
}

async function fieldOf(req: StaffRequest): Promise<CustomField> {
  const id = uuid.safeParse(req.params['id']);
  const field = id.success ? await findField(id.data) : undefined;
  if (!field) throw new NotFound('no such field');
  return field;
}

const area = 'settings';
export const definitionRoutes = [
  get('/staff/custom-fields', showList, { area }),
  get('/staff/custom-fields/new', showNew, { area }),
  post('/staff/custom-fields', add, { area, page: showNew }),
  get('/staff/custom-fields/:id', showField, { area }),
  post('/staff/custom-fields/:id', change, { area, page: showField }),
  post('/staff/custom-fields/:id/archive', archive, { area }),
  post('/staff/custom-fields/:id/place', move, { area }),
];
