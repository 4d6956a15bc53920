import type { RequestHandler } from 'express';
import { Forbidden } from './errors.ts';

/**
 * Refuses what another site's page sends (403), sibling subdomains included. The same rules as Go's
 * http.CrossOriginProtection: a request with neither header comes from no browser and brings nobody's cookie.
 */
export const originWall: RequestHandler = (req, _res, next) => {
  if (['GET', 'HEAD', 'OPTIONS'].includes(req.method) || isFromHere(req.get('sec-fetch-site'), req.get('origin'), req.host)) return next();
  return next(new Forbidden('a page of another site sent this'));
};

function isFromHere(site: string | undefined, origin: string | undefined, host: string): boolean {
  if (site) return site === 'same-origin' || site === 'none';
  if (!origin) return true;
  const here = host.toLowerCase();
  return here !== '' && (origin === `http://${here}` || origin === `https://${here}`);
}

/** What may follow a sign-in: a page of this host, as given; everything else becomes '/'. */
export function safeReturnPath(text: unknown): string {
  return typeof text === 'string' && isOwnPath(text) ? text : '/';
}

// Printable ASCII only and no backslash: browsers drop tabs and line ends, and read a backslash as a slash.
const plain = /^\/[\w\-.~!$&'()*+,;=:@%/]*(\?[\w\-.~!$&'()*+,;=:@%/?]*)?$/;
// What a later decoding would turn into "//host", a backslash or a control character.
const hidden = /%(25|2f|5c|[01][0-9a-f]|7f)/i;

function isOwnPath(text: string): boolean {
  if (text.length > 2000 || !plain.test(text)) return false;
  const [path = ''] = text.split('?');
  // A path that the URL rules would read as something else: a host behind two slashes, dot segments.
  return !hidden.test(path) && URL.parse(text, 'http://here.invalid')?.pathname === path;
}
