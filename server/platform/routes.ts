import type { Request } from 'express';
import type { Upload } from './files/uploads.ts';
import type { Reply } from './replies.ts';

export type Handler<R extends Request = Request> = (req: R) => Reply | Promise<Reply>;

export interface RouteOptions<R extends Request = Request> {
  /** The handler that draws the form again when this one refuses it. */
  readonly page?: Handler<R>;
  /** Opens its own short transactions, because something slow (gateway, hashing) happens between them. */
  readonly outside?: boolean;
  /** Staff routes: the area whose permission is asked. */
  readonly area?: string;
  /** The form carries files under this field name: at most so many of so many bytes. */
  readonly upload?: Upload | ((req: Request) => Upload);
  /** Answers even while something else has to be done first (Feature.first): signing out, and that something itself. */
  readonly early?: boolean;
  /** Asks for another right than its feature does: a list of payments is seen, but one of them gone on with is paying. */
  readonly money?: 'see' | 'pay';
  /** Does nothing but end the own sign-in: the only thing that a test contact may send. */
  readonly leaves?: boolean;
  /** A page with a secret in its address tells no other site where its reader came from. */
  readonly secret?: boolean;
}

export interface Route<R extends Request = Request> extends RouteOptions<R> {
  readonly method: 'get' | 'post';
  readonly path: string;
  readonly handler: Handler<R>;
}

export function get<R extends Request>(path: string, handler: Handler<R>, options: RouteOptions<R> = {}): Route<R> {
  return { method: 'get', path, handler, ...options };
}

export function post<R extends Request>(path: string, handler: Handler<R>, options: RouteOptions<R> = {}): Route<R> {
  return { method: 'post', path, handler, ...options };
}
