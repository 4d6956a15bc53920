import type { RequestHandler } from 'express';
import { listTenants } from '../tenancy/tenant.ts';
import { originOf } from '../tenancy/outside.ts';
import { drawPlain } from '../frame/frame.ts';

/** The address without a portal's name: a plain landing page; while developing, the table of demo portals. */
export const serveBareDomain: RequestHandler = async (req, res, next) => {
  if (req.hostname.toLowerCase() !== req.outside.baseDomain) return next();
  if (req.path !== '/') return next();
  const demos = req.outside.production ? [] : (await listTenants()).filter((tenant) => tenant.isDemo);
  const portals = demos.map((tenant) => ({ name: tenant.name, address: originOf(req.outside, tenant.slug) }));
  res.type('html').send(drawPlain(req, 'operator/landing', 'operator.title', { portals }));
};
