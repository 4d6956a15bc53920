import express, { type Express, type RequestHandler } from 'express';
import { servePictures } from './brand/serve-pictures.ts';
import { features } from './features.ts';
import { errorPages } from './platform/error-pages.ts';
import { serveAssets } from './platform/assets.ts';
import { requestLog } from './platform/log.ts';
import { allowMetrics } from './platform/metrics.ts';
import { originWall } from './platform/origin.ts';
import { noStore, securityHeaders } from './platform/security-headers.ts';
import type { Sessions } from './platform/session.ts';
import { NotFound } from './platform/errors.ts';
import { mountBand, nowhere, unread } from './walk/bands.ts';
import { drawError } from './walk/error-page.ts';
import { guardLooks } from './looking-in/guard.ts';
import { serveMailbox } from './messages/mailbox.ts';
import { serveBareDomain } from './operator/bare-domain.ts';
import type { Outside } from './tenancy/outside.ts';
import { leadOutOfFrame } from './sharing/framed.ts';
import { resolveTenant } from './tenancy/resolve-tenant.ts';
import { serveTheme } from './frame/theme.ts';
import { serveHooks } from './webhooks/stripe.ts';

export interface AppParts {
  readonly outside: Outside;
  readonly sessions: Sessions;
  readonly trustProxy: readonly string[];
  readonly metricsAllow: readonly string[];
  readonly formTargets: readonly string[];
  /** Resolves while database, session store and queue answer. */
  readonly ready: () => Promise<void>;
}

/** Everything that happens to every request, in order. */
export function createApp(parts: AppParts): Express {
  const { outside } = parts;
  const app = express();
  app.disable('x-powered-by').enable('case sensitive routing').set('etag', false).set('trust proxy', [...parts.trustProxy]);
  Object.assign(app.request, { outside, features });

  app.use(outside.metrics.timeRequests, requestLog(outside.log, (req) => req.tenant?.slug));
  app.get('/healthz', (_req, res) => void res.type('text').send('ok'));
  app.get('/readyz', async (_req, res) => {
    await parts.ready();
    res.type('text').send('ready');
  });
  app.get('/metrics', allowMetrics(parts.metricsAllow), outside.metrics.page);
  app.use(securityHeaders({ tls: outside.production, formTargets: parts.formTargets }));
  serveAssets(app);
  app.use(serveHooks());
  app.use(serveBareDomain, serveMailbox);

  app.use(resolveTenant, refuseNul, leadOutOfFrame, originWall, guardLooks);
  app.get('/theme.css', serveTheme);
  app.get('/brand/:picture', servePictures);
  app.use(parts.sessions.byPath, noStore);
  app.use(express.urlencoded({ extended: false, limit: '200kb', parameterLimit: 2000 }));

  mountBand(app, 'public', features);
  mountBand(app, 'customer', features);
  mountBand(app, 'staff', features);
  app.use(nowhere);
  app.use(unread, errorPages(drawError));
  return app;
}

/** No text in PostgreSQL holds a NUL: an address with one names nothing. */
const refuseNul: RequestHandler = (req, _res, next) => {
  if (/%00/.test(req.url)) throw new NotFound();
  next();
};
