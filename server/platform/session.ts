import { randomUUID } from 'node:crypto';
import { csrfSync } from 'csrf-sync';
import type { Request, RequestHandler } from 'express';
import session, { type SessionData, type Store } from 'express-session';
import { StaleForm } from './errors.ts';

declare module 'express-session' {
  interface SessionData {
    tenantId: string;
    signInId: string;
    /** The account that the signed-in person has chosen to look at. */
    accountId: string;
    /** Shown once, on the next page; already in the reader's language. */
    flash: { tone: 'success' | 'info' | 'warning' | 'danger'; text: string };
  }
}

export interface Sessions {
  readonly portal: RequestHandler;
  readonly staff: RequestHandler;
  /** Loads the one that the path belongs to. */
  readonly byPath: RequestHandler;
}

interface Options {
  readonly store: Store;
  /** Newest first: the first one signs, all of them are accepted. */
  readonly secret: string | readonly string[];
  /** Served over TLS. The proxy must then be in TRUST_PROXY, or express-session silently sends no cookie. */
  readonly secure: boolean;
}

/** Two cookies on one host, so that staff can look into a portal without being signed out. */
export function createSessions(options: Options): Sessions {
  const portal = oneCookie('portal', options);
  const staff = oneCookie('staff', options);
  const byPath: RequestHandler = (req, res, next) => {
    const which = sessionsFor(req.path);
    if (!which) return next();
    return (which === 'staff' ? staff : portal)(req, res, next);
  };
  return { portal, staff, byPath };
}

/** undefined: the path needs no session, and the store is not asked. Routes match without regard to case, so this does. */
export function sessionsFor(path: string): 'portal' | 'staff' | undefined {
  if (/^\/(assets|hooks)\/|^\/(theme\.css|favicon\.ico|robots\.txt|healthz|readyz|metrics)\/?$/i.test(path)) return undefined;
  return /^\/staff(\/|$)/i.test(path) ? 'staff' : 'portal';
}

/** The sign-in of this request; a session that another tenant's host has made signs nobody in. */
export function signInOf(req: Request, tenantId: string): string | undefined {
  return req.session?.tenantId === tenantId ? req.session.signInId : undefined;
}

/** A new session id for a new sign-in, kept before the reply says so; throws Unavailable when it cannot be kept. */
export async function startSession(req: Request, signIn: { tenantId: string; signInId: string }): Promise<void> {
  await regenerate(req);
  Object.assign(req.session, signIn);
  csrf.generateToken(req);
  await settled((done) => req.session.save(done)).catch((error: unknown) => giveUp(req, error));
}

/** Empties the session and gives it a new id. */
export async function regenerate(req: Request): Promise<void> {
  beginSession(req);
  await settled((done) => req.session.regenerate(done)).catch((error: unknown) => giveUp(req, error));
}

/** Forgets the session here and in the browser. */
export async function endSession(req: Request): Promise<void> {
  if (req.session) await settled((done) => req.session.destroy(done));
  if (req.sessionCookie) req.res?.clearCookie(req.sessionCookie.name, req.sessionCookie.attributes);
}

/**
 * Goes into the field `_csrf` of every signed-in form, together with what the form is about: none can forget to say it. Undefined
 * when signed out: a token would store a session for each visitor.
 */
export function csrfToken(req: Request, about = ''): string | undefined {
  if (req.session?.signInId === undefined) return undefined;
  return csrf.generateToken(req) + (about && `.${about}`);
}

/** What the form that was sent had been drawn for; '' when it does not say. */
export function aboutOf(req: Request): string {
  return fieldOf(req)?.split('.')[1] ?? '';
}

/** Call it when the body has been read (multipart: after multer). Throws StaleForm. */
export function checkCsrf(req: Request): void {
  if (!req.session || !csrf.isRequestValid(req)) throw new StaleForm();
}

/**
 * Before a redirect: a browser follows it as soon as it has its headers, and express-session sends those before it has saved, so
 * that the next page would not know what this request has put into the session. A store that fails does not undo what was done.
 */
export async function keepSession(req: Request): Promise<void> {
  if (req.session?.signInId === undefined) return;
  await settled((done) => req.session.save(done)).catch((error: unknown) => req.log.warn({ err: error }, 'a session was not kept'));
}

/** For the next page only; the text is already in the reader's language. */
export function setFlash(req: Request, tone: SessionData['flash']['tone'], text: string): void {
  beginSession(req);
  req.session.flash = { tone, text };
}

export function takeFlash(req: Request): SessionData['flash'] | undefined {
  const flash = req.session?.flash;
  if (flash) delete req.session.flash;
  return flash;
}

export interface SessionCookie {
  readonly name: string;
  readonly load: RequestHandler;
  readonly attributes: { readonly path: '/'; readonly httpOnly: true; readonly sameSite: 'lax'; readonly secure: boolean };
}

const csrf = csrfSync({ size: 32, getTokenFromRequest: (req) => fieldOf(req)?.split('.')[0] });

function fieldOf(req: Request): string | undefined {
  const field = (req.body as Record<string, unknown> | undefined)?.['_csrf'];
  return typeof field === 'string' ? field : undefined;
}

function oneCookie(which: 'portal' | 'staff', { store, secret, secure }: Options): RequestHandler {
  // Attributes must be the same for both: express-session keeps those of the last one in the store itself.
  const attributes = { path: '/', httpOnly: true, sameSite: 'lax', secure } as const;
  const name = secure ? `__Host-${which}` : which;
  // Signed apart, so that the value of one cookie is worthless under the other's name.
  const secrets = [secret].flat().map((text) => `${which} ${text}`);
  // randomUUID draws from the same source many at a time; express-session would ask it for each visitor who has no cookie.
  const load = session({ genid: () => randomUUID(), store, name, secret: secrets, cookie: attributes, resave: false, saveUninitialized: false, rolling: false });
  const cookie: SessionCookie = { name, attributes, load };
  return (req, res, next) => {
    req.sessionCookie = cookie;
    return req.headers.cookie ? load(req, res, next) : next();
  };
}

/** Whoever has brought no cookie has no session until something is put into one: express-session then makes it at once. */
function beginSession(req: Request): void {
  if (!req.session && req.res) req.sessionCookie?.load(req, req.res, () => undefined);
}

/** Without its session the request sends no cookie, so that the one the browser has outlives the store's failure. */
function giveUp(req: Request, error: unknown): never {
  Reflect.deleteProperty(req, 'session');
  throw error;
}

function settled(start: (done: (error: unknown) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    start((error) => (error ? reject(error) : resolve()));
  });
}
