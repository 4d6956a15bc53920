import type { Request, RequestHandler, Response } from 'express';
import helmet from 'helmet';

interface Options {
  /** Served over TLS: browsers then refuse plain HTTP here and on every subdomain for a year. */
  readonly tls: boolean;
  /** Origins that a form's answer may lead to: browsers hold redirects after a POST to form-action, too. */
  readonly formTargets?: readonly string[];
}

/** The same for each answer, so Helmet is asked for them once. */
export function securityHeaders({ tls, formTargets = [] }: Options): RequestHandler {
  const headers = helmet({
    contentSecurityPolicy: { useDefaults: false, directives: contentSecurityPolicy(formTargets) },
    strictTransportSecurity: tls && { maxAge: 365 * 86_400, includeSubDomains: true },
    referrerPolicy: { policy: 'strict-origin-when-cross-origin' },
    crossOriginOpenerPolicy: { policy: 'same-origin' },
    xFrameOptions: { action: 'deny' },
  });
  const fixed = new Map([['Permissions-Policy', unused.map((feature) => `${feature}=()`).join(', ')]]);
  const gone: string[] = [];
  headers({} as Request, { setHeader: (name: string, value: string) => fixed.set(name, value), removeHeader: (name: string) => gone.push(name) } as unknown as Response, () => undefined);
  const set = [...fixed].map(([name, value]) => ({ name, value }));
  return (_req, res, next) => {
    for (const { name, value } of set) res.setHeader(name, value);
    for (const name of gone) res.removeHeader(name);
    next();
  };
}

/** For pages: nothing of theirs stays in a cache. Assets set their own. */
export const noStore: RequestHandler = (_req, res, next) => {
  res.setHeader('Cache-Control', 'no-store');
  next();
};

/** For pages with a token in their address: no link on them may pass it on. */
export const noReferrer: RequestHandler = (_req, res, next) => {
  res.set('Referrer-Policy', 'no-referrer');
  next();
};

function contentSecurityPolicy(formTargets: readonly string[]): Record<string, string[]> {
  return {
    'default-src': ["'none'"],
    'script-src': ["'self'"],
    'style-src': ["'self'"],
    'img-src': ["'self'", 'data:'],
    'font-src': ["'self'"],
    'connect-src': ["'self'"],
    'manifest-src': ["'self'"],
    'form-action': ["'self'", ...formTargets],
    'frame-ancestors': ["'none'"],
    'base-uri': ["'none'"],
    'object-src': ["'none'"],
  };
}

const unused = ['accelerometer', 'browsing-topics', 'camera', 'display-capture', 'geolocation', 'gyroscope', 'magnetometer',
  'microphone', 'midi', 'payment', 'serial', 'usb', 'xr-spatial-tracking'];
