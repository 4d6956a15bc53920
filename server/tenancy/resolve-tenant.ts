import type { RequestHandler } from 'express';
import { NotFound, Unavailable } from '../platform/errors.ts';
import { originOf } from './outside.ts';
import { findTenant } from './tenant.ts';

/** The organization of this request, from the first label of the host and nothing else; and the words and formats of its readers. */
export const resolveTenant: RequestHandler = async (req, _res, next) => {
  const slug = slugOf(req.hostname, req.outside.baseDomain);
  const tenant = slug === null ? null : await findTenant(slug);
  if (!tenant) throw new NotFound('no such portal');
  req.tenant = tenant;
  req.origin = originOf(req.outside, tenant.slug);
  speak(req, null);
  if (tenant.status === 'suspended') throw new Unavailable('this portal is switched off', 3600);
  next();
};

/** Sets the words and formats of the request: the reader's own choice, else the organization's. */
export function speak(req: Express.Request, locale: string | null): void {
  const { site } = req.tenant;
  req.language = site.language(locale);
  req.t = site.translate(req.language);
  req.formats = site.formats(locale);
}

/** 'studio' for studio.localhost; null for the bare domain, deeper names and other hosts. */
export function slugOf(hostname: string, baseDomain: string): string | null {
  const host = hostname.toLowerCase().replace(/\.$/, '');
  if (!host.endsWith(`.${baseDomain}`)) return null;
  const slug = host.slice(0, -baseDomain.length - 1);
  return slug.includes('.') ? null : slug;
}
