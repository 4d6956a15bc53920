import type { Request } from 'express';
import type { LinkKind } from './link.ts';

type Carried = LinkKind | 'not_me';

/** A token moves from its address into a cookie for an hour: what stays in the history, in screenshots and in logs of others is worthless. */
export function carry(req: Request, kind: Carried, token: string): void {
  req.res?.cookie(nameOf(req, kind), token, { ...attributes(req), maxAge: 3_600_000 });
}

export function carried(req: Request, kind: Carried): string | undefined {
  const value = readCookie(req, nameOf(req, kind));
  return value && looksLikeToken(value) ? value : undefined;
}

export function drop(req: Request, kind: Carried): void {
  req.res?.clearCookie(nameOf(req, kind), attributes(req));
}

/** This browser has asked for a link: the request's id, which no mail tells. */
export function rememberRequest(req: Request, id: string): void {
  req.res?.cookie(nameOf(req, 'request'), id, { ...attributes(req), maxAge: 72 * 3_600_000 });
}

export function isRequester(req: Request, id: string | undefined): boolean {
  return id !== undefined && readCookie(req, nameOf(req, 'request')) === id;
}

/** 256 bits as base64url. */
export function looksLikeToken(text: unknown): text is string {
  return typeof text === 'string' && /^[\w-]{43}$/.test(text);
}

function readCookie(req: Request, name: string): string | undefined {
  return req.get('cookie')?.split('; ').find((cookie) => cookie.startsWith(`${name}=`))?.slice(name.length + 1);
}

function nameOf(req: Request, kind: Carried | 'request'): string {
  return `${req.outside.production ? '__Host-' : ''}link-${kind}`;
}

// Lax: the reader comes from a mail, and strict cookies stay behind on the way from there.
const attributes = (req: Request) => ({ path: '/', httpOnly: true, sameSite: 'lax', secure: req.outside.production }) as const;
