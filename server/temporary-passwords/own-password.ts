import { drop } from '../links/carried-token.ts';
import { doorRoutes } from '../links/door.ts';
import { issueLink, useLink, type Link } from '../links/link.ts';
import { mayEnter } from '../logins/people.ts';
import { givePassword, passwordDoor, type Chosen } from '../passwords/choose-password.ts';
import { read } from '../platform/database.ts';
import { seeOther, type Reply } from '../platform/replies.ts';
import { startSession } from '../platform/session.ts';
import { deviceOf, openSignIn } from '../sign-in/open-sign-in.ts';
import type { PublicRequest } from '../tenancy/people.ts';
import { withTenant } from '../tenancy/tenant-transaction.ts';

export const ownPasswordPath = '/password/own';

/**
 * S1-101: a temporary password opens only the page on which an own one is chosen. There is no sign-in before that is done, so no other
 * address can be reached. Returns the token of that page, good for an hour.
 */
export async function askForOwnPassword(loginRef: string): Promise<string> {
  const [contact] = await read<{ contactId: string; email: string }>(
    'login-contact',
    `select c.id as "contactId", c.email from app.contacts c join app.accounts a on (a.tenant_id, a.id) = (c.tenant_id, c.account_id)
      where c.login_ref = $1 and ${mayEnter} order by c.is_primary desc, c.id limit 1`,
    [loginRef],
  );
  if (!contact) throw new Error('a login without a contact that may get in');
  return issueLink({ kind: 'temporary', email: contact.email, owner: { contactId: contact.contactId, loginRef }, hours: 1 });
}

/** The own password is chosen: signed in at once, the temporary one was proof enough. */
async function signInWithOwn(req: PublicRequest, _link: Link, token: string, chosen: Chosen): Promise<Reply> {
  const signInId = await withTenant(req.tenant.id, async () => {
    const used = await useLink('temporary', token);
    if (!used?.loginRef) return null;
    await givePassword(req, used, chosen);
    return openSignIn(req.tenant, used.loginRef, deviceOf(req));
  });
  if (!signInId) return seeOther(ownPasswordPath);
  drop(req, 'temporary');
  await startSession(req, { tenantId: req.tenant.id, signInId });
  return seeOther('/');
}

export const ownPasswordRoutes = doorRoutes(passwordDoor({ kind: 'temporary', path: ownPasswordPath, words: 'temporary-passwords.choose', accept: signInWithOwn }));
