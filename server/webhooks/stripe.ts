import express, { type Request, type RequestHandler, type Response, type Router } from 'express';
import { settleHook } from './settle-hook.ts';

/** What the hooks band answers. */
export const hookRoutes = [{ method: 'post', path: '/hooks/stripe' }] as const;

/**
 * The hooks band: no session, no cookie, no tenant from the host; what counts is the signature over the body as it came. Whatever is not
 * signed by Stripe is a 400. A 503 asks Stripe to send it again, and is answered only when Stripe or our database cannot be asked.
 */
export function serveHooks(): Router {
  const hooks = express.Router();
  for (const { path } of hookRoutes) hooks.route(path).post(express.raw({ type: () => true, limit: '1mb', inflate: false }), receive).all(methodNotAllowed);
  hooks.use('/hooks', unreadable);
  return hooks;
}

async function receive(req: Request, res: Response): Promise<void> {
  const { stripe } = req.outside.gateways;
  const hook = Buffer.isBuffer(req.body) ? await stripe.readHook(req.body, req.get('stripe-signature') ?? '') : null;
  if (!hook) return answer(res, 400, 'not signed by Stripe');
  answer(res, 200, await settleHook(req.outside, hook));
}

const methodNotAllowed: RequestHandler = (_req, res) => answer(res.set('Allow', 'POST'), 405, 'POST only');

/** A body that is too large, cut off or packed is nothing that Stripe sends. */
const unreadable: express.ErrorRequestHandler = (error: { status?: number }, _req, res, next) => {
  if (error.status && error.status >= 400 && error.status < 500) answer(res, error.status, 'not readable');
  else next(error);
};

function answer(res: Response, status: number, text: string): void {
  res.status(status).type('text').send(text);
}
