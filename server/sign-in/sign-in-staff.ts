import { maxAttempts } from '../logins/login.ts';
import { isPassword, needHashSlot } from '../passwords/hash-password.ts';
import { read } from '../platform/database.ts';
import { recordPortalLog } from '../portal-log/portal-log.ts';
import { countStaffTry } from '../staff-users/staff-user.ts';
import { withTenant } from '../tenancy/tenant-transaction.ts';
import type { Credentials } from './sign-in.ts';

/** The staff door: the same walk as for customers, by email address. null for every refusal. */
export async function signInStaff(given: Credentials): Promise<string | null> {
  needHashSlot();
  const counted = await withTenant(given.tenantId, () => countStaffTry(given.loginId, maxAttempts));
  const isRight = await isPassword(counted?.passwordHash ?? null, given.password);
  return withTenant(given.tenantId, async () => {
    if (isRight && counted) return admit(counted.id, given);
    await recordPortalLog({ kind: 'staff-sign-in-refused', message: `Incorrect staff password for: ${given.loginId}`, loginId: given.loginId });
    return null;
  });
}

async function admit(staffId: string, given: Credentials): Promise<string> {
  const [signIn] = await read<{ id: string }>(
    'admit-staff',
    `with reset as (update app.staff_users set failed_attempts = 0, locked_at = null, last_login_at = now() where id = $1)
     insert into app.sign_ins (staff_id, device, idle_minutes, expires_at) values ($1, $2, $3, now() + interval '12 hours') returning id`,
    [staffId, given.device, given.idleMinutes],
  );
  await recordPortalLog({ kind: 'staff-sign-in', message: 'Staff login successful', staffId });
  return signIn?.id ?? '';
}
