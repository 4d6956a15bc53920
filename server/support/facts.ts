import { read } from '../platform/database.ts';

/** A try to sign in that was refused, as the log has it. */
export interface Try {
  readonly at: string;
  readonly reason: string | null;
  readonly device: string | null;
}

/** What is known of somebody's way into the portal. Nothing of it is guessed. */
export interface Facts {
  readonly email: string | null;
  readonly stage: 'lead' | 'active' | 'suspended' | 'closed';
  readonly maySignIn: boolean;
  readonly invitedAt: string | null;
  readonly locale: string | null;
  readonly loginRef: string | null;
  readonly loginId: string | null;
  readonly hasPassword: boolean;
  readonly failedAttempts: number;
  readonly lockedAt: string | null;
  /** Newest first, of the last thirty days; also those with the address, where nobody has it as a Login ID. */
  readonly tries: readonly Try[];
  readonly lastGood: { readonly at: string; readonly device: string | null } | null;
  /** The last letter with a password or a link. */
  readonly mail: { readonly at: string; readonly status: 'queued' | 'complete' | 'failed'; readonly to: string; readonly error: string | null } | null;
  readonly link: { readonly at: string; readonly openedAt: string | null; readonly usedAt: string | null; readonly replacedAt: string | null; readonly expiresAt: string; readonly isExpired: boolean } | null;
  readonly framedBy: string | null;
  readonly framedAt: string | null;
}

export async function readFacts(contactId: string): Promise<Facts | undefined> {
  const [row] = await read<{ facts: Facts }>('login-doctor', text, [contactId]);
  return row?.facts;
}

const lines = (kind: string) => `from app.portal_log p where p.kind = '${kind}' and p.at > now() - interval '30 days' and p.login_key = any (array_remove(array[lower(l.login_id), lower(c.email)], null))`;

const text = `select jsonb_build_object('email', c.email, 'stage', a.stage, 'maySignIn', c.may_sign_in, 'invitedAt', c.invited_at, 'locale', l.locale,
    'loginRef', l.id, 'loginId', l.login_id, 'hasPassword', l.password_hash is not null, 'failedAttempts', coalesce(l.failed_attempts, 0), 'lockedAt', l.locked_at,
    'tries', (select coalesce(jsonb_agg(t order by t.at desc), '[]') from (select p.at, p.reason, p.device ${lines('sign-in-refused')} order by p.at desc, p.id desc limit 5) t),
    'lastGood', (select jsonb_build_object('at', p.at, 'device', p.device) ${lines('sign-in')} order by p.at desc, p.id desc limit 1),
    'mail', (select jsonb_build_object('at', m.created_at, 'status', m.status, 'to', m.to_address, 'error', m.error) from app.messages m
              where m.account_id = c.account_id and m.contact_id = c.id and m.type in ('Portal Password', 'Portal Invitation') order by m.created_at desc, m.id desc limit 1),
    'link', (select jsonb_build_object('at', k.created_at, 'openedAt', k.opened_at, 'usedAt', k.used_at, 'replacedAt', k.replaced_at, 'expiresAt', k.expires_at, 'isExpired', k.expires_at <= now())
               from app.links k where k.contact_id = c.id and k.kind in ('reset', 'confirm_password', 'invitation', 'confirm_invitation', 'sign_up') order by k.created_at desc, k.id desc limit 1),
    'framedBy', f.site, 'framedAt', f.last_at) as facts
  from app.contacts c join app.accounts a on (a.tenant_id, a.id) = (c.tenant_id, c.account_id)
  left join app.logins l on (l.tenant_id, l.id) = (c.tenant_id, c.login_ref)
  left join lateral (select site, last_at from app.framings where last_at > now() - interval '30 days' order by last_at desc limit 1) f on true
 where c.id = $1`;
