import { endLinks } from '../links/link.ts';
import { read } from '../platform/database.ts';
import type { Site } from '../site/site.ts';

export interface Owner {
  readonly contactId: string;
  readonly loginRef: string | null;
  /** An address that the owner has just proved to read, or that staff vouch for: it is the login id unless another is chosen. */
  readonly email: string;
  readonly username?: string | undefined;
}

/**
 * Where all ways in end (C-1): gives the owner's login its password, and makes the login first where there is none. Ends a lock, every
 * sign-in and every other link of that login, and joins the contacts that have the same address. With `temporaryHours` the password opens
 * once, and not for longer. null: the username belongs to somebody else, and nothing was changed.
 */
export async function setPassword(site: Site, owner: Owner, passwordHash: string, temporaryHours: number | null = null): Promise<{ loginRef: string; loginId: string } | null> {
  const loginRef = owner.loginRef ?? (await makeLogin(site, owner));
  if (!loginRef) return null;
  const [login] = await read<{ loginId: string }>(
    'set-password',
    `update app.logins set password_hash = $2, password_changed_at = now(), failed_attempts = 0, locked_at = null, email = coalesce(email, $3),
            temporary_until = now() + make_interval(hours => $4), temporary_used_at = null
      where id = $1 returning login_id as "loginId"`,
    [loginRef, passwordHash, owner.email, temporaryHours],
  );
  await read(
    'join-contacts',
    `update app.contacts set login_ref = $1 where login_ref is null and (id = $2 or (lower(email) = lower($3) and ($4 or invited_at is not null)))`,
    [loginRef, owner.contactId, owner.email, !site.isInvitedOnly],
  );
  await endSignIns(loginRef);
  await endLinks(loginRef);
  return { loginRef, loginId: login?.loginId ?? '' };
}

/** Signs the login out everywhere but here. */
export async function endSignIns(loginRef: string, butNot: string | null = null): Promise<void> {
  await read('end-sign-ins', 'update app.sign_ins set ended_at = now() where login_ref = $1 and ended_at is null and id is distinct from $2', [loginRef, butNot]);
}

async function makeLogin(site: Site, { email, username }: Owner): Promise<string | null> {
  const loginId = username ?? email;
  const [made] = await read<{ id: string }>(
    'make-login',
    `insert into app.logins (login_id, email) values ($1, $2) on conflict (tenant_id, lower(login_id)) do nothing returning id`,
    [loginId, email],
  );
  if (made) return made.id;
  // Under the own address stands the own login (C-32), unless user ids are names that anybody may choose.
  const [own] = await read<{ id: string }>(
    'own-login',
    `select id from app.logins where lower(login_id) = lower($1) and $3 and (lower(email) = lower($2) or $4)`,
    [loginId, email, username === undefined, site.identifier === 'email'],
  );
  return own?.id ?? null;
}
