import type { Request } from 'express';
import { NotOffered } from '../platform/errors.ts';
import { drawPage, drawPlain } from './frame.ts';

const told = new Set([400, 403, 404, 413, 422, 429, 500, 503]);

/** The page for a status, in the organization's look; plain when no organization is known. */
export function drawError(req: Request, status: number, error: unknown): string {
  const kind = error instanceof NotOffered ? 'not-offered' : told.has(status) ? String(status) : status < 500 ? '400' : '500';
  if (!req.tenant) return plain(req, kind === '404' ? 'no-portal' : kind);
  const layout = req.person ? 'portal' : req.staff ? 'staff' : 'door';
  return drawPage(req, 'errors/error', { title: req.t(`errors.${kind}-title`), kind, reference: req.id }, layout);
}

function plain(req: Request, kind: string): string {
  return drawPlain(req, 'errors/plain', `errors.${kind}-title`, { kind });
}
