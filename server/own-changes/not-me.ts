import { carried, carry, drop, looksLikeToken } from '../links/carried-token.ts';
import { countForm } from '../links/door.ts';
import { endLinks, issueLink } from '../links/link.ts';
import { findPerson } from '../logins/people.ts';
import { endSignIns } from '../passwords/set-password.ts';
import { read } from '../platform/database.ts';
import { page, seeOther, type Reply } from '../platform/replies.ts';
import { get, post } from '../platform/routes.ts';
import { recordPortalLog } from '../portal-log/portal-log.ts';
import { resetPath } from '../resets/reset-mail.ts';
import { makeTask } from '../staff-tasks/staff-task.ts';
import type { PublicRequest } from '../tenancy/people.ts';
import { withTenant } from '../tenancy/tenant-transaction.ts';
import { findByToken, findLater, markDisputed, markTakenBack, type OwnChange } from './change.ts';
import { notMePath } from './note-change.ts';
import { restore } from './restore.ts';

const secret = { secret: true } as const;

/** "This was not me": the mailed address hands its token over and leads on, and only the form takes anything back. */
export const notMeRoutes = [
  get(notMePath, show, secret),
  post(notMePath, dispute, { ...secret, page: show }),
  get(`${notMePath}/done`, (req) => page('own-changes/done', { title: req.t('own-changes.done-title'), isRestored: req.query['left'] !== 'yes', resetPath })),
  get(`${notMePath}/:token`, open, secret),
];

async function open(req: PublicRequest): Promise<Reply> {
  const token = req.params['token'];
  if (!looksLikeToken(token) || !(await found(req, token))) return dead(req, undefined);
  carry(req, 'not_me', token);
  return seeOther(notMePath);
}

async function show(req: PublicRequest): Promise<Reply> {
  const change = await found(req, carried(req, 'not_me'));
  if (change?.state !== 'living') return dead(req, change);
  return page('own-changes/not-me', { title: req.t('own-changes.not-me-title'), change, action: notMePath });
}

async function dispute(req: PublicRequest): Promise<Reply> {
  await countForm(req);
  const change = await found(req, carried(req, 'not_me'));
  if (change?.state !== 'living') return dead(req, change);
  const done = await withTenant(req.tenant.id, () => takeBack(req, change));
  if (!done) return seeOther(notMePath);
  drop(req, 'not_me');
  if (done.resetToken) carry(req, 'reset', done.resetToken);
  return seeOther(`${notMePath}/done${done.isRestored ? '' : '?left=yes'}`);
}

/** undefined: of several at once another was first. */
async function takeBack(req: PublicRequest, change: OwnChange): Promise<{ resetToken: string | undefined; isRestored: boolean } | undefined> {
  if (!(await markDisputed(change.id))) return undefined;
  const way = { site: req.tenant.site, tenantId: req.tenant.id, isForced: true };
  // Whoever did this may have changed the address and the user id since: those go first, the newest before the older ones.
  for (const later of await findLater(req.outside, change)) if (isSuperseded(later, change) && (await markTakenBack(later.id)) && later.kind !== change.kind) await restore(later, way);
  const isRestored = !change.isTakenBack && (await markTakenBack(change.id)) ? (await restore(change, way)) === 'restored' : true;
  const message = `Change disputed: ${change.kind.replace('_', ' ')}; ${isRestored ? 'taken back' : 'could not be taken back'}`;
  await recordPortalLog({ kind: 'change-disputed', message, accountId: change.accountId, contactId: change.contactId, loginRef: change.loginRef ?? undefined });
  await makeTask({ kind: 'not_me', accountId: change.accountId, contactId: change.contactId, source: change.id, details: { message } });
  return { resetToken: await lockOut(req, change), isRestored };
}

/** What the disputed change brings back covers a later one of its kind; the ways in are taken back whatever was disputed. */
function isSuperseded(later: OwnChange, { kind, before }: OwnChange): boolean {
  if (later.kind === 'email' || later.kind === 'username') return true;
  return later.kind === kind && (kind === 'autopay' || kind === 'method_default' || Object.keys(later.before).some((name) => name in before));
}

/** Nobody is signed in any more, no passkey of theirs opens, and the password opens nothing: its owner chooses a new one now. */
async function lockOut(req: PublicRequest, { contactId, loginRef, createdAt }: OwnChange): Promise<string | undefined> {
  if (!loginRef) return undefined;
  await read('disputed-login', 'update app.logins set password_hash = null, temporary_until = null where id = $1', [loginRef]);
  await read('disputed-passkeys', 'delete from app.passkeys where login_ref = $1 and created_at >= $2', [loginRef, createdAt]);
  await endSignIns(loginRef);
  await endLinks(loginRef);
  const person = await findPerson(contactId);
  return person && issueLink({ kind: 'reset', email: person.email, owner: { contactId, loginRef }, hours: req.tenant.site.hoursOf.reset });
}

function found(req: PublicRequest, token: string | undefined): Promise<OwnChange | undefined> {
  return token ? withTenant(req.tenant.id, () => findByToken(req.outside, token)) : Promise.resolve(undefined);
}

function dead(req: PublicRequest, change: OwnChange | undefined): Reply {
  const state = change?.state === 'living' ? 'unknown' : (change?.state ?? 'unknown');
  return page('links/dead', { title: req.t(`links.${state}-title`), state, kind: 'not_me', renewal: null }).withStatus(change ? 410 : 404);
}
