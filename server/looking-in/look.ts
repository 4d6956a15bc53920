import type { Request } from 'express';
import { hashToken, newToken } from '../platform/crypto.ts';
import { run } from '../platform/database.ts';
import { recordPortalLog } from '../portal-log/portal-log.ts';
import { mayEnter } from '../staff-users/permissions.ts';
import type { Looking, StaffRequest } from '../tenancy/people.ts';
import { enterLook, withTenant } from '../tenancy/tenant-transaction.ts';

/**
 * A look: staff see the portal as one account does. Whatever its kind, the guard (guard.ts) lets nothing be changed. A further kind
 * is a further line here, a page that calls startLook, and its words in views/looking-in.
 */
export const kinds = {
  preview: { area: 'settings', minutes: 60, showsDraft: true, back: '/staff/settings' },
} as const satisfies Record<string, LookKind>;
export type LookKindName = keyof typeof kinds;

interface LookKind {
  /** Whoever may no longer enter it looks no longer. */
  readonly area: string;
  readonly minutes: number;
  /** With the settings that are not published yet. */
  readonly showsDraft: boolean;
  readonly back: string;
}

/** False: the account has no portal or nobody belongs to it. An older look of the same browser is over. Written to the portal log, once, at the start. */
export async function startLook(req: StaffRequest, kind: LookKindName, accountNumber: string): Promise<boolean> {
  const { token, hash } = newToken();
  const [started] = await run<{ name: string }>(
    `insert into app.looks (sign_in_id, account_id, contact_id, kind, secret_hash, expires_at)
     select $1, a.id, c.id, $2, $3, now() + make_interval(mins => $4) from app.accounts a
       cross join lateral (select id from app.contacts where account_id = a.id order by may_sign_in desc, is_primary desc, id limit 1) c
      where a.number = $5 and a.stage in ('active', 'suspended') returning id`,
    [req.staff.signInId, kind, hash, kinds[kind].minutes, accountNumber],
  );
  if (!started) return false;
  await recordPortalLog({ kind: `${kind}-started`, message: `Looked in (${kind}) as account ${accountNumber} by ${req.staff.name}`, staffId: req.staff.staffId });
  req.res?.cookie(cookieName(req), token, attributes(req));
  return true;
}

/** The first accounts by name that can be looked at; `search` is found in the name, the number and the addresses of contacts. */
export function listLookable(search: string): Promise<{ number: string; name: string }[]> {
  return run(
    `select a.number, a.name from app.accounts a where a.stage in ('active', 'suspended') and exists (select from app.contacts c where c.account_id = a.id)
        and ($1 = '' or a.name ilike $2 or a.number ilike $2 or exists (select from app.contacts c where c.account_id = a.id and c.email ilike $2))
      order by lower(a.name), a.id limit 20`,
    [search, `%${search.replace(/[\\%_]/g, (sign) => `\\${sign}`)}%`],
  );
}

/** Who looks and as whom; null once the look, the staff's sign-in or the permission is over. `work` runs in the same transaction, which writes nothing. */
export async function findLook<T>(req: Request, work: (looking: Looking) => Promise<T>): Promise<T | null> {
  const secretHash = hashToken(secretOf(req) ?? '');
  return enterLook(req.tenant.id, secretHash, async (found) => {
    if (!found || !(found.kind in kinds) || !mayEnter(found.staff, kinds[found.kind as LookKindName].area)) return null;
    return work({ ...found, secretHash });
  });
}

export async function endLook(req: Request): Promise<void> {
  const secret = secretOf(req);
  if (secret) await withTenant(req.tenant.id, () => run('update app.looks set ended_at = now() where secret_hash = $1 and ended_at is null', [hashToken(secret)]));
  forgetLook(req);
}

export function forgetLook(req: Request): void {
  req.res?.clearCookie(cookieName(req), attributes(req));
}

/** A cookie of its own beside those of the two sessions: a look neither needs nor touches a session of the portal. */
export function secretOf(req: Request): string | undefined {
  const name = cookieName(req);
  return req.get('cookie')?.split('; ').find((cookie) => cookie.startsWith(`${name}=`))?.slice(name.length + 1);
}

const cookieName = (req: Request) => (req.outside.production ? '__Host-look' : 'look');
const attributes = (req: Request) => ({ path: '/', httpOnly: true, sameSite: 'lax', secure: req.outside.production } as const);
