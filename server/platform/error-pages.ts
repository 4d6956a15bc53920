import type { ErrorRequestHandler, Request, Response } from 'express';
import { AppError, DoFirst, SignedOut, TooMany, Unavailable } from './errors.ts';
import { endSession } from './session.ts';

/** Turns a status into a page. Only what is our fault is logged; nobody is ever shown SQL, paths or a stack. */
export function errorPages(draw: (req: Request, status: number, error: unknown) => string): ErrorRequestHandler {
  return async (error: unknown, req, res, next) => {
    if (res.writableEnded) return req.log.error({ err: error }, 'failed after the answer');
    if (res.headersSent) return next(error);
    if (error instanceof SignedOut) return signOut(req, res);
    if (error instanceof DoFirst) return res.redirect(303, error.path);
    const status = statusOf(error);
    if (status >= 500) res.err = error instanceof Error ? error : new Error(String(error));
    if ((error instanceof TooMany || error instanceof Unavailable) && error.retryAfterSeconds) res.set('Retry-After', String(error.retryAfterSeconds));
    return res.status(status).type('html').send(draw(req, status, error));
  };
}

/** The transaction is over by now: a slow session store holds no connection. */
async function signOut(req: Request, res: Response): Promise<void> {
  await endSession(req);
  res.redirect(303, req.path.startsWith('/staff') ? '/staff/login' : '/login');
}

/** Ours carry a status; body-parser's too; what the database or its pool cannot do now is a 503, the rest a 500. */
function statusOf(error: unknown): number {
  if (error instanceof AppError) return error.status;
  const { status, name, parent, code } = (error ?? {}) as { status?: number; name?: string; parent?: { code?: string }; code?: string };
  if (status && status >= 400 && status < 500) return status;
  if (name?.startsWith('SequelizeConnection') || isOutage(parent?.code ?? code)) return 503;
  return 500;
}

function isOutage(code: string | undefined): boolean {
  return code !== undefined && (/^(57P0[1-3]|53300|08\w{3}|55P03|57014)$/.test(code) || /^E(CONNREFUSED|CONNRESET|PIPE|TIMEDOUT)$/.test(code));
}
