import express, { type NextFunction, type Request, type Response, type Router } from 'express';
import { z } from 'zod';
import { cancel, charge, dumpCharges, lookup, refund, type Bank } from './charges.ts';
import { hashSession, isReturn, openSession } from './page.ts';

/** Where the sandbox stands in the world. */
export interface Place {
  readonly allowReturn: readonly string[];
  /** Where a browser reaches the hosted page. */
  readonly url: () => string;
}

/** What the portal calls. Everybody else is kept out: it has no password, so it answers this machine's own programs only. */
export function sandboxApi(bank: Bank, place: Place): Router {
  const api = express.Router();
  api.use(refuseStrangers, express.json({ limit: '16kb' }));
  api.post('/charges', async (req, res) => {
    const outcome = await charge(bank, chargeBody.parse(req.body));
    // Silence is a behaviour of the test numbers: the line stays open and nothing ever comes.
    if (outcome) res.json(outcome);
  });
  api.get('/charges', async (_req, res) => {
    res.json(await dumpCharges(bank));
  });
  api.get('/operations/:key', async (req, res) => {
    res.json(await lookup(bank, req.params.key));
  });
  api.post('/operations/:key/cancellation', async (req, res) => {
    res.json(await cancel(bank, key.parse(req.params.key)));
  });
  api.post('/refunds', async (req, res) => {
    res.json(await refund(bank, refundBody.parse(req.body)));
  });
  api.post('/sessions', async (req, res) => {
    const body = sessionBody(place).parse(req.body);
    res.json({ url: `${place.url()}/pages/${await openSession(bank, body)}` });
  });
  api.get('/sessions/:session', async (req, res) => {
    const method = bank.ledger.savedIn.get(hashSession(req.params.session));
    await bank.ledger.written();
    res.json(method?.saved ?? null);
  });
  api.post('/methods/:token/detachment', async (req, res) => {
    await bank.ledger.append({ type: 'detachment', token: req.params.token });
    res.json({ detached: true });
  });
  return api;
}

const key = z.string().min(1).max(255);
const amountCents = z.int().positive();
const chargeBody = z.object({
  key, amountCents, tenantId: z.string().min(1).max(255), currency: z.string().regex(/^[A-Za-z]{3}$/),
  token: z.string().min(1).max(255), description: z.string().max(1000),
});
const refundBody = z.object({ key, amountCents, reference: z.string().min(1).max(255) });
const sessionBody = ({ allowReturn }: Place) => z.object({
  tenantId: z.string().min(1).max(255), returnUrl: z.string().max(2000).refine((url) => isReturn(url, allowReturn)),
  kinds: z.array(z.enum(['card', 'bank'])).min(1).max(2), holder: z.string().max(200), locale: z.string().max(35),
});

const loopback = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1']);
// A browser sends the first two, a proxy in front of us the others: then it is not a program of this machine that asks.
const signsOfStrangers = ['origin', 'sec-fetch-site', 'forwarded', 'x-forwarded-for', 'via'];

function refuseStrangers(req: Request, res: Response, next: NextFunction): void {
  const isStranger = !loopback.has(req.socket.remoteAddress ?? '') || signsOfStrangers.some((name) => req.headers[name] !== undefined);
  if (isStranger) res.status(403).json({ error: 'for programs on this machine only' });
  else next();
}
