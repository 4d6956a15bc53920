import type { Request } from 'express';
import { NotOffered } from '../platform/errors.ts';
import { translator, languageOf } from '../platform/text.ts';
import { drawPage } from './frame.ts';

const told = new Set([400, 403, 404, 413, 422, 429, 500, 503]);

/** The page for a status, in the organization's look; plain when no organization is known. */
export function drawError(req: Request, status: number, error: unknown): string {
  const kind = error instanceof NotOffered ? 'not-offered' : told.has(status) ? String(status) : status < 500 ? '400' : '500';
  if (!req.tenant) return plain(req, kind);
  const layout = req.person ? 'portal' : req.staff ? 'staff' : 'door';
  return drawPage(req, 'errors/error', { title: req.t(`errors.${kind}-title`), kind, reference: req.id }, layout);
}

function plain(req: Request, kind: string): string {
  const language = languageOf(req.acceptsLanguages('en', 'es') || 'en');
  const t = translator(language);
  const name = kind === '404' ? 'no-portal' : kind;
  return `<!doctype html><html lang="${language}"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${t(`errors.${name}-title`)}</title><h1>${t(`errors.${name}-title`)}</h1><p>${t(`errors.${name}-text`)}</p></html>`;
}
