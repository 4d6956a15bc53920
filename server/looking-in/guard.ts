import type { Request, RequestHandler } from 'express';
import { readingOnly } from '../platform/database.ts';
import { LookingOnly } from '../platform/errors.ts';
import { sessionsFor } from '../platform/session.ts';
import { readStored } from '../settings-drafts/draft.ts';
import { Site } from '../site/site.ts';
import { speak } from '../tenancy/resolve-tenant.ts';
import { endLook, findLook, forgetLook, kinds, secretOf, type LookKindName } from './look.ts';

export const endPath = '/looking-in/ending';

/**
 * Stands before sessions and bands: with the cookie of a look, a customer's address shows what the chosen account would see, and
 * nothing else happens. It is refused by position, three times over: whatever is not a GET ends here; the rest of the request can
 * open no transaction that writes; no session of the portal is loaded, so nobody is signed in by it. A look that is over shows
 * nothing at all: a page of somebody's own sign-in in the same browser must not be taken for it.
 */
export const guardLooks: RequestHandler = async (req, res, next) => {
  if (isStaffs(req) || !secretOf(req)) return next();
  if (req.method === 'POST' && req.path === endPath) return leave(req);
  const isFound = await findLook(req, async (looking) => {
    req.looking = looking;
    if (kinds[looking.kind as LookKindName].showsDraft) await showDraft(req);
    return true;
  });
  if (!isFound) {
    forgetLook(req);
    return res.redirect(303, '/staff');
  }
  const { person } = req.looking!;
  speak(req, person.locale);
  // In the place of a session: express-session leaves alone what is there.
  Object.assign(req, { session: {} });
  if (req.method !== 'GET' && req.method !== 'HEAD') {
    Object.assign(req, { person, account: person.accounts[0] });
    throw new LookingOnly();
  }
  return readingOnly(() => next());
};

/** The draft's own Site on this request's own tenant: what the process keeps for everybody is not touched. */
async function showDraft(req: Request): Promise<void> {
  const { draft } = await readStored();
  req.tenant = { ...req.tenant, site: new Site(draft, draftVersion) };
}

/** No version: the stylesheet of a draft is kept by nobody. */
export const draftVersion = 0;

async function leave(req: Request): Promise<void> {
  const back = await findLook(req, async (looking) => kinds[looking.kind as LookKindName].back(looking));
  await endLook(req);
  req.res?.redirect(303, back ?? '/staff');
}

/** The staff's own pages and what stands on every page: not looked at through a look. */
function isStaffs(req: Request): boolean {
  return req.path !== '/theme.css' && sessionsFor(req.path) !== 'portal';
}
