import { randomUUID } from 'node:crypto';
import type { Request, RequestHandler, Response } from 'express';
import { pino, type DestinationStream, type Logger } from 'pino';
import { routePattern } from './route-pattern.ts';

/** `to` is for tests; JSON lines on standard output otherwise. */
export function createLog(level: string, to?: DestinationStream): Logger {
  const options = { level, redact: { paths: redacted, censor: '[redacted]' }, serializers, timestamp: pino.stdTimeFunctions.isoTime };
  return to ? pino(options, to) : pino(options);
}

/**
 * One line per request: id, method, route pattern, tenant, status, time. The address, headers and body are never written.
 * An error handler that sets `res.err` puts the cause of a 5xx on that line. Gives the request its `id`, and sends it back.
 */
export function requestLog(log: Logger, tenantOf: (req: Request) => string | undefined): RequestHandler {
  // What stands on this line is chosen, so nothing on it has to be looked through for secrets.
  const lines = log.child({}, { redact: [] });
  return (req, res, next) => {
    const began = performance.now();
    // Ours, not the caller's: what a client sends in its headers never becomes part of a log line unchecked.
    req.id = randomUUID();
    res.setHeader('X-Request-Id', req.id);
    sayMore(req, log);
    res.once('close', () => {
      if (isQuiet(req.path) && res.statusCode < 500) return;
      const facts = { requestId: req.id, method: req.method, route: routePattern(req), tenant: tenantOf(req), traceId: traceId(req.get('traceparent')), status: res.statusCode, ms: Math.round(performance.now() - began) };
      if (res.statusCode >= 500) lines.error({ ...facts, err: res.err }, 'request failed');
      else lines.info(facts, res.writableFinished ? 'request completed' : 'request given up');
    });
    next();
  };
}

/**
 * `req.log`, for the few requests that say more than their own line. It stands on what the requests of an app have in common: a getter
 * made for each of them would turn each into an object that is looked up slowly.
 */
function sayMore(req: Request, log: Logger): void {
  if ('log' in req) return;
  Object.defineProperty(Object.getPrototypeOf(req), 'log', {
    get(this: Request) {
      return log.child({ requestId: this.id });
    },
  });
}

function traceId(traceparent: string | undefined): string | undefined {
  return /^[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}$/.exec(traceparent ?? '')?.[1];
}

function isQuiet(path: string): boolean {
  return /^\/(healthz|readyz|metrics|theme\.css|assets\/.*)$/.test(path);
}

/** Only these: a database error also carries the statement and its values, a mail error the whole message. */
function shortError(error: unknown): object {
  if (!(error instanceof Error)) return { message: String(error) };
  const { code, status, cause } = error as Error & { code?: unknown; status?: unknown };
  return { type: error.name, message: error.message, code, status, stack: error.stack, ...(cause ? { cause: shortError(cause) } : {}) };
}

/** Whoever logs a whole request or response gets no more of it than this. */
const serializers = {
  err: shortError,
  req: (req: Partial<Request>) => ({ id: req.id, method: req.method }),
  res: (res: Partial<Response>) => ({ status: res.statusCode }),
};

const secrets = ['password', 'newPassword', 'passwordAgain', 'currentPassword', 'token', 'secret', '_csrf', 'csrfToken',
  'cookie', 'authorization', '["set-cookie"]', '["x-csrf-token"]', '["stripe-signature"]'];
// No deeper than one level: a second wildcard would call every getter of what is logged.
const redacted = secrets.flatMap((name) => [name, name.startsWith('[') ? `*${name}` : `*.${name}`]);
