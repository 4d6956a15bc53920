import { z } from 'zod';
import { run } from '../platform/database.ts';
import { NotFound } from '../platform/errors.ts';
import { checkbox, readForm, refuse, required, uuid } from '../platform/forms.ts';
import { page, seeOther, type Reply } from '../platform/replies.ts';
import { setFlash } from '../platform/session.ts';
import type { StaffRequest } from '../tenancy/people.ts';
import { listResources } from './board.ts';

/** Who goes to people's places: technicians and crews. */
export async function showResources(req: StaffRequest): Promise<Reply> {
  return page('dispatch/resources', { title: req.t('dispatch.resources'), resources: await listResources(), edited: String(req.params['id'] ?? '') });
}

export async function addResource(req: StaffRequest): Promise<Reply> {
  const { name, kind, colour } = readForm(resourceForm, req.body, req.t);
  const added = await run('insert into app.resources (name, kind, colour) values ($1, $2, $3) on conflict (tenant_id, name) do nothing returning id', [name, kind, colour]);
  if (!added.length) refuse('name', req.t('dispatch.name-taken'));
  setFlash(req, 'success', req.t('dispatch.resource-added', { name }));
  return seeOther('/staff/dispatch/resources');
}

/** Whoever no longer comes keeps what is planned, and gets nothing new. */
export async function editResource(req: StaffRequest): Promise<Reply> {
  const id = uuid.safeParse(req.params['id']);
  const found = id.success && (await listResources()).find((resource) => resource.id === id.data);
  if (!found) throw new NotFound('no such resource');
  const { name, kind, colour, active } = readForm(resourceForm, req.body, req.t);
  const saved = run('update app.resources set name = $2, kind = $3, colour = $4, is_active = $5, version = version + 1 where id = $1', [found.id, name, kind, colour, active]);
  await saved.catch((error: unknown) => refuseTaken(req, error));
  setFlash(req, 'success', req.t('dispatch.resource-saved', { name }));
  return seeOther('/staff/dispatch/resources');
}

/** The unique name decides between two who want it at once. */
function refuseTaken(req: StaffRequest, error: unknown): never {
  if ((error as { code?: string }).code !== '23505') throw error;
  return refuse('name', req.t('dispatch.name-taken'));
}

const resourceForm = z.object({
  name: required(100, { anyNumber: true }),
  kind: z.enum(['technician', 'crew'], 'forms.wrong').default('technician'),
  colour: z.string('forms.wrong').toLowerCase().regex(/^#[0-9a-f]{6}$/, 'dispatch.not-a-colour').default('#35506b'),
  active: checkbox,
});
