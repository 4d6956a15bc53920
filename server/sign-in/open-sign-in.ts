import type { Request } from 'express';
import { read } from '../platform/database.ts';
import { recordPortalLog } from '../portal-log/portal-log.ts';
import type { Tenant } from '../tenancy/tenant.ts';

/**
 * The end of every way in, once somebody has proved who they are: counts the login, joins contacts that have been given the person's
 * own address meanwhile (C-32), and makes the sign-in. Returns its id. Whoever has set up two steps is half in by it, and the database
 * sees to that; a passkey is both steps at once. A test contact is not counted, and the log says which member of staff it is.
 */
export async function openSignIn(tenant: Tenant, loginRef: string, device: string, { byPasskey = false } = {}): Promise<string> {
  const [signIn] = await read<{ id: string; loginId: string; staffId: string | null; isHalf: boolean }>(
    'open-sign-in',
    `with tester as (select test_staff_id as id from app.contacts where login_ref = $1 and test_until is not null),
     counted as (update app.logins set last_login_at = now(), login_count = login_count + 1 where id = $1 and not exists (select from tester) returning id),
     login as (select id, login_id, email from app.logins where id = $1),
     joined as (update app.contacts c set login_ref = login.id from login where $4 and c.login_ref is null and lower(c.email) = lower(login.email))
     insert into app.sign_ins (login_ref, device, idle_minutes, expires_at, second_step_at)
     select id, $2, $3, now() + make_interval(hours => $5), case when $6 then now() end from login
     returning id, (select login_id from login) as "loginId", (select id from tester) as "staffId", second_step_due as "isHalf"`,
    [loginRef, device, tenant.site.idleMinutes, !tenant.site.isInvitedOnly, tenant.site.absoluteHours, byPasskey],
  );
  if (!signIn) throw new Error('a sign-in of a login that is gone');
  if (!signIn.isHalf) await recordPortalLog({ kind: 'sign-in', message: `Login successful for UserID: ${signIn.loginId}`, loginRef, staffId: signIn.staffId ?? undefined, device });
  return signIn.id;
}

/** As the browser names itself, for the list of sign-ins. */
export function deviceOf(req: Request): string {
  return (req.get('user-agent') ?? '').slice(0, 300);
}
