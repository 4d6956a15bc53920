import { createHash, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import ejs from 'ejs';
import express, { type Request, type Response, type Router } from 'express';
import type { MethodKind } from '../gateway.ts';
import type { Bank } from './charges.ts';
import { fieldsOf, readForm, type Read } from './form.ts';
import type { Session } from './ledger.ts';
import { testNumbers, testRouting, type TestNumber } from './numbers.ts';

/** The hosted page on which a payer types a test number. Plain HTML, no script; the session in its address is the only key to it. */
export function sandboxPages(bank: Bank): Router {
  const pages = express.Router();
  pages.get('/assets/bootstrap.css', (_req, res) => res.sendFile(fileURLToPath(import.meta.resolve('bootstrap/dist/css/bootstrap.min.css'))));
  pages.get('/assets/sandbox.css', (_req, res) => res.sendFile(fileURLToPath(new URL('sandbox.css', views))));
  pages.get('/pages/:session', (req, res) => {
    const session = findSession(bank, req.params.session);
    if (!session) return sendGone(req, res);
    if (bank.ledger.savedIn.has(session.session)) return res.redirect(303, returnAddress(session, req.params.session));
    return sendForm(req, res, session, { values: { name: session.holder }, errors: {} });
  });
  pages.post('/pages/:session', express.urlencoded({ extended: false, limit: '8kb' }), async (req: Request<{ session: string }>, res) => {
    const session = findSession(bank, req.params.session);
    if (!session) return sendGone(req, res);
    const form = readForm(kindOf(req, session), req.body, bank.now());
    // Sent twice, by a double click or the back button: what was saved first stays.
    if (!bank.ledger.savedIn.has(session.session)) {
      if (!form.method) return sendForm(req, res, session, form);
      await save(bank, session, form.method);
    }
    await bank.ledger.written();
    return res.redirect(303, returnAddress(session, req.params.session));
  });
  return pages;
}

/** Returns the session's secret, which only the page's address carries. The record keeps a hash of it. */
export async function openSession(bank: Bank, request: Omit<Session, 'type' | 'session' | 'openedAt'>): Promise<string> {
  const secret = randomBytes(32).toString('base64url');
  await bank.ledger.append({ type: 'session', ...request, session: hashSession(secret), openedAt: bank.now() });
  return secret;
}

export function hashSession(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url');
}

/** Whether a payer may be sent back there: over http(s), to one of these hosts or below it. */
export function isReturn(url: string, hosts: readonly string[]): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname, username, password } = new URL(url);
  // The host's letters are checked too, because it goes into the page's content security policy.
  return ['http:', 'https:'].includes(protocol) && !username && !password && /^[a-z0-9.-]+$/.test(hostname)
    && hosts.some((host) => hostname === host || hostname.endsWith(`.${host}`));
}

const hourMs = 3_600_000;

/** A page that has done its work can still be returned from; one that has not closes after an hour. */
function findSession({ ledger, now }: Bank, secret: string): Session | undefined {
  const session = ledger.sessions.get(hashSession(secret));
  if (!session || ledger.savedIn.has(session.session)) return session;
  return now() < session.openedAt + hourMs ? session : undefined;
}

function save({ ledger }: Bank, { session, tenantId }: Session, { number, ...saved }: NonNullable<Read['method']>): Promise<void> {
  const token = `sbx_${randomBytes(16).toString('base64url')}`;
  return ledger.append({ type: 'method', session, tenantId, number, saved: { token, ...saved } });
}

function returnAddress(session: Session, secret: string): string {
  const url = new URL(session.returnUrl);
  url.searchParams.set('session', secret);
  return url.href;
}

const views = new URL('../../../views/gateways/', import.meta.url);
const read = (name: string) => readFileSync(new URL(name, views), 'utf8');
const form = ejs.compile(read('sandbox-form.ejs'), { strict: true, localsName: 'it' });
const gone = ejs.compile(read('sandbox-gone.ejs'), { strict: true, localsName: 'it' });
const words: Record<string, Record<string, string>> = { en: JSON.parse(read('sandbox.en.json')), es: JSON.parse(read('sandbox.es.json')) };

function sendForm(req: Request, res: Response, session: Session, { values, errors }: Pick<Read, 'values' | 'errors'>): void {
  const locale = localeOf(req, session.locale);
  const kind = kindOf(req, session);
  const address = (query: Record<string, string>) => `?${new URLSearchParams({ kind, locale, ...query }).toString()}`;
  const html = form({
    locale, kind, values, errors, say: speak(locale), fields: fieldsOf(kind), numbers: publishedNumbers(kind), testRouting,
    action: address({}), otherLocale: address({ locale: locale === 'en' ? 'es' : 'en' }), cancelUrl: session.returnUrl,
    kinds: session.kinds.map((name) => ({ name, href: address({ kind: name }) })),
  });
  const isRefused = Object.keys(errors).length > 0;
  send(res, isRefused ? 422 : 200, html, new URL(session.returnUrl).origin);
}

function publishedNumbers(kind: MethodKind) {
  return testNumbers.filter((test) => test.kind === kind).map((test) => ({ ...test, shown: grouped(test) }));
}

/** As embossed: 4242 4242 4242 4242, American Express 3782 822463 10005. Account numbers stay whole. */
function grouped({ id, kind, number }: TestNumber): string {
  if (kind === 'bank') return number;
  return id === 'amex' ? number.replace(/^(.{4})(.{6})/, '$1 $2 ') : number.replace(/(.{4})(?=.)/g, '$1 ');
}

function sendGone(req: Request, res: Response): void {
  const locale = localeOf(req, 'en');
  send(res, 404, gone({ locale, say: speak(locale) }), '');
}

function send(res: Response, status: number, html: string, origin: string): void {
  res.set({
    // form-action is asked about the redirect after the form, too: without the portal's origin the browser would not go back.
    'Content-Security-Policy': "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; frame-ancestors 'none'; "
      + `form-action 'self' ${origin}`.trim(),
    'Cache-Control': 'no-store', 'Referrer-Policy': 'no-referrer', 'X-Content-Type-Options': 'nosniff',
  });
  res.status(status).type('html').send(html);
}

function kindOf(req: Request, { kinds }: Session): MethodKind {
  return kinds.find((kind) => kind === req.query['kind']) ?? kinds[0] ?? 'card';
}

function localeOf(req: Request, otherwise: string): string {
  const asked = typeof req.query['locale'] === 'string' ? req.query['locale'] : otherwise;
  return asked.toLowerCase().startsWith('es') ? 'es' : 'en';
}

function speak(locale: string): (key: string) => string {
  return (key) => {
    const text = words[locale]?.[key];
    if (text === undefined) throw new Error(`no words for ${key} in ${locale}`);
    return text;
  };
}
