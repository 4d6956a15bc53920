import type { Request } from 'express';
import { hashToken, newToken } from '../platform/crypto.ts';
import { run } from '../platform/database.ts';
import { recordPortalLog } from '../portal-log/portal-log.ts';
import type { Site } from '../site/site.ts';
import { mayEnter } from '../staff-users/permissions.ts';
import type { Looking, StaffRequest } from '../tenancy/people.ts';
import { enterLook, withTenant } from '../tenancy/tenant-transaction.ts';

/**
 * A look: staff see the portal as one account does. Whatever its kind, the guard (guard.ts) lets nothing be changed. A further kind
 * is a further line here, a page that calls startLook, and its words in views/looking-in.
 */
export const kinds = {
  preview: { area: 'settings', showsDraft: true, isOn: () => true, back: () => '/staff/settings' },
  support: { area: 'support', showsDraft: false, isOn: (site) => site.mayViewAs, back: ({ person }) => `/staff/contacts/${person.accounts[0]?.contactId}` },
} as const satisfies Record<string, LookKind>;
export type LookKindName = keyof typeof kinds;

interface LookKind {
  /** Whoever may no longer enter it looks no longer. */
  readonly area: string;
  /** Switched off, it is over at once. */
  readonly isOn: (site: Site) => boolean;
  /** With the settings that are not published yet. */
  readonly showsDraft: boolean;
  readonly back: (looking: Looking) => string;
}

interface NewLook {
  /** The account, seen as its first contact; or the one contact. */
  readonly accountNumber?: string;
  readonly contactId?: string;
  readonly minutes: number;
  readonly reason?: string;
  /** Whoever is looked at reads of it in the own history. */
  readonly isTold?: boolean;
}

/** False: the account has no portal or nobody belongs to it. An older look of the same browser is over. Written to the portal log, once, at the start. */
export async function startLook(req: StaffRequest, kind: LookKindName, { accountNumber, contactId, minutes, reason = '', isTold = false }: NewLook): Promise<boolean> {
  const { token, hash } = newToken();
  const [started] = await run<Started>(
    `insert into app.looks (sign_in_id, account_id, contact_id, kind, secret_hash, expires_at, reason, is_told)
     select $1, a.id, c.id, $2, $3, now() + make_interval(mins => $4), $7, $8 from app.accounts a
       cross join lateral (select id from app.contacts where account_id = a.id and ($6::uuid is null or id = $6) order by may_sign_in desc, is_primary desc, id limit 1) c
      where ($5::text is null or a.number = $5) and ($6 is null or a.id = (select account_id from app.contacts where id = $6)) and a.stage in ('active', 'suspended')
     returning contact_id as "contactId", (select concat_ws(' ', first_name, last_name) from app.contacts where id = contact_id) as name`,
    [req.staff.signInId, kind, hash, minutes, accountNumber ?? null, contactId ?? null, reason, isTold],
  );
  if (!started) return false;
  const { name, staffId } = req.staff;
  if (kind === 'preview') await recordPortalLog({ kind: 'preview-started', message: `Looked in (preview) as account ${accountNumber} by ${name}`, staffId });
  else await recordPortalLog({ kind: isTold ? 'support-viewed' : 'support-viewed-untold', message: `Support viewed the portal: ${name} on behalf of ${started.name}. Reason: ${reason}`, contactId: started.contactId, staffId });
  req.res?.cookie(cookieName(req), token, attributes(req));
  return true;
}

interface Started extends Record<string, unknown> {
  readonly contactId: string;
  readonly name: string;
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
    if (!found || !(found.kind in kinds)) return null;
    const { area, isOn }: LookKind = kinds[found.kind as LookKindName];
    if (!isOn(req.tenant.site) || !mayEnter(found.staff, area)) return null;
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
