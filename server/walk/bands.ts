import { Router, type ErrorRequestHandler, type Request, type RequestHandler } from 'express';
import { NotFound, NotOffered } from '../platform/errors.ts';
import { signInOf } from '../platform/session.ts';
import { noReferrer } from '../platform/security-headers.ts';
import { acceptUpload } from '../platform/files/uploads.ts';
import { doorTo, enterAs } from './come-in.ts';
import { isOffered, type Feature } from '../tenancy/feature.ts';
import { walk, type AnyRoute, type Band, type Place } from './walk.ts';

/**
 * The people a band lets in are decided by its name alone: position protects, no route has to remember it. The routes of one area
 * ('/invoices', '/staff/accounts') stand together, so that a request passes by its own area's alone.
 */
export function mountBand(router: Router, band: Band, features: readonly Feature[]): void {
  const areas = new Map<string, Router>();
  for (const feature of features) {
    for (const route of (feature[band] ?? []) as readonly AnyRoute[]) {
      const area = areas.get(areaOf(route.path)) ?? Router({ caseSensitive: true });
      areas.set(areaOf(route.path), area);
      area[route.method](route.path, ...stepsTo({ band, feature, route }), (req, res) => walk({ band, feature, route }, req, res));
    }
  }
  router.use((req, res, next) => {
    const area = areas.get(areaOf(req.path));
    return area ? area(req, res, next) : next();
  });
}

/** What must hold before a route is walked, in this order. */
function stepsTo({ band, feature, route }: Place): RequestHandler[] {
  const steps: RequestHandler[] = [gate(feature, band)];
  if (route.secret) steps.push(noReferrer);
  if (band !== 'public') steps.push(signedInOnly(band));
  if (route.upload) steps.push(acceptUpload(route.upload));
  return steps;
}

/** The first word of an address, and below '/staff' the second one, too. */
function areaOf(path: string): string {
  return (/^\/(?:staff\/)?[^/]*/.exec(path)?.[0] ?? '').replace(/\/$/, '');
}

/** What no route answers. */
export const nowhere: RequestHandler = async (req) => {
  await comeIn(req);
  throw new NotFound();
};

/** What was too large, or not to be read, before a route could let anybody in. */
export const unread: ErrorRequestHandler = async (error: { status?: number }, req, _res, next) => {
  const isUnread = error.status === 400 || error.status === 413;
  if (isUnread && req.session && !req.person && !req.staff) await comeIn(req);
  next(error);
};

/** Whoever is signed in is told inside the own portal. */
async function comeIn(req: Request): Promise<void> {
  const band = req.path.startsWith('/staff') ? 'staff' : 'customer';
  if (req.looking ?? signInOf(req, req.tenant.id)) await enterAs(band, req, true, async () => undefined);
}

const signedInOnly = (band: 'customer' | 'staff'): RequestHandler => (req, res, next) => {
  if (signInOf(req, req.tenant.id) || (req.looking && band === 'customer')) return next();
  return res.redirect(303, doorTo('', band, req));
};

/** A switched-off feature is the same 404 for everybody; who is signed in sees it inside the own portal. */
const gate = (feature: Feature, band: Band): RequestHandler => async (req, _res, next) => {
  if (band === 'staff' || isOffered(feature, req.tenant.site)) return next();
  if (band === 'customer') await comeIn(req);
  throw new NotOffered(feature.key);
};
