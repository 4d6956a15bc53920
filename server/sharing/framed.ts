import type { RequestHandler } from 'express';
import { drawPlain } from '../frame/frame.ts';
import { noteFraming } from './framings.ts';

/**
 * S1-89: a portal inside another page loses its sign-in again and again, so no page of it may be framed. Where a browser says that it asks
 * for a frame, it gets this one page, which alone may stand there and leads out of it. It holds nothing but a link. Which website it was stands in the login doctor.
 */
export const leadOutOfFrame: RequestHandler = async (req, res, next) => {
  if (req.method !== 'GET' || !/^(iframe|frame|embed|object)$/.test(req.get('sec-fetch-dest') ?? '')) return next();
  const site = URL.parse(req.get('referer') ?? '')?.hostname ?? '';
  if (site !== req.hostname) await noteFraming(req.tenant.id, site);
  res.removeHeader('X-Frame-Options');
  res.set({ 'Content-Security-Policy': `default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors *`, 'Cache-Control': 'no-store' });
  res.status(200).type('html').send(drawPlain(req, 'sharing/framed', 'sharing.framed-title', { address: `${req.origin}/`, name: req.tenant.site.displayName }));
};
