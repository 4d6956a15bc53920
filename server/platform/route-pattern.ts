import type { Request } from 'express';

/** '/invoices/:number', never the address itself: it may carry a token. 'unmatched' when no route took the request. */
export function routePattern(req: Request): string {
  const path = (req.route as { path?: string | RegExp } | undefined)?.path;
  if (path === undefined) return 'unmatched';
  // A mount with a parameter would put the address into baseUrl, so only plain words pass.
  const mount = /^(\/[a-z-]{1,20})*$/.test(req.baseUrl) ? req.baseUrl : '/*';
  return mount + String(path);
}
