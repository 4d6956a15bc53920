import type { Request, Response } from 'express';
import { AppError, DoFirst, Forbidden, LookingOnly, NoRight, NotFound, NotOffered, OtherAccount, Refused, SignedOut, StaleForm, type FieldErrors } from '../platform/errors.ts';
import { readingOnly } from '../platform/database.ts';
import { Download, Events, Page, SeeOther, seeOther, type Reply } from '../platform/replies.ts';
import type { Handler, Route } from '../platform/routes.ts';
import { sendHtml } from '../platform/send-html.ts';
import { aboutOf, checkCsrf, keepSession } from '../platform/session.ts';
import { mayEnter } from '../staff-users/permissions.ts';
import { enterAs } from './come-in.ts';
import type { Feature } from '../tenancy/feature.ts';
import { drawPage } from '../frame/frame.ts';
import { askAboutForm, findElsewhere } from './other-account.ts';
import type { CustomerRequest, StaffRequest } from '../tenancy/people.ts';

export type AnyRoute = Route<never>;
export type Band = 'public' | 'customer' | 'staff';

/** Where a request has come to. */
export interface Place {
  readonly band: Band;
  readonly feature: Feature;
  readonly route: AnyRoute;
}

/** Opens one more transaction as the person of this request: for handlers of outside routes, which run without one. */
export function again<T>(req: Request, work: () => Promise<T>): Promise<T> {
  return enterAs(req.staff ? 'staff' : 'customer', req, false, work);
}

export async function walk(place: Place, req: Request, res: Response): Promise<void> {
  const { band, route } = place;
  req.typed = {};
  let reply: Reply;
  try {
    if (band !== 'public' && route.method !== 'get') checkCsrf(req);
    reply = await answer(place, req);
  } catch (error) {
    if (error instanceof StaleForm) reply = await keepTyped(place, error, req);
    else if (error instanceof OtherAccount) reply = askAboutForm(error, req as CustomerRequest);
    else if (error instanceof Refused && route.page) reply = withStatus(await redraw(band, route.page, error.errors, req), 422);
    else reply = await answerElsewhere(place, error, req);
  }
  await send(band, reply, req, res);
}

async function answer({ band, feature, route }: Place, req: Request): Promise<Reply> {
  const handle = async () => (req.person?.testUntil && route.method === 'get' ? readingOnly(async () => route.handler(req as never)) : route.handler(req as never));
  if (band === 'public') return handle();
  if (!route.outside) return enterAs(band, req, route.method === 'get', async () => (admit(feature, route, req), handle()));
  await enterAs(band, req, true, async () => admit(feature, route, req));
  return handle();
}

/** What is not found in the chosen account, but in another one of the same person, is said to be there. */
async function answerElsewhere(place: Place, error: unknown, req: Request): Promise<Reply> {
  const { band, route } = place;
  const isMissing = error instanceof NoRight || (error instanceof NotFound && !(error instanceof NotOffered));
  if (!isMissing || band !== 'customer' || route.method !== 'get' || !route.path.includes(':') || req.looking) throw error;
  const found = await findElsewhere(req as CustomerRequest, () => answer(place, req));
  await enterAs('customer', req, true, async () => undefined);
  if (!found) throw error;
  return found;
}

/** The refused form again: what was typed is kept (but for secrets), each error stands beside its field, nothing was written. */
async function redraw(band: Band, page: Handler<never>, errors: FieldErrors, req: Request): Promise<Reply> {
  req.errors = errors;
  req.typed = withoutCards(withoutSecrets(req.body as Record<string, unknown>), req);
  const draw = async () => page(req as never);
  return band === 'public' ? draw() : enterAs(band, req, true, draw);
}

/** A form of a session that has ended comes back with a token of this one, so that nothing has to be typed again. Without a form: the page that says so. */
async function keepTyped({ band, feature, route }: Place, stale: StaleForm, req: Request): Promise<Reply> {
  const page: Handler<never> = (theirs) => (admit(feature, route, req), route.page ? route.page(theirs) : seeOther(req.path));
  const reply = await redraw(band, page, { '': req.t('errors.stale-kept') }, req).catch((error: unknown) => {
    if (error instanceof AppError && !(error instanceof SignedOut)) return undefined;
    throw error;
  });
  if (reply instanceof Page) return reply.withStatus(403);
  throw stale;
}

function withoutSecrets(body: Record<string, unknown> = {}): Record<string, unknown> {
  return Object.fromEntries(Object.entries(body).filter(([name]) => !/password|secret|_csrf|code/i.test(name)));
}

/** A card number that was refused is not even shown again. */
function withoutCards(typed: Record<string, unknown>, { errors = {}, t }: Request): Record<string, unknown> {
  const said = t('forms.card-number');
  return Object.fromEntries(Object.entries(typed).map(([name, value]) => [name, errors[name] === said ? '' : value]));
}

function withStatus(reply: Reply, status: number): Reply {
  return reply instanceof Page ? reply.withStatus(status) : reply;
}

async function send(band: Band, reply: Reply, req: Request, res: Response): Promise<void> {
  if (reply instanceof SeeOther) {
    await keepSession(req);
    return res.redirect(303, reply.path);
  }
  if (reply instanceof Events) return req.outside.live.open(req, res, reply.accountId);
  if (!req.looking && !req.person?.testUntil) for (const note of reply.notes) await again(req, note);
  if (reply instanceof Page) {
    const layout = band === 'customer' ? 'portal' : band === 'staff' && req.staff ? 'staff' : 'door';
    sendHtml(drawPage(req, reply.view, reply.data, layout), res.status(reply.status));
  } else await sendFile(reply, res);
}

async function sendFile({ file }: Download, res: Response): Promise<void> {
  const content = await file.make();
  const plain = file.name.replace(/[^\w.-]+/g, '_');
  res.set('Content-Disposition', `${file.inline ? 'inline' : 'attachment'}; filename="${plain}"; filename*=UTF-8''${encodeURIComponent(file.name)}`);
  res.type(file.type).send(content);
}

/** A test contact changes nothing by any request: whatever is not read ends here, and the database refuses the rest (app.enter). */
function admit(feature: Feature, route: AnyRoute, req: Request): void {
  const isTest = Boolean(req.person?.testUntil);
  if (isTest && route.method !== 'get' && !route.leaves) throw new LookingOnly();
  if (req.account && !feature.isPersonal) admitToAccount(feature, route, req as CustomerRequest);
  const first = route.early || req.looking || isTest ? [] : req.features.flatMap((one) => one.first?.(req as CustomerRequest | StaffRequest) ?? []);
  if (first[0]) throw new DoFirst(first[0]);
  if (req.staff && route.area && !mayEnter(req.staff, route.area)) throw new Forbidden(`${req.staff.role} may not enter ${route.area}`);
}

/** Every form says the account that it was drawn for: it never acts on another one. Rights to money are asked by position, too. */
function admitToAccount(feature: Feature, route: AnyRoute, req: CustomerRequest): void {
  const { account } = req;
  if (route.method !== 'get' && aboutOf(req) !== account.id) throw new OtherAccount(aboutOf(req));
  const right = route.money ?? feature.money;
  if (right === 'see' && !account.maySeeMoney) throw new NoRight('see');
  if (right === 'pay' && !account.mayPay) throw new NoRight('pay');
}
