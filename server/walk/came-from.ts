import type { Request } from 'express';
import { safeReturnPath } from '../platform/origin.ts';

/** The page of this portal that led here, where it is another one or holds the form that was sent; '' when none is known. */
export function cameFrom(req: Request): string {
  const address = URL.parse(req.get('referer') ?? '');
  if (!address || address.host !== req.get('host') || (req.method === 'GET' && address.pathname === req.path)) return '';
  const path = address.pathname + address.search;
  return safeReturnPath(path) === path ? path : '';
}
