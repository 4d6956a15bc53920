import { withTenant } from '../tenancy/tenant-transaction.ts';
import { countTry, type CountedTry } from '../logins/login.ts';
import { isPassword, needHashSlot } from '../passwords/hash-password.ts';
import { read } from '../platform/database.ts';
import { recordPortalLog } from '../portal-log/portal-log.ts';

export interface Credentials {
  readonly tenantId: string;
  readonly loginId: string;
  readonly password: string;
  readonly device: string;
  readonly idleMinutes: number;
}

/**
 * Signs a customer in: counts the try, hashes with no transaction open, then resets the counter and makes the sign-in.
 * null for every refusal (unknown, locked, blocked, lead, wrong password), each after one hash and the same statements.
 */
export async function signInCustomer(given: Credentials): Promise<string | null> {
  needHashSlot();
  const counted = await withTenant(given.tenantId, () => countTry(given.loginId));
  const isRight = await isPassword(counted?.passwordHash ?? null, given.password);
  return withTenant(given.tenantId, () => (isRight && counted?.hasAccess ? admit(counted, given) : refuse(given)));
}

async function admit(login: CountedTry, given: Credentials): Promise<string> {
  const [signIn] = await read<{ id: string }>(
    'admit',
    `with reset as (update app.logins set failed_attempts = 0, locked_at = null, last_login_at = now(), login_count = login_count + 1 where id = $1)
     insert into app.sign_ins (login_ref, device, idle_minutes, expires_at) values ($1, $2, $3, now() + interval '12 hours') returning id`,
    [login.id, given.device, given.idleMinutes],
  );
  await recordPortalLog({ kind: 'sign-in', message: `Login successful for UserID: ${login.loginId}`, loginRef: login.id });
  return signIn?.id ?? '';
}

async function refuse(given: Credentials): Promise<null> {
  await recordPortalLog({ kind: 'sign-in-refused', message: `Incorrect Password for UserID: ${given.loginId}`, loginId: given.loginId });
  return null;
}

export async function endSignIn(tenantId: string, signInId: string): Promise<void> {
  await withTenant(tenantId, () => read('end-sign-in', 'update app.sign_ins set ended_at = now() where id = $1 and ended_at is null', [signInId]));
}
