import { createHmac } from 'node:crypto';
import express, { type ErrorRequestHandler, type Express } from 'express';
import type { Store } from 'express-session';
import { AppError, TooMany, Unavailable } from '../../server/platform/errors.ts';
import { checkCsrf, createSessions, csrfToken, endSession, sessionsFor, signInOf, startSession } from '../../server/platform/session.ts';

export const secret = 'a secret of forty characters for the tests';

/** Just enough of a portal: the tenant is the first label of the host, and signing in needs no password. */
export function sessionApp(store: Store, { secure = false } = {}): Express {
  const app = express();
  app.set('trust proxy', 'loopback');
  app.use(createSessions({ store, secret, secure }).byPath, express.urlencoded({ extended: true }));
  app.get('/assets/site.css', (req, res) => { res.send(typeof req.session); });
  app.get(['/', '/staff'], (req, res) => {
    res.json({ signIn: signInOf(req, tenantOf(req.host)) ?? 'nobody', which: sessionsFor(req.path), csrf: csrfToken(req) ?? 'none' });
  });
  app.post(['/login', '/staff/login'], (req, res, next) => {
    const signIn = { tenantId: tenantOf(req.host), signInId: (req.body as { who: string }).who };
    startSession(req, signIn).then(() => res.redirect(303, '/'), next);
  });
  app.post(['/logout', '/staff/logout'], (req, res, next) => {
    endSession(req).then(() => res.redirect(303, '/login'), next);
  });
  app.post('/account', (req, res) => {
    checkCsrf(req);
    res.send('changed');
  });
  return app.use(onError);
}

function tenantOf(host: string): string {
  return host.split('.')[0] ?? '';
}

const onError: ErrorRequestHandler = (error, _req, res, _next) => {
  if (error instanceof Unavailable || error instanceof TooMany) res.set('Retry-After', String(error.retryAfterSeconds));
  res.status(error instanceof AppError ? error.status : 500).send(String(error));
};

/** The portal cookie of a session id, as the portal itself would sign it. */
export function signedCookie(sid: string): string {
  const mark = createHmac('sha256', `portal ${secret}`).update(sid).digest('base64').replace(/=+$/, '');
  return `portal=${encodeURIComponent(`s:${sid}.${mark}`)}`;
}
