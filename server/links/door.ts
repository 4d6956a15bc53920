import { page, seeOther, type Reply } from '../platform/replies.ts';
import { get, post, type Route } from '../platform/routes.ts';
import type { PublicRequest } from '../tenancy/people.ts';
import { withTenant } from '../tenancy/tenant-transaction.ts';
import { carried, carry, looksLikeToken } from './carried-token.ts';
import { findLink, markOpened, type Link, type LinkKind } from './link.ts';

/** What one kind of link opens. */
export interface Door {
  readonly kind: LinkKind;
  /** Its address; the mailed one has the token behind it. */
  readonly path: string;
  readonly show: (req: PublicRequest, link: Link) => Reply;
  /** Whoever comes too late for the link answers `seeOther` to the door itself, which then says what became of it. */
  readonly use: (req: PublicRequest, link: Link, token: string) => Promise<Reply>;
  /** Sends a new one in place of a dead one, in the current transaction. Without it the page only says whom to ask. */
  readonly renew?: (req: PublicRequest, link: Link) => Promise<void>;
}

/** The four addresses of a door. A scanner that opens the mailed address changes nothing: links are used by a form alone. */
export function doorRoutes(door: Door): Route[] {
  const { kind, path } = door;
  const secret = { secret: true } as const;
  const show = async (req: PublicRequest) => {
    const token = carried(req, kind);
    const link = token ? await withTenant(req.tenant.id, () => findLink(kind, token)) : null;
    return link?.state === 'living' ? door.show(req, link) : deadEnd(req, door, link);
  };
  const open = async (req: PublicRequest) => {
    const token = req.params['token'];
    if (!looksLikeToken(token)) return deadEnd(req, door, null);
    const link = await withTenant(req.tenant.id, () => findAndMark(kind, token));
    if (!link) return deadEnd(req, door, null);
    carry(req, kind, token);
    return seeOther(path);
  };
  const use = async (req: PublicRequest) => {
    await countForm(req);
    const token = carried(req, kind);
    const link = token ? await withTenant(req.tenant.id, () => findLink(kind, token)) : null;
    return token && link?.state === 'living' ? door.use(req, link, token) : deadEnd(req, door, link);
  };
  const renew = async (req: PublicRequest) => {
    await countForm(req);
    const token = carried(req, kind);
    await withTenant(req.tenant.id, async () => {
      const link = token ? await findLink(kind, token) : null;
      if (link && door.renew) await door.renew(req, link);
    });
    return seeOther('/links/sent');
  };
  const renewal = door.renew ? [post(`${path}/renewal`, renew, secret)] : [];
  return [get(path, show, secret), post(path, use, { ...secret, page: show }), ...renewal, get(`${path}/:token`, open, secret)];
}

/** Counts one sent form of this visitor, and of the organization. Throws TooMany. */
export async function countForm(req: PublicRequest): Promise<void> {
  await req.outside.limits.take('forms-tenant', req.tenant.id);
  await req.outside.limits.take('forms', `${req.tenant.id} ${req.ip}`);
}

async function findAndMark(kind: LinkKind, token: string): Promise<Link | null> {
  const link = await findLink(kind, token);
  if (link?.state === 'living') await markOpened(link.id);
  return link;
}

/** One page for each way in which a link can be dead: what happened, and what to do. */
function deadEnd(req: PublicRequest, { kind, path, renew }: Door, link: Link | null): Reply {
  const state = link?.state === 'living' ? 'unknown' : (link?.state ?? 'unknown');
  const renewal = link && renew ? `${path}/renewal` : null;
  return page('links/dead', { title: req.t(`links.${state}-title`), state, kind, renewal }).withStatus(link ? 410 : 404);
}
