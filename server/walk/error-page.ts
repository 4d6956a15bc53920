import type { Request } from 'express';
import { drawPage, drawPlain } from '../frame/frame.ts';
import { LookingOnly, NoRight, NotOffered, Refused, StaleForm, TooMany } from '../platform/errors.ts';
import { safeReturnPath } from '../platform/origin.ts';
import { cameFrom } from './came-from.ts';

const told = new Set([400, 403, 404, 413, 422, 429, 500, 503]);

/** The page for a status, in the organization's look; plain when no organization is known. */
export function drawError(req: Request, status: number, error: unknown): string {
  const kind = kindOf(status, error);
  if (!req.tenant) return drawPlain(req, 'errors/plain', `errors.${kind === '404' ? 'no-portal' : kind}-title`, { kind: kind === '404' ? 'no-portal' : kind });
  const layout = req.person ? 'portal' : req.staff ? 'staff' : 'door';
  const reasons = error instanceof Refused ? Object.values(error.errors) : [];
  const minutes = error instanceof TooMany ? Math.ceil(error.retryAfterSeconds / 60) : 0;
  return drawPage(req, 'errors/error', { title: req.t(`errors.${kind}-title`), kind, reasons, minutes, again: passes.has(kind) ? againOf(req) : '', back: cameFrom(req), reference: req.id }, layout);
}

/** What a page that is asked for once more may show by then. */
const passes = new Set(['429', '500', '503']);

function againOf({ method, originalUrl }: Request): string {
  return method === 'GET' && safeReturnPath(originalUrl) === originalUrl ? originalUrl : '';
}

function kindOf(status: number, error: unknown): string {
  if (error instanceof NotOffered) return 'not-offered';
  if (error instanceof StaleForm) return 'stale';
  if (error instanceof LookingOnly) return 'looking';
  if (error instanceof NoRight) return `no-right-${error.right}`;
  return told.has(status) ? String(status) : status < 500 ? '400' : '500';
}
